"""Baselines and suppression files: what they cover, what is told of them, and how a bad one is refused."""

import argparse
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import scenarios

arguments = None
PAST, FUTURE = "2001-02-28", "9999-12-31"


class KnownCase(unittest.TestCase):
    """self.trace has a cycle and self.clean none; both are files in self.folder."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="lockorder-reports-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.trace = self.write("bank.lockorder", self.content(scenarios.static_locks))
        self.clean = self.write("clean.lockorder", self.content(scenarios.clean))

    def content(self, scenario):
        content, = scenario(scenarios.Subject(arguments.subject)).values()
        return content

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def lockorder(self, *words):
        return subprocess.run([arguments.lockorder, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              check=False, env={"TMPDIR": str(self.folder), "PATH": "/usr/bin:/bin"})

    def check(self, status, *words):
        outcome = self.lockorder("check", *words)
        self.assertEqual(outcome.returncode, status, (outcome.stdout + outcome.stderr).decode())
        return outcome.stdout.decode()

    def json(self, *words):
        return json.loads(self.lockorder("check", "--json=-", *words).stdout)

    def assert_refused(self, words, pattern):
        outcome = self.lockorder(*words)
        self.assertEqual((outcome.returncode, outcome.stdout), (2, b""))
        self.assertRegex(outcome.stderr.decode(), r"\Alockorder: [^\x00-\x1f\x7f]+\n\Z")
        self.assertRegex(outcome.stderr.decode(), pattern)


class Baseline(KnownCase):
    def setUp(self):
        super().setUp()
        self.baseline = self.folder / "baseline.json"

    def update(self, *words):
        return self.check(0, f"--baseline={self.baseline}", "--update-baseline", *words)

    def change(self, **members):
        value = json.loads(self.baseline.read_text())
        value["findings"][0].update(members)
        self.baseline.write_text(json.dumps(value))

    def test_what_is_in_the_baseline_is_told_and_does_not_fail(self):
        self.assertTrue(self.check(1, self.trace).endswith("check: failed by 1 new finding\n"))
        self.update(self.trace)
        text = self.check(0, f"--baseline={self.baseline}", self.trace)
        self.assertTrue(text.startswith("lockorder: no new findings in ./bank (pid 4711); 1 in the baseline\n"), text)
        self.assertRegex(text, r"\nbaselined: cycle [0-9a-f]{16}: 2 threads can deadlock: .*\n")
        self.assertTrue(text.endswith("check: passed\n"))
        report = self.json(f"--baseline={self.baseline}", self.trace)
        self.assertEqual(report["statuses"], {"new": 0, "baselined": 1, "suppressed": 0})
        self.assertEqual((report["findings"][0]["status"], report["findings"][0]["status_reason"]), ("baselined", None))
        self.assertEqual(report["remarks"], [])

    def test_another_finding_is_new(self):
        self.update(self.trace)
        other = self.write("other.lockorder", self.content(scenarios.one_thread_twice))
        text = self.check(1, f"--baseline={self.baseline}", self.trace, other)
        self.assertIn("lockorder: 1 deadlock in ", text)
        self.assertIn("check: failed by 1 new finding", text)

    def test_an_update_keeps_what_the_user_wrote_and_forgets_what_is_gone(self):
        self.update(self.trace)
        entry, = json.loads(self.baseline.read_text())["findings"]
        self.assertEqual(list(entry), ["fingerprint", "kind", "title", "reason", "expires"])
        self.change(reason="ticket 17", expires=FUTURE)
        self.update(self.trace)
        first = self.baseline.read_text()
        entry, = json.loads(first)["findings"]
        self.assertEqual((entry["reason"], entry["expires"]), ("ticket 17", FUTURE))
        self.update(self.trace)
        self.assertEqual(self.baseline.read_text(), first)
        self.assertIn("(ticket 17)", self.check(0, f"--baseline={self.baseline}", self.trace))
        self.update(self.clean)
        self.assertEqual(json.loads(self.baseline.read_text())["findings"], [])

    def test_entries_are_sorted(self):
        other = self.write("other.lockorder", self.content(scenarios.one_thread_twice))
        self.update(self.trace, other)
        first = self.baseline.read_text()
        fingerprints = [entry["fingerprint"] for entry in json.loads(first)["findings"]]
        self.assertEqual((len(fingerprints), fingerprints), (2, sorted(fingerprints)))
        self.baseline.unlink()
        self.update(other, self.trace)
        self.assertEqual(self.baseline.read_text(), first)

    def test_an_expired_entry_covers_nothing_and_is_told(self):
        self.update(self.trace)
        for expires, status in [(PAST, 1), (FUTURE, 0), (None, 0)]:
            with self.subTest(expires=expires):
                self.change(expires=expires)
                text = self.check(status, f"--baseline={self.baseline}", self.trace)
                self.assertEqual("expired on 2001-02-28: the finding is new again" in text, expires == PAST)
        self.change(expires=PAST)
        remark, = self.json(f"--baseline={self.baseline}", self.trace)["remarks"]
        self.assertEqual(remark["kind"], "baseline expired")

    def test_an_entry_that_is_not_seen_is_told(self):
        self.update(self.trace)
        self.assertRegex(self.check(0, f"--baseline={self.baseline}", self.clean), r"\nnote: .*: cycle .* was not seen this time")
        remark, = self.json(f"--baseline={self.baseline}", self.clean)["remarks"]
        self.assertEqual(remark["kind"], "baseline not seen")

    def test_a_trace_that_cannot_be_read_updates_nothing(self):
        self.update(self.trace)
        kept = self.baseline.read_text()
        broken = self.write("broken.lockorder", b"nothing")
        outcome = self.lockorder("check", f"--baseline={self.baseline}", "--update-baseline", self.clean, broken)
        self.assertEqual(outcome.returncode, 2)
        self.assertIn(b"the baseline was not updated", outcome.stderr)
        self.assertEqual(self.baseline.read_text(), kept)
        self.assertEqual(len(list(self.folder.iterdir())), 4)

    def test_run_and_report_know_it_too(self):
        run = ["run", "--ci", f"--baseline={self.baseline}"]
        self.assertEqual(self.lockorder(*run, "--", arguments.program).returncode, 2)
        self.assertEqual(self.lockorder(*run, "--update-baseline", "--", arguments.program).returncode, 0)
        outcome = self.lockorder(*run, "--", arguments.program)
        self.assertEqual(outcome.returncode, 0, outcome.stderr)
        self.assertIn(b"1 in the baseline", outcome.stderr)
        kept = outcome.stderr.decode().splitlines()[-1].removeprefix("lockorder: the traces are in ")
        self.assertEqual(self.lockorder("report", kept).returncode, 1)
        self.assertEqual(self.lockorder("report", f"--baseline={self.baseline}", kept).returncode, 0)

    def test_bad_baselines_are_refused(self):
        entry = {"fingerprint": "0" * 16, "kind": "cycle", "title": "", "reason": None, "expires": None}
        for content, pattern in [
            ("{", r"baseline.json:1: .*; expected a baseline"),
            ("[]", r"expected an object with \"baseline_version\": 1"),
            ('{"baseline_version": 2, "findings": []}', r"expected an object with \"baseline_version\": 1"),
            ('{"baseline_version": 1}', r"expected a list \"findings\""),
            ([7], r"findings\[0\]: expected an object"),
            ([entry | {"fingerprint": "xyz"}], r"findings\[0\].fingerprint: expected 16 hexadecimal digits, found xyz"),
            ([entry | {"kind": "circle"}], r"findings\[0\].kind: expected deadlock, .*, found circle"),
            ([entry | {"expires": "2026-02-29"}], r"findings\[0\].expires: expected a day as YYYY-MM-DD, or null, found 2026-02-29"),
            ([entry | {"expires": "soon"}], r"found soon"),
            ([entry | {"expires": 20260101}], r"found another type"),
            ([entry | {"reson": "why"}], r"found 'reson'"),
            ([entry, entry], r"expected one entry for each fingerprint, found two for 0000000000000000"),
            ([{"kind": "cycle"}], r"fingerprint: expected 16 hexadecimal digits, found nothing"),
        ]:
            with self.subTest(content=content):
                whole = content if isinstance(content, str) else json.dumps({"baseline_version": 1, "findings": content})
                self.baseline.write_text(whole)
                self.assert_refused(["check", f"--baseline={self.baseline}", self.trace], pattern)
        self.baseline.unlink()
        self.assert_refused(["check", f"--baseline={self.baseline}", self.trace], "No such file or directory; --update-baseline")
        self.assert_refused(["check", "--update-baseline", self.trace], "--update-baseline: expected --baseline=FILE")


class Suppressions(KnownCase):
    def rules(self, text):
        return f"--suppressions={self.write('rules', text)}"

    def test_rules_match_by_what_the_finding_has(self):
        for rule, matches in [
            ("kind: cycle", True), ("kind: *", True), ("kind: deadlock", False),
            ("function: debit", True), ("function: deb*", True), ("function: deb", False), ("function: audit", True),
            ("file: subject.c", True), ("file: */reports/subject.c", True), ("file: other.c", False),
            ("module: reports_subject", True), ("module: /nowhere/*", False),
            ("lock: accounts\\[0].*", True), ("lock: accounts[0].*", False), ("lock: journal", False),
            ("kind: cycle\nfunction: debit\nfunction: credit", True), ("kind: cycle\nfunction: debit\nfunction: close", False),
            ("fingerprint: 0000*", False),
        ]:
            with self.subTest(rule=rule):
                text = self.check(0 if matches else 1, self.rules(f"reason: known\n{rule}\n"), self.trace)
                self.assertEqual("\nsuppressed: cycle " in text, matches)
                self.assertEqual("rules:1: the rule matched nothing this time (known)" in text, not matches)

    def test_status_and_reason_are_in_the_report(self):
        report = self.json(self.rules("reason: ticket 17\nkind: cycle\n\n# more\nreason: b\nkind: misuse\n"), self.trace)
        self.assertEqual(report["statuses"], {"new": 0, "baselined": 0, "suppressed": 1})
        self.assertEqual((report["findings"][0]["status"], report["findings"][0]["status_reason"]), ("suppressed", "ticket 17"))
        remark, = report["remarks"]
        self.assertEqual(remark["kind"], "suppression unused")
        self.assertTrue(remark["text"].endswith("rules:5: the rule matched nothing this time (b)"))

    def test_a_deadlock_that_happened_is_told_all_the_same(self):
        trace = self.write("relock.lockorder", self.content(scenarios.one_thread_twice))
        text = self.check(0, self.rules("reason: known\nkind: deadlock\n"), trace)
        self.assertRegex(text, "suppressed: deadlock .*; it happened in this run")

    def test_a_printed_rule_suppresses_its_finding_and_no_other(self):
        contents = [self.content(scenario) for scenario in (scenarios.static_locks, scenarios.one_thread_twice,
                                                            scenarios.hostile_names, scenarios.unknown_threads)]
        traces = [self.write(f"{i}.lockorder", content) for i, content in enumerate(contents)]
        printed = self.lockorder("check", "--print-suppressions", *traces).stdout.decode()
        blocks = printed.rstrip("\n").split("\n\n")
        findings = [finding["fingerprint"] for finding in self.json(*traces)["findings"]]
        self.assertEqual(len(blocks), len(findings))
        for i, block in enumerate(blocks):
            report = self.json(self.rules(block), *traces)
            suppressed = [finding["fingerprint"] for finding in report["findings"] if finding["status"] == "suppressed"]
            self.assertEqual(suppressed, [findings[i]])
        self.assertEqual(self.check(0, self.rules(printed), *traces).count("\nsuppressed: "), len(findings))
        self.assertEqual(self.lockorder("check", self.rules(printed), "--print-suppressions", *traces).stdout, b"")

    def test_rules_go_to_a_file_beside_the_text(self):
        file = self.folder / "printed"
        text = self.check(1, f"--print-suppressions={file}", self.trace)
        self.assertIn("check: failed", text)
        self.assertIn("\nlock: accounts\\[].lock\n", file.read_text())

    def test_what_is_suppressed_is_in_no_baseline(self):
        baseline = self.folder / "baseline.json"
        self.check(0, self.rules("reason: known\nkind: cycle\n"), f"--baseline={baseline}", "--update-baseline", self.trace)
        self.assertEqual(json.loads(baseline.read_text())["findings"], [])

    def test_the_rules_that_come_along_are_well_formed(self):
        rules = Path(__file__).resolve().parents[2] / "analyzer/gate/builtin.rules"
        text = self.check(1, f"--suppressions={rules}", self.trace)
        self.assertIn("builtin.rules:5: the rule matched nothing this time (CPython", text)

    def test_bad_files_are_refused(self):
        for content, pattern in [
            ("kind: cycle\n", "rules:1: the rule has no reason"),
            ("\n\nreason: x\n\n", "rules:3: the rule says nothing of what it matches"),
            ("reason: x\ncolour: red\n", "rules:2: expected reason, kind, fingerprint, .*, found 'colour'"),
            ("reason: x\nkind: circle\n", "rules:2: expected deadlock, cycle, .*, found 'circle'"),
            ("reason: x\nkind:\n", "rules:2: expected a value after 'kind:'"),
            ("reason: x\nkind cycle\n", "rules:2: expected 'key: value', found 'kind cycle'"),
            ("reason: x\nreason: y\n", "rules:2: expected one reason"),
            ("reason: x\nkind: cycle\0\n", "rules:2: expected text, found a NUL byte"),
        ]:
            with self.subTest(content=content):
                self.assert_refused(["check", self.rules(content), self.trace], pattern)
        self.assert_refused(["check", "--suppressions=/nowhere/rules", self.trace], "/nowhere/rules: .*: No such file")
        self.assert_refused(["check", f"--suppressions={self.folder}", self.trace], "Is a directory")


class Mine(KnownCase):
    def setUp(self):
        super().setUp()
        self.other = self.write("other.lockorder", self.content(scenarios.missing_program))

    def findings(self, *words):
        return [(Path(finding["steps"][0]["holds"]["stack"][0]["module"]).name, finding["mine"])
                for finding in self.json(*words, self.trace, self.other)["findings"]]

    def test_what_touches_mine_comes_first(self):
        mine, other = "reports_subject", "bank"
        source = Path(__file__).parent
        for words, expected in [
            ([], {mine: True, other: True}), ([mine], {mine: True, other: False}), (["reports_*"], {mine: True, other: False}),
            ([source], {mine: True, other: False}), ([f"{source}/"], {mine: True, other: False}),
            ([str(source)[:-1]], {mine: False, other: False}), (["bank"], {other: True, mine: False}),
            (["/nowhere"], {other: True, mine: False}), (["bank", mine], {mine: True, other: True}),
        ]:
            with self.subTest(words=words):
                found = self.findings(*(f"--mine={word}" for word in words))
                self.assertEqual(dict(found), expected)
                self.assertEqual([is_mine for _, is_mine in found], sorted(expected.values(), reverse=True))

    def test_the_rest_is_folded_and_fails_as_ever(self):
        text = self.check(1, "--mine=reports_subject", self.trace, self.other)
        self.assertIn("; 1 of them elsewhere\n", text)
        self.assertRegex(text, r"\nelsewhere: cycle [0-9a-f]{16}: ")
        self.assertEqual(text.count("both wait for ever"), 1)
        self.assertIn("check: failed by 2 new findings", text)

    def test_revision_and_build_are_told(self):
        self.assertIn("\nprogram: ./bank, revision v1-7-gabc\n", self.check(1, "--revision=v1-7-gabc", self.trace))
        self.assertEqual(self.json("--revision=v1-7-gabc", self.trace)["revision"], "v1-7-gabc")
        report = self.folder / "report.json"
        outcome = self.lockorder("run", f"--json={report}", "--", arguments.program)
        build_id = json.loads(report.read_text())["build_id"]
        self.assertIn(f"\nprogram: {arguments.program}, build-id {build_id}\n", outcome.stderr.decode())
        self.assertEqual(json.loads(report.read_text())["findings"][0]["process"]["build_id"], build_id)
        notes = subprocess.run(["readelf", "-n", arguments.program], capture_output=True, text=True, check=True).stdout
        self.assertIn(f"Build ID: {build_id}", notes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--lockorder", "--subject", "--program"):
        parser.add_argument(option, required=True, help="transfer_static of samples/" if option == "--program" else None)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest])
