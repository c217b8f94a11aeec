"""What makes a command fail, where its report goes, and what becomes of the traces."""

import argparse
import contextlib
import fcntl
import json
import os
import signal
import struct
import subprocess
import tempfile
import termios
import unittest
from pathlib import Path

import scenarios

arguments = None


class Gate(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="lockorder-reports-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def lockorder(self, *words):
        return subprocess.run([arguments.lockorder, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              check=False, env={"TMPDIR": str(self.folder), "PATH": "/usr/bin:/bin"})

    def trace(self, scenario):
        content, = scenario(scenarios.Subject(arguments.subject)).values()
        path = self.folder / "example.lockorder"
        path.write_bytes(content)
        return path

    def test_report_fails_on_the_kinds_that_are_asked_for(self):
        trace = self.trace(scenarios.static_locks)
        for kinds, status in [("cycle", 1), ("deadlock,cycle", 1), ("none", 0), ("deadlock,order,hazard,misuse", 0)]:
            with self.subTest(kinds=kinds):
                self.assertEqual(self.lockorder("report", f"--fail-on={kinds}", trace).returncode, status)
        self.assertEqual(self.lockorder("report", trace).returncode, 1)
        self.assertEqual(self.lockorder("report", self.trace(scenarios.clean)).returncode, 0)

    def test_report_goes_to_a_file_beside_the_text_or_to_stdout_instead(self):
        trace, file = self.trace(scenarios.static_locks), self.folder / "report.json"
        outcome = self.lockorder("report", f"--json={file}", trace)
        self.assertTrue(outcome.stdout.startswith(b"lockorder: 1 cycle in ./bank"))
        self.assertEqual(json.loads(self.lockorder("report", "--json=-", trace).stdout), json.loads(file.read_text()))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["example.lockorder", "report.json"])

    def test_an_interrupted_command_leaves_nothing_half_written(self):
        for name, content in scenarios.many_processes(scenarios.Subject(arguments.subject)).items():
            (self.folder / f"{name}.lockorder").write_bytes(content)
        before = sorted(self.folder.iterdir())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number), \
                    self.blocked_command("check", "--baseline=new", "--update-baseline", "--json=-", ".") as command:
                self.assertEqual(len(list(self.folder.iterdir())), len(before) + 1)
                command.send_signal(number)
                self.assertEqual(command.wait(timeout=60), -number)
                self.assertEqual(sorted(self.folder.iterdir()), before)

    @contextlib.contextmanager
    def blocked_command(self, *words):
        """A command that has filled its stdout, which nobody reads."""
        reader, writer = os.pipe()
        size = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        with subprocess.Popen([arguments.lockorder, *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=writer) as command:
            os.close(writer)
            filled = 0
            while filled < size and command.poll() is None:
                filled, = struct.unpack("i", fcntl.ioctl(reader, termios.FIONREAD, struct.pack("i", 0)))
            yield command
        os.close(reader)

    def test_run_of_a_program_with_a_cycle(self):
        for options, status in [([], 66), (["--error-exitcode=3"], 3), (["--fail-on=none"], 0), (["--fail-on", "deadlock"], 0)]:
            with self.subTest(options=options):
                outcome = self.lockorder("run", *options, "--", arguments.program)
                self.assertEqual(outcome.returncode, status)
                self.assertTrue(outcome.stdout.startswith(b"balances: "))
                self.assertTrue(outcome.stderr.startswith(b"lockorder: 1 cycle in "), outcome.stderr)

    def test_run_is_the_first_process_of_a_container(self):
        namespace = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"]
        if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no namespaces here")
        for words, status in [(["--fail-on=none"], 0), ([], 66)]:
            outcome = subprocess.run([*namespace, arguments.lockorder, "run", *words, "--", arguments.program],
                                     stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
            self.assertEqual(outcome.returncode, status)
            self.assertTrue(outcome.stderr.startswith(b"lockorder: 1 cycle in "), outcome.stderr)

    def test_traces_of_a_finding_are_kept_and_can_be_reported_on(self):
        outcome = self.lockorder("run", "--", arguments.program)
        kept = outcome.stderr.decode().splitlines()[-1].removeprefix("lockorder: the traces are in ")
        self.assertEqual([str(path) for path in self.folder.iterdir()], [kept])
        again = self.lockorder("report", kept)
        self.assertEqual(again.returncode, 1)
        self.assertEqual(again.stdout.splitlines(), outcome.stderr.splitlines()[:-1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--lockorder", "--subject", "--program"):
        parser.add_argument(option, required=True, help="transfer_static of samples/" if option == "--program" else None)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest])
