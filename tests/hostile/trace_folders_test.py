"""Folders for traces that cannot be used. The program runs, unless that is known before it starts."""

import json
import os
import resource
import shutil
import unittest

from refusal import REFUSED, RefusalCase, lockorder

DYNAMIC = os.environ["DYNAMIC_PROGRAM"]
NOBODY = 65534


class TraceFolders(RefusalCase):
    def environment(self, **changes):
        return {**os.environ, **changes}

    def assert_folder_refused(self, folder, pattern, **options):
        self.assert_refused(["run", f"--trace-dir={folder}", "--", DYNAMIC], REFUSED, pattern, **options)

    def test_cannot_be_made(self):
        self.assert_folder_refused("/nowhere/traces", "--trace-dir=/nowhere/traces: the folder cannot be made: No such file")
        self.assert_folder_refused("/proc/traces", "--trace-dir=/proc/traces: the folder cannot be made")
        self.assert_folder_refused("", "--trace-dir=: the folder cannot be made")

    def test_is_a_file(self):
        path = self.folder / "file"
        path.write_text("")
        self.assert_folder_refused(path, "a file; expected a folder")
        self.assert_folder_refused(path / "traces", "the folder cannot be made: Not a directory")

    def test_not_writable(self):
        """Root may write into any folder, so it lets somebody else try."""
        options = {}
        if os.geteuid() == 0:
            self.folder.chmod(0o755)
            options = {"user": NOBODY, "command": self.copy_command(), "cwd": "/"}
        folder = self.folder / "traces"
        folder.mkdir(mode=0o555)
        arguments = ["run", f"--trace-dir={folder}", "--", "/bin/true"]
        self.assert_refused(arguments, REFUSED, "the folder cannot be written: Permission denied", **options)

    def copy_command(self):
        """To where everybody may execute it."""
        for folder, variable in (("bin", "LOCKORDER"), ("preload", "LOCKORDER_PRELOAD")):
            (self.folder / folder).mkdir()
            shutil.copy(os.environ[variable], self.folder / folder)
        return str(self.folder / "bin" / "lockorder")

    def test_colon_in_the_path(self):
        self.assert_folder_refused(self.folder / "a:b", "cannot have ':' in its path")

    def test_no_place_for_a_temporary_one(self):
        self.assert_refused(["run", "--", DYNAMIC], REFUSED, "the folder for traces cannot be made",
                            env=self.environment(TMPDIR="/nowhere"))

    def test_full(self):
        """No file may have a byte, as on a full disk: the program runs on unobserved, and that is said."""
        outcome = lockorder("run", "--", DYNAMIC, env=self.environment(TMPDIR=str(self.folder)),
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
        self.assertEqual((outcome.returncode, outcome.stdout), (0, b"both locked\n"))
        lines = outcome.stderr.decode().splitlines()
        self.assertEqual(len(lines), 2, lines)
        self.assertRegex(lines[0], r"\Alockorder: no space for the trace .*; the program runs unobserved\Z")
        self.assertRegex(lines[1], r"\Alockorder: no trace was written: ")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_temporary_one_is_deleted_after_a_clean_run(self):
        outcome = lockorder("run", "--", DYNAMIC, env=self.environment(TMPDIR=str(self.folder)))
        self.assertEqual(outcome.returncode, 0)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_traces_of_other_runs_are_left_alone(self):
        folder = self.folder / "traces"
        for runs in (1, 2):
            report = self.folder / "report.json"
            outcome = lockorder("run", f"--trace-dir={folder}", f"--json={report}", "--", DYNAMIC)
            self.assertEqual(outcome.returncode, 0)
            self.assertEqual(len(json.loads(report.read_text())["traces"]), 1)
            self.assertEqual(len(list(folder.glob("*.lockorder"))), runs)
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)

    def test_options_of_the_user_are_kept_and_those_of_a_run_replaced(self):
        other = self.folder / "other"
        other.mkdir()
        environment = self.environment(LOCKORDER_OPTIONS=f"trace_dir={other}:max_trace_size=1:report=yes",
                                       LD_PRELOAD="/nowhere/library.so")
        outcome = lockorder("run", "--", "sh", "-c", "echo $LOCKORDER_OPTIONS; echo $LD_PRELOAD", env=environment)
        options, preload = outcome.stdout.decode().splitlines()
        self.assertRegex(options, r"\Atrace_dir=[^:]*/lockorder-\w{6}:report=no:notify=\d+:max_trace_size=1\Z")
        self.assertRegex(preload, r"\A/.*/liblockorder-preload\.so:/nowhere/library\.so\Z")
        self.assertEqual(list(other.iterdir()), [])

    def test_signals_reach_the_program_and_it_is_reported_on(self):
        """The program asks for its own end by way of lockorder."""
        script = "trap 'echo ended; exit 7' TERM; kill -TERM $PPID; while :; do wait; done"
        outcome = lockorder("run", "--", "sh", "-c", script)
        self.assertEqual((outcome.returncode, outcome.stdout), (7, b"ended\n"))

    def test_interrupt_of_the_terminal_leaves_the_report(self):
        """A terminal sends it to lockorder and to the program."""
        script = "trap 'echo ended; exit 8' INT; kill -INT 0; while :; do wait; done"
        outcome = lockorder("run", "--", "sh", "-c", script, start_new_session=True)
        self.assertEqual((outcome.returncode, outcome.stdout), (8, b"ended\n"))
        self.assertIn(b"lockorder: ", outcome.stderr)


unittest.main()
