"""What --stats tells: of a run, and of hand-made traces, whose numbers are known."""
import argparse
import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import jsonschema

from trace_writer import SEMAPHORE, STATIC, TraceWriter, two_orders

arguments = None
SECONDS = 60


def lockorder(*words):
    outcome = subprocess.run([arguments.lockorder, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
                             check=False)
    if outcome.returncode not in (0, 1):
        sys.exit(outcome.stderr.decode())
    return outcome


def line_of(place):
    lines = arguments.source.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if f"PLACE {place}" in line)


def contended_trace(waits):
    """(lock, thread, waits, total, longest, holder) each."""
    trace = TraceWriter()
    trace.process(b"/nowhere/shop", [b"./shop"])
    module = trace.module(b"/nowhere/shop")
    places = [trace.context([(module, 0x1100 + 16 * i)]) for i in range(4)]
    locks = [trace.lock(flags=STATIC, module=module, offset=0x4000 + 40 * i, first_used_at=places[0]) for i in range(2)]
    two_orders(trace, *locks, places[:2], places[2:])
    locks.append(trace.lock(kind=SEMAPHORE, first_used_at=places[1]))
    trace.lock_is_signal(locks[2])
    for lock, thread, count, total, longest, holder in waits:
        trace.contention(thread, locks[lock], places[0], count, total, longest, holder, places[1] if holder else 0)
    return trace


class Statistics(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="lockorder-statistics-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def trace(self, waits):
        path = self.folder / "shop.lockorder"
        path.write_bytes(contended_trace(waits).bytes())
        return path

    def classes(self, *words):
        """By the first part of their name; the report is valid."""
        report = json.loads(lockorder(*words, "--stats", "--json=-").stdout)
        jsonschema.validate(report, json.loads(arguments.schema.read_text()))
        return {found["class"]: found for found in report["statistics"]}

    def test_a_wait_of_a_run(self):
        report = self.folder / "report.json"
        outcome = lockorder("run", "--stats", f"--json={report}", "--trace-dir", self.folder / "traces", "--", arguments.program)
        classes = {found["class"]: found for found in json.loads(report.read_text())["statistics"]}
        contended, inner = classes["contended"], classes["inner"]
        self.assertEqual((contended["waits"], contended["nested"], inner["waits"], inner["nested"]), (1, 0, 0, 1))
        longest = contended["longest"]
        self.assertEqual((longest["thread"]["name"], longest["holder"]["name"]), ("waiter", "holder"))
        self.assertEqual(longest["nanoseconds"], contended["waited_nanoseconds"])
        self.assertGreater(longest["nanoseconds"], 0)
        for side, place in (("wants", "wanted"), ("holds", "held")):
            self.assertEqual(longest[side]["stack"][longest[side]["place"]]["line"], line_of(place))
        self.assertIn(b"waits for locks, by class:", outcome.stdout + outcome.stderr)

    def test_sums_and_the_longest(self):
        trace = self.trace([(0, 2, 10, 5000, 900, 3), (0, 3, 5, 2000, 1500, 2), (1, 2, 1, 7, 7, 0)])
        classes = self.classes("report", trace)
        first, second = sorted(classes.values(), key=lambda found: -found["waits"])[:2]
        self.assertEqual((first["waits"], first["waited_nanoseconds"], first["longest"]["nanoseconds"]), (15, 7000, 1500))
        self.assertEqual((first["longest"]["thread"]["id"], first["longest"]["holder"]["id"]), (3, 2))
        self.assertEqual((second["waits"], second["longest"]["holder"], second["longest"]["holds"]), (1, None, None))

    def test_a_semaphore_that_is_a_signal_is_no_lock(self):
        self.assertEqual(len(self.classes("report", self.trace([(2, 2, 10, 5000, 900, 0)]))), 2)

    def test_text_has_the_longest_first(self):
        trace = self.trace([(0, 2, 10, 5_000_000, 4_000_000, 3), (1, 3, 3, 2_500_000_000, 2_000_000_000, 2)])
        text = lockorder("report", "--stats", trace).stdout.decode()
        rows = re.findall(r"^ +(\d+) +([\d.]+ \w+) +([\d.]+ \w+) +\d+ +\d+  ", text, re.MULTILINE)
        self.assertEqual(rows, [("3", "2.50 s", "2.00 s"), ("10", "5.0 ms", "4.0 ms")])
        self.assertRegex(text, r"thread 3 .* waited 2.00 s for .* here:\n(?:.*\n)+?   and thread 2 .* had locked it here:\n")

    def test_only_on_request(self):
        trace = self.trace([(0, 2, 10, 5000, 900, 3)])
        self.assertNotIn(b"waits for locks", lockorder("report", trace).stdout)
        self.assertNotIn("statistics", json.loads(lockorder("report", "--json=-", trace).stdout))

    def test_what_refers_to_nothing(self):
        """Holder and place are changed in place; a lock that is not there is no trace."""
        trace = contended_trace([])
        trace.contention(2, 1, 1, 1, 5, 5, 77, 78)
        path = self.folder / "shop.lockorder"
        path.write_bytes(trace.bytes())
        found = next(found for found in self.classes("report", path).values() if found["waits"])
        self.assertEqual((found["longest"]["holder"], found["longest"]["holds"]), (None, None))
        trace.contention(2, 99, 1, 1, 5, 5, 0, 0)
        path.write_bytes(trace.bytes())
        outcome = subprocess.run([arguments.lockorder, "report", path], capture_output=True, timeout=SECONDS, check=False)
        self.assertEqual(outcome.returncode, 2)
        self.assertIn(b"lock 99", outcome.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--schema", type=Path, required=True)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
