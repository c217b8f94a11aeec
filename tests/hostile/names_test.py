"""Names of threads, locks, modules and programs are whatever the observed program made of them. No command writes them as they are
where a terminal, a browser or a parser would act on them; and long ones take no more than their share of memory and output."""

import json
import os
import resource
import unittest
from pathlib import Path
from xml.etree import ElementTree

from refusal import LOCKORDER, REFUSED, RefusalCase, lockorder
from trace_writer import HEADER_SIZE, STATIC, UNLOCK_NOT_OWNER, TraceWriter, step, two_orders

ESCAPES = b"\x1b]0;title\x07\x1b[2J\x9b31m"
MARKUP = b"</script><img src=x onerror=alert(1)>&amp;\"'`|]]>--><!--"
BROKEN = b"\xff\xfe\xc3(\xed\xa0\x80\xf8"
LINES = b"\n::error file=a::b\r\n# heading\n\x0b\x0c\x85\xe2\x80\xa8reason: x"
TURNED = "\u202eesrever\u202c\u200b".encode()
NAMES = {"escapes": ESCAPES, "markup": MARKUP, "broken": BROKEN, "lines": LINES, "turned": TURNED}
HOSTILE_NAMES = os.environ["HOSTILE_NAMES"]
FOUND = 66
LONG = 256 * 1024 - 1024  # the longest that a record may have (trace_format.h)
MEGABYTE = 1 << 20
MISLEADING = "\u2028\u2029\u202e\u202c\u200b"  # to somebody who looks at it
SANITIZED = b"__asan_init" in Path(LOCKORDER).read_bytes()  # it takes memory of its own, and does not work under strace
FOR_PROGRAMS = {"json", "sarif"}
FORMS = ["json", "sarif", "junit", "markdown", "html"]
DRAWN = ["dot", "svg", "html"]


def trace_of(name, long=b""):
    """A trace in which everything that has a name has this one; and a longer one, what may have that."""
    trace = TraceWriter(acquisitions=4)
    trace.process(b"/nowhere/" + name, [b"./" + name, name + long[:60000]])
    module = trace.module(b"/nowhere/" + name + long)
    places = [trace.context([(module, 0x1100 + 16 * i)]) for i in range(4)]
    locks = [trace.lock(flags=STATIC, module=module, offset=0x4000 + 40 * i, first_used_at=places[0]) for i in range(2)]
    two_orders(trace, *locks, places[:2], places[2:], names=(name[:15], name[-15:]))
    trace.lock_name(locks[0], name + long, level=1)
    trace.lock_name(locks[1], b"other " + name)
    trace.declared_order(places[0], name + long[:100000], b"other " + name)
    trace.event(UNLOCK_NOT_OWNER, step(2, (0, places[0]), (locks[0], places[1]), 3))
    return trace.bytes()


