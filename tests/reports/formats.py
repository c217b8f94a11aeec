"""What the tests of the forms of a report share: a scenario's report in one form."""

import argparse
import subprocess
import tempfile
import unittest
from pathlib import Path

import scenarios
from trace_writer import TraceWriter, two_orders

# What breaks out of a line, a cell, a tag, a command or a string, and what is no UTF-8.
HOSTILE = [b"a\nb", b"</script><b>", b"a|b`c*", b"::error::x", b"\xff\xfe\xc3", b"%0A::x,y=z", b"]]>&amp;\"'", b"[x](http://e)",
           b"@all #1 --> ]", "\u202eesrever".encode(), b"\x1b[31m\x07", b"\\\"\\n{0}"]


def hostile(subject):
    """A cycle for each pair of hostile names, of threads, locks, modules and the program."""
    trace = TraceWriter(pid=4711, acquisitions=4)
    trace.process(b"/nowhere/" + b"".join(HOSTILE), [b"./" + HOSTILE[0], *HOSTILE])
    for number, (left, right) in enumerate(zip(HOSTILE, HOSTILE[1:] + HOSTILE[:1])):
        module = trace.module(b"/nowhere/" + left)
        places = [trace.context([(module, 0x1000 + 0x100 * number + 16 * i)]) for i in range(4)]
        locks = [trace.lock(address=0x1000 * number + 64 * i, initialized_at=places[i], first_used_at=places[i]) for i in range(2)]
        trace.lock_name(locks[0], left)
        two_orders(trace, *locks, places[:2], places[2:], names=(left[:15], right[:15]))
    del subject
    return {"hostile": trace.bytes()}


def cut(subject):
    """A run with limits reached."""
    (name, _), = scenarios.static_locks(subject).items()
    trace = TraceWriter(pid=4711, acquisitions=2002, limits={1: 17, 3: 2})
    trace.process(b"/home/user/bank", [b"./bank"])
    scenarios.bank(trace, subject)
    return {name: trace.bytes()}


def large_program(count, subsystems=25):
    """Its locks are ordered but for one pair, which two threads take both ways round. The names of all are given."""
    trace = TraceWriter(pid=4711, acquisitions=100000)
    trace.process(b"/usr/bin/server", [b"server"])
    modules = [trace.module(b"/usr/lib/subsystem_%02d.so" % number) for number in range(subsystems)]
    places = [trace.context([(module, 0x1000)]) for module in modules]
    worker = trace.start_thread(b"worker")
    for number in range(count):
        trace.lock(address=0x1000 + 64 * number, initialized_at=places[number % subsystems])
        trace.lock_name(number + 1, b"table_%04d.lock" % number)
    for number in range(2, count + 1):
        for holder in {number // 2, number * 7 // 10, 1 + number % 10} - {number}:
            places_of_pair = places[(holder - 1) % subsystems], places[(number - 1) % subsystems]
            held = [(holder, places_of_pair[0])]
            trace.witness(trace.dependency(held, number, places_of_pair[1]), worker, number)
    backwards = trace.dependency([(400, places[399 % subsystems])], 200, places[199 % subsystems])
    trace.witness(backwards, trace.start_thread(b"janitor"), 3)
    return {"server": trace.bytes()}


def some_locks(_subject):
    return large_program(500)


def many_locks(_subject):
    return large_program(5000)


class FormatCase(unittest.TestCase):
    """Derived classes ask for reports; main() sets `arguments`."""
    arguments = None

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="lockorder-reports-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.subject = scenarios.Subject(self.arguments.subject)

    def lockorder(self, *words, cwd=None, environment=None):
        return subprocess.run([self.arguments.lockorder, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False, cwd=cwd, env=environment)

    def traces(self, scenario):
        folder = self.folder / scenario.__name__
        folder.mkdir(exist_ok=True)
        for name, content in scenario(self.subject).items():
            (folder / f"{name}.lockorder").write_bytes(content)
        return folder

    def report(self, option, scenario, cwd=None):
        """What the option writes to stdout, which must be UTF-8."""
        outcome = self.lockorder("report", option, self.traces(scenario), cwd=cwd)
        self.assertEqual(outcome.stderr, b"")
        return outcome.stdout.decode("utf-8")


def main(*options):
    parser = argparse.ArgumentParser()
    for option in ("--lockorder", "--subject", *options):
        parser.add_argument(option, required=True)
    FormatCase.arguments, rest = parser.parse_known_args()
    unittest.main(argv=["format test", *rest])


__all__ = ["FormatCase", "cut", "hostile", "main", "many_locks", "some_locks"]
