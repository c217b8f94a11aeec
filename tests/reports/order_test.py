"""The learnt order as a file, and runs held against such a file."""

import argparse
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import scenarios
from trace_writer import STATIC, TraceWriter

arguments = None


class Order(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="lockorder-reports-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.subject = scenarios.Subject(arguments.subject)

    def lockorder(self, *words):
        return subprocess.run([arguments.lockorder, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              check=False)

    def trace(self, *pairs, pid=100):
        """One thread takes the locks of each pair, (held, wanted, count). Names are variables of the subject, or functions in which
        a lock of the heap was initialised."""
        trace = TraceWriter(pid=pid)
        trace.process(b"/home/user/bank", [b"./bank"])
        module = self.subject.module(trace)
        places = [self.subject.context(trace, module, function, "main") for function in ("debit", "credit")]
        locks = {name: self.lock(trace, module, name, i) for i, name in enumerate(sorted({n for p in pairs for n in p[:2]}))}
        for held, wanted, count in pairs:
            trace.witness(trace.dependency([(locks[held], places[0])], locks[wanted], places[1]), trace.main_segment, count)
        path = self.folder / f"{pid}.lockorder"
        path.write_bytes(trace.bytes())
        return path

    def lock(self, trace, module, name, number):
        address = 0x1000 * (number + 1)
        if name == "accounts":
            return trace.lock(flags=STATIC, module=module, offset=self.subject.account(1), address=address)
        if name == "journal":
            return trace.lock(flags=STATIC, module=module, offset=self.subject.addresses[name], address=address)
        function, _, caller = name.partition(" from ")
        frames = [function, *([caller] if caller else [])]
        return trace.lock(address=address, initialized_at=self.subject.context(trace, module, *frames))

    def order(self, *traces):
        outcome = self.lockorder("order", *traces)
        self.assertEqual((outcome.returncode, outcome.stderr), (0, b""))
        return outcome.stdout.decode()

    def declare(self, text):
        path = self.folder / "declared"
        path.write_text(text)
        return f"--order={path}"

    def check(self, *words):
        return json.loads(self.lockorder("check", "--json=-", *words).stdout)

    def test_learnt_order_is_sorted_and_says_how_often_and_where(self):
        self.assertEqual(self.order(self.trace(("journal", "accounts", 2), ("accounts", "open_account", 991))),
                         'accounts[].lock before "initialised in open_account"  # 991 times, in credit (subject.c)\n'
                         "journal before accounts[].lock  # 2 times, in credit (subject.c)\n")

    def test_several_processes_are_counted_together(self):
        traces = [self.trace(("journal", "accounts", count), pid=count) for count in (3, 4)]
        self.assertEqual(self.order(*traces), "journal before accounts[].lock  # 7 times, in credit (subject.c)\n")

    def test_the_rarer_order_is_a_comment(self):
        text = self.order(self.trace(("journal", "accounts", 2), ("accounts", "journal", 9)))
        self.assertEqual(text, "accounts[].lock before journal  # 9 times, in credit (subject.c)\n"
                               "# against the other lines: journal before accounts[].lock  # 2 times, in credit (subject.c)\n")

    def test_roles_with_one_function_are_told_apart_by_their_callers(self):
        text = self.order(self.trace(("open_account from main", "open_account from audit", 5)))
        self.assertEqual(text, '"initialised in open_account from main" before "initialised in open_account from audit"'
                               "  # 5 times, in credit (subject.c)\n")

    def test_what_order_writes_check_takes(self):
        trace = self.trace(("journal", "accounts", 2), ("accounts", "open_account", 9), ("open_account", "journal", 1))
        written = self.folder / "written"
        self.assertEqual(self.lockorder("order", "--output", written, trace).stdout, b"")
        self.assertEqual(written.read_text(), self.order(trace))
        against = [finding for finding in self.check(f"--order={written}", trace)["findings"]
                   if finding["subkind"] == "declared order"]
        self.assertEqual(len(against), 1)

    def test_an_acquisition_against_the_order_is_a_finding_without_any_cycle(self):
        trace = self.trace(("journal", "accounts", 2))
        for declared in ("accounts[].lock before journal\n",
                         "accounts[].lock before x   # one\nx before \"journal\"# two\n"):
            with self.subTest(declared=declared):
                report = self.check(self.declare(declared), trace)
                finding, = report["findings"]
                self.assertEqual((finding["kind"], finding["subkind"], finding["certainty"]), ("order", "declared order", "happened"))
                step, = finding["steps"]
                self.assertEqual((step["holds"]["lock"]["name"], step["wants"]["lock"]["name"], step["count"]),
                                 ("journal", "accounts[1].lock", 2))
                self.assertEqual(report["remarks"], [])
        outcome = self.lockorder("check", self.declare(declared), trace)
        self.assertEqual(outcome.returncode, 1)
        self.assertIn(b"takes accounts[1].lock while it holds journal, against the declared order", outcome.stdout)
        self.assertEqual(self.lockorder("check", trace).returncode, 0)

    def test_the_declared_order_is_silent_and_an_undeclared_one_is_told(self):
        trace = self.trace(("journal", "accounts", 2))
        report = self.check(self.declare("journal before accounts[].lock\n"), trace)
        self.assertEqual((report["findings"], report["remarks"]), ([], []))
        report = self.check(self.declare("journal before other\n"), trace)
        self.assertEqual(report["findings"], [])
        remark, = report["remarks"]
        self.assertEqual(remark["kind"], "order undeclared")
        self.assertIn("does not say whether journal comes before accounts[].lock, as it did 2 times, in credit (subject.c)",
                      remark["text"])

    def test_a_finding_against_the_order_can_be_suppressed_and_baselined(self):
        trace, declared = self.trace(("journal", "accounts", 2)), self.declare("accounts[].lock before journal\n")
        baseline = f"--baseline={self.folder / 'baseline'}"
        self.assertEqual(self.lockorder("check", declared, baseline, "--update-baseline", trace).returncode, 0)
        self.assertEqual(self.lockorder("check", declared, baseline, trace).returncode, 0)

    def test_run_is_held_against_it_too(self):
        declared = self.declare("a before b\n")
        outcome = self.lockorder("run", "--ci", declared, "--fail-on=deadlock", "--", arguments.program)
        self.assertIn(b"note: ", outcome.stderr)
        self.assertIn(b"does not say whether accounts[].lock comes before accounts[].lock", outcome.stderr)

    def test_bad_files_are_refused(self):
        trace = self.trace(("journal", "accounts", 2))
        for text, pattern in [
            ("a before\n", "declared:1: expected 'NAME before NAME'"), ("# fine\n\na after b\n", "declared:3: expected"),
            ("a before b c\n", "declared:1: expected"), ('"a before b\n', "declared:1: expected"),
            ('"a\\x0" before b\n', "declared:1: expected"), ("a#b before c\n", "declared:1: expected"),
            ("a before b\nb before c\nc before a\n", "declared:3: 'c before a' contradicts the lines above"),
        ]:
            with self.subTest(text=text):
                outcome = self.lockorder("check", self.declare(text), trace)
                self.assertEqual((outcome.returncode, outcome.stdout), (2, b""))
                self.assertRegex(outcome.stderr.decode(), pattern)
        self.assertRegex(self.lockorder("check", "--order=/nowhere/file", trace).stderr.decode(), "/nowhere/file: .*: No such file")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--lockorder", "--subject", "--program"):
        parser.add_argument(option, required=True, help="transfer_static of samples/" if option == "--program" else None)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest])