class Names(RefusalCase):
    def trace(self, content):
        path = self.folder / "trace.lockorder"
        path.write_bytes(content)
        return str(path)

    def written(self, path):
        """What each command writes, by what it is called."""
        outputs = {form: self.folder / f"report.{form}" for form in FORMS}
        reported = lockorder("report", "--github", *(f"--{form}={file}" for form, file in outputs.items()), path)
        self.assertEqual(reported.returncode, 1, reported.stderr)
        written = {form: file.read_bytes() for form, file in outputs.items()}
        written.update(text=reported.stdout, stderr=reported.stderr)
        drawings = {f"graph, {form}": self.folder / f"graph.{form}" for form in DRAWN}
        drawn = lockorder("graph", *(f"--{file.suffix[1:]}={file}" for file in drawings.values()), path)
        self.assertEqual((drawn.returncode, drawn.stdout, drawn.stderr), (0, b"", b""))
        written.update((name, file.read_bytes()) for name, file in drawings.items())
        for name, command in {"dump": ["dump"], "order": ["order"], "rules": ["report", "--print-suppressions"]}.items():
            outcome = lockorder(*command, path)
            self.assertIn(outcome.returncode, (0, 1), f"{name}: {outcome.stderr}")
            written[name], written[f"{name}, stderr"] = outcome.stdout, outcome.stderr
        return written

    def assert_harmless(self, what, content):
        text = content.decode("utf-8")  # fails where it is none
        misleading = "" if what in FOR_PROGRAMS else MISLEADING
        harmful = {character for character in set(text) if character not in "\n\t" and (
            ord(character) < 0x20 or 0x7f <= ord(character) < 0xa0 or character in misleading)}
        self.assertEqual(harmful, set(), what)

    def assert_all_harmless(self, written):
        for what, content in written.items():
            self.assert_harmless(what, content)
        json.loads(written["json"])
        json.loads(written["sarif"])
        ElementTree.fromstring(written["junit"])
        ElementTree.fromstring(written["graph, svg"])
        for form in ("html", "markdown", "junit", "graph, svg", "graph, html"):
            self.assertNotIn(b"<img", written[form], form)
        self.assertEqual(written["html"].count(b"</script>"), 4)
        self.assertEqual(written["graph, html"].count(b"</script>"), 4)
        self.assertNotIn(b"\n::error file=a", written["text"])

    def test_in_every_form(self):
        for kind, name in NAMES.items():
            with self.subTest(names=kind):
                self.assert_all_harmless(self.written(self.trace(trace_of(name))))

    def test_of_a_program(self):
        """In which they are as long as they can be: the recorder cuts what it takes, the symbols stay as they are."""
        for arguments in ([], ["locks have names", "x" * 100000, "\x1b[2J"]):
            with self.subTest(arguments=len(arguments)):
                traces = self.folder / str(len(arguments))
                outcome = lockorder("run", f"--trace-dir={traces}", "--", HOSTILE_NAMES, *arguments)
                self.assertEqual((outcome.returncode, outcome.stdout), (FOUND, b""), outcome.stderr)
                self.assert_harmless("stderr of the run", outcome.stderr)
                (trace,) = traces.iterdir()
                self.assertLess(trace.stat().st_size, 2 * MEGABYTE)
                written = self.written(str(trace))
                self.assert_all_harmless(written)
                for what, content in written.items():
                    self.assertLess(len(content), 60 * MEGABYTE, what)

    def test_rules_and_orders_that_are_written_can_be_read(self):
        for kind, name in NAMES.items():
            with self.subTest(names=kind):
                path = self.trace(trace_of(name))
                written = self.written(path)
                (self.folder / "rules").write_bytes(written["rules"].replace(b"reason:", b"reason: known"))
                (self.folder / "order").write_bytes(written["order"])
                outcome = lockorder("report", f"--suppressions={self.folder}/rules", f"--order={self.folder}/order", path)
                self.assertIn(outcome.returncode, (0, 1), outcome.stderr)
                baseline = f"--baseline={self.folder}/baseline"
                self.assertEqual(lockorder("check", "--update-baseline", baseline, path).returncode, 0)
                self.assertEqual(lockorder("check", baseline, path).returncode, 0)

    def test_long_ones(self):
        path = self.trace(trace_of(b"long ", b"x" * LONG))
        for what, content in self.written(path).items():
            self.assertLess(len(content), 60 * LONG, what)

    def test_longer_ones_than_a_trace_has(self):
        """A record that is longer than any may be is refused, in one line that does not have the name."""
        trace = TraceWriter(acquisitions=4)
        trace.process(b"/nowhere/program", [b"./program"])
        trace.module(b"/nowhere/" + b"x" * MEGABYTE)
        path = self.trace(trace.bytes())
        for command in (["dump"], ["report"], ["report", "--json=-"], ["graph"], ["order"], ["merge", "-o", f"{self.folder}/merged"]):
            outcome = lockorder(*command, path)
            self.assert_one_line(outcome, REFUSED, "a record of 10[0-9]* bytes")
            self.assertLess(len(outcome.stderr), 400)

    @unittest.skipIf(SANITIZED, "AddressSanitizer takes more")
    def test_a_claim_costs_no_memory(self):
        """Of sizes and counts that only the file speaks of."""
        content = bytearray(trace_of(b"name"))
        claims = [bytes(content[:16]) + b"\xff" * 7 + b"\0" + bytes(content[24:])]
        for position in range(HEADER_SIZE, len(content) - 4, 4):
            claims.append(bytes(content[:position]) + b"\xf8\xff\xff\x0f" + bytes(content[position + 4:]))
        for claim in claims:
            outcome = lockorder("report", self.trace(claim),
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (32 * MEGABYTE, 32 * MEGABYTE)))
            self.assertIn(outcome.returncode, (0, 1, 2), outcome.stderr)
            self.assertNotIn(b"memory", outcome.stderr)

    def test_what_a_trace_names_is_not_opened_when_it_is_no_regular_file(self):
        """A pipe would keep the report waiting."""
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        trace = TraceWriter(acquisitions=4)
        trace.process(os.fsencode(pipe), [b"./pipe"])
        for module_path in (os.fsencode(pipe), b"/dev/zero", b"/proc/self/mem", os.fsencode(self.folder)):
            module = trace.module(module_path)
            places = [trace.context([(module, 0x1100 + 16 * i)]) for i in range(4)]
            locks = [trace.lock(flags=STATIC, module=module, offset=0x4000 + 40 * i, first_used_at=places[0]) for i in range(2)]
            two_orders(trace, *locks, places[:2], places[2:])
        outcome = lockorder("report", f"--html={self.folder}/page.html", self.trace(trace.bytes()))
        self.assertEqual((outcome.returncode, outcome.stderr), (1, b""))

    @unittest.skipIf(SANITIZED, "LeakSanitizer does not work under strace")
    @unittest.skipUnless(os.access("/usr/bin/strace", os.X_OK), "strace is not installed")
    def test_nothing_is_written_or_started(self):
        path = self.trace(trace_of(b"name"))
        outcome = lockorder("-f", "-qq", "-e", "trace=openat,open,creat,execve,connect,unlink,rename,mkdir", LOCKORDER, "report", path,
                            command="strace")
        calls = [line for line in outcome.stderr.decode().splitlines() if "(" in line]
        self.assertEqual([line for line in calls if "execve(" in line], calls[:1])
        self.assertEqual([line for line in calls[1:] if "O_RDONLY" not in line], [])


unittest.main()
