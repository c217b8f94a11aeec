"""Bad command lines."""

import unittest

from refusal import REFUSED, RefusalCase, lockorder

REFUSALS = [
    ([], "expected a command"),
    (["frobnicate"], "no command is called 'frobnicate'"),
    (["--frobnicate"], "no option is called '--frobnicate'"),
    (["\x1b[31mred"], r"no command is called '\\x1b\[31mred'"),
    (["run"], "run: expected a program"),
    (["run", "--"], "run: expected a program"),
    (["run", "--frobnicate", "--", "true"], "run: no option is called '--frobnicate'"),
    (["run", "-x", "true"], "run: no option is called '-x'"),
    (["run", "--json"], "run: expected --json=FILE"),
    (["run", "--help=me"], "--help takes no value, found --help=me"),
    (["run", "--error-exitcode=256", "--", "true"], "--error-exitcode=256: expected a number from 0 to 255"),
    (["run", "--error-exitcode=", "--", "true"], "--error-exitcode=: expected a number"),
    (["run", "--max-cycles=-1", "--", "true"], "--max-cycles=-1: expected a number"),
    (["run", "--max-cycles=0", "--", "true"], "--max-cycles=0: expected a number from 1"),
    (["run", "--max-cycles=99999999999999999999", "--", "true"], "expected a number"),
    (["run", "--fail-on=cycle,frob", "--", "true"], "--fail-on=cycle,frob: expected .* found 'frob'"),
    (["run", "--fail-on=", "--", "true"], "--fail-on=: expected"),
    (["run", "--on-deadlock=never", "--", "true"], "--on-deadlock=never: expected report, abort or exit"),
    (["run", "--stall-after=0", "--", "true"], "--stall-after=0: expected a number from 1"),
    (["run", "--stall-after=soon", "--", "true"], "--stall-after=soon: expected a number"),
    (["report", "--live=0", "x"], "--live=0: expected a number from 1"),
    (["run", "--json=/nowhere/report.json", "--", "true"], "/nowhere/report.json: cannot be written: No such file"),
    (["run", "--json=/", "--", "true"], "/: cannot be written: Is a directory"),
    (["report"], "report: expected a trace"),
    (["report", "--frobnicate"], "report: no option is called '--frobnicate'"),
    (["check"], "check: expected a trace"),
    (["check", "--frobnicate"], "check: no option is called '--frobnicate'"),
    (["run", "--baseline=/nowhere/baseline", "--", "true"], "/nowhere/baseline: the baseline cannot be read: No such file"),
    (["run", "--suppressions=/nowhere/rules", "--", "true"], "/nowhere/rules: the suppressions cannot be read: No such file"),
    (["order"], "order: expected a trace"),
    (["run", "--order=/nowhere/order", "--", "true"], "/nowhere/order: the order cannot be read: No such file"),
    (["merge"], "merge: expected a trace"),
    (["merge", "x"], "merge: expected -o FILE"),
    (["dump"], "dump: expected one trace, found 0"),
    (["dump", "one", "two"], "dump: expected one trace, found 2"),
    (["dump", "--json=x", "one"], "dump: no option is called '--json=x'"),
]


class CommandLine(RefusalCase):
    def test_each_bad_command_line_is_refused_with_one_line(self):
        for arguments, pattern in REFUSALS:
            with self.subTest(arguments=arguments):
                self.assert_refused(arguments, REFUSED, pattern)

    def test_help_and_version_are_no_errors(self):
        for arguments, start in [(["--help"], b"lockorder says"), (["--version"], b"lockorder "),
                                 (["run", "--help"], b"Usage: lockorder run"), (["report", "--help"], b"Usage: lockorder report"),
                                 (["check", "--help"], b"Usage: lockorder check"), (["order", "--help"], b"Usage: lockorder order"),
                                 (["merge", "--help"], b"Usage: lockorder merge"),
                                 (["dump", "--help"], b"Usage: lockorder dump")]:
            with self.subTest(arguments=arguments):
                outcome = lockorder(*arguments)
                self.assertEqual((outcome.returncode, outcome.stderr), (0, b""))
                self.assertTrue(outcome.stdout.startswith(start), outcome.stdout)

    def test_what_follows_the_program_is_the_program_s(self):
        outcome = lockorder("run", "echo", "--help", "--json")
        self.assertEqual((outcome.returncode, outcome.stdout), (0, b"--help --json\n"))

    def test_an_output_file_stays_as_it_was_when_the_run_is_refused(self):
        report = self.folder / "report.json"
        report.write_text("kept")
        self.assert_refused(["run", f"--json={report}", "--", "/nowhere/program"], 127, "/nowhere/program: No such file")
        self.assertEqual(report.read_text(), "kept")
        self.assertEqual(list(self.folder.iterdir()), [report])


unittest.main()
