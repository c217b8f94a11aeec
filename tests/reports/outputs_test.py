"""Several forms of a report at once: where they go, and that nothing half written is left."""

import json
import xml.etree.ElementTree as ElementTree

import formats
import scenarios

FORMS = ("json", "sarif", "junit", "markdown", "html")


class Outputs(formats.FormatCase):
    def names(self):
        return sorted(path.name for path in self.folder.iterdir() if path.is_file())

    def options(self):
        return [f"--{form}={self.folder / form}" for form in FORMS]

    def check_forms(self):
        self.assertEqual(self.names(), sorted(FORMS))
        texts = {form: (self.folder / form).read_text(encoding="utf-8") for form in FORMS}
        fingerprint = json.loads(texts["json"])["findings"][0]["fingerprint"]
        self.assertEqual([form for form in FORMS if fingerprint not in texts[form]], [])
        json.loads(texts["sarif"])
        ElementTree.fromstring(texts["junit"].encode())

    def test_all_forms_of_a_report_beside_the_text(self):
        outcome = self.lockorder("report", *self.options(), "--github", self.traces(scenarios.static_locks))
        self.assertEqual((outcome.returncode, outcome.stderr), (1, b""))
        self.assertTrue(outcome.stdout.startswith(b"lockorder: 1 cycle in "))
        self.assertIn(b"\n::error ", outcome.stdout)
        self.check_forms()

    def test_all_forms_of_a_run(self):
        outcome = self.lockorder("run", *self.options(), "--trace-dir", self.folder / "traces", "--", self.arguments.program)
        self.assertEqual(outcome.returncode, 66)
        self.assertTrue(outcome.stdout.startswith(b"balances: "))
        self.check_forms()

    def test_a_form_on_stdout_follows_what_the_program_prints(self):
        for form, start in (("json", b"{"), ("junit", b"<?xml"), ("markdown", b"### lockorder: 1 cycle in "), ("html", b"<!DOCTYPE html>")):
            outcome = self.lockorder("run", f"--{form}=-", "--trace-dir", self.folder / form, "--", self.arguments.program)
            line, _, rest = outcome.stdout.partition(b"\n")
            self.assertTrue(line.startswith(b"balances: "))
            self.assertTrue(rest.startswith(start), rest[:100])

    def test_stdout_takes_the_place_of_the_text(self):
        text = self.report("--markdown=-", scenarios.static_locks)
        self.assertTrue(text.startswith("### lockorder: 1 cycle in "))
        self.assertNotIn("\nseen 991 times", text)

    def test_two_forms_on_stdout_are_refused(self):
        for command in (["report", "--json=-", "--sarif=-", self.traces(scenarios.clean)],
                        ["run", "--json=-", "--sarif=-", "--", self.arguments.program]):
            outcome = self.lockorder(*command)
            self.assertEqual((outcome.returncode, outcome.stdout), (2, b""))
            self.assertEqual(outcome.stderr, b"lockorder: --json and --sarif both go to stdout: expected a file for one of them\n")

    def test_a_file_that_cannot_be_made_leaves_no_other(self):
        wanted = [f"--json={self.folder / 'x'}", f"--sarif={self.folder / 'none' / 'x'}"]
        for command in (["report", *wanted, self.traces(scenarios.clean)], ["run", *wanted, "--", self.arguments.program]):
            outcome = self.lockorder(*command)
            self.assertEqual(outcome.returncode, 2)
            self.assertIn(f"{self.folder}/none/x: cannot be written: No such file or directory".encode(), outcome.stderr)
            self.assertNotIn(b"balances", outcome.stdout)
            self.assertEqual(self.names(), [])

    def test_a_full_disk_is_told(self):
        for form in FORMS:
            with self.subTest(form=form):
                outcome = self.lockorder("report", f"--{form}=/dev/full", self.traces(scenarios.static_locks))
                self.assertEqual(outcome.returncode, 2)
                self.assertRegex(outcome.stderr, b"/dev/full: .*cannot be written")


if __name__ == "__main__":
    formats.main("--program")
