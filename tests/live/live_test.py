"""What `lockorder run` tells while the program hangs, and the recorder without it."""
import argparse
import os
import pty
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

SECONDS = 30  # for what takes milliseconds on an idle machine
DEADLOCKED, STUCK = "has deadlocked", "may be stuck"
arguments = None


class Run:
    """A program that hangs, under `lockorder run`; what it tells is read as it comes."""

    def __init__(self, words, options=(), command=None, environment=None):
        command = command or [arguments.lockorder, "run", *options, "--", arguments.hangs, *words]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        env=environment, start_new_session=True)
        self.text = ""
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        while part := os.read(self.process.stderr.fileno(), 65536):
            self.text += part.decode()

    def await_text(self, pattern, count=1):
        """Waits until it is told so often."""
        end = time.monotonic() + SECONDS
        while len(re.findall(pattern, self.text)) < count:
            if time.monotonic() > end:
                raise AssertionError(f"expected {count} times {pattern!r}, got:\n{self.text}")
            time.sleep(0.01)

    def hangs(self):
        return self.process.poll() is None

    def await_end(self):
        self.process.wait(SECONDS)
        self.reader.join()
        return self.process.returncode

    def end(self):
        if self.hangs():
            self.process.send_signal(signal.SIGTERM)
        self.process.stdin.close()
        status = self.await_end()
        self.process.stderr.close()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # a child that hangs on
        except ProcessLookupError:
            pass
        return status


class Live(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="lockorder-live-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_program(self, *words, options=(), **more):
        run = Run(words, ["--trace-dir", str(self.folder), *options], **more)
        self.addCleanup(run.end)
        return run

    def test_told_while_it_hangs(self):
        run = self.run_program("idle", "deadlock")
        run.await_text("not known to wait")
        self.assertTrue(run.hangs())
        for pattern in (r"hangs \(pid \d+\) has deadlocked", "2 threads are deadlocked: ",
                        r'thread \d "forth" holds pairs\[0\].first \(locked at hangs.c:\d+ forth\), waits for pairs\[0\].second '
                        r"\(at hangs.c:\d+ forth\), held by thread \d",
                        r'thread 2 "consumer" waits to be signalled at filled \(at hangs.c:\d+ consume\)'):
            self.assertRegex(run.text, pattern)

    def test_told_once(self):
        run = self.run_program("deadlock")
        run.await_text(DEADLOCKED)
        time.sleep(2.5)
        self.assertEqual(run.end(), 66)
        self.assertEqual(run.text.count(DEADLOCKED), 1)
        self.assertEqual(run.text.count("its stacks stand above"), 1)

    def test_each_is_told(self):
        run = self.run_program("deadlock", "line", "deadlock")
        run.await_text(DEADLOCKED)
        run.process.stdin.write(b"\n")
        run.process.stdin.flush()
        run.await_text(DEADLOCKED, count=2)
        time.sleep(1.5)
        run.end()
        self.assertEqual(run.text.count(DEADLOCKED), 2)

    def test_of_a_child(self):
        run = self.run_program("child")
        run.await_text(DEADLOCKED)
        self.assertTrue(run.hangs())
        pid = int(re.search(r"\(pid (\d+)\) has deadlocked", run.text)[1])
        self.assertEqual(len(list(self.folder.glob(f"*.{pid}*.lockorder"))), 1)
        os.kill(pid, signal.SIGKILL)

    def test_between_processes(self):
        run = self.run_program("between")
        run.await_text("have deadlocked with each other")
        run.await_text("not known to wait|the other threads:")
        self.assertTrue(run.hangs())
        time.sleep(2.5)
        for pid in re.findall(r"\(pid (\d+)\)", run.text.split(" have deadlocked")[0]):
            self.assertRegex(run.text, rf"thread 1 .* of pid {pid} holds .* \(locked at hangs.c:\d+ lock_both\), waits for .* held by")
            os.kill(int(pid), signal.SIGKILL)
        run.end()
        self.assertEqual(run.text.count("have deadlocked"), 1)

    def test_may_end_the_program(self):
        for action, status in (("exit", 66), ("abort", 128 + signal.SIGABRT)):
            with self.subTest(action=action):
                run = self.run_program("deadlock", options=[f"--on-deadlock={action}", "--fail-on=none"])
                self.assertEqual(run.await_end(), status)
                self.assertEqual(run.text.count(DEADLOCKED), 1)

    def test_ci_ends_the_program(self):
        run = self.run_program("deadlock", options=["--ci"])
        self.assertEqual(run.await_end(), 66)
        self.assertEqual(run.text.count(DEADLOCKED), 1)

    def test_ci_fails_when_nothing_is_seen(self):
        run = subprocess.run([arguments.lockorder, "run", "--ci", "--", "/bin/true"], capture_output=True, check=False)
        self.assertEqual(run.returncode, 66)
        self.assertIn(b"no lock call was seen", run.stderr)

    def test_stall(self):
        run = self.run_program("stall", options=["--stall-after=1"])
        run.await_text(STUCK)
        time.sleep(2.5)
        run.end()
        self.assertEqual(run.text.count(STUCK), 1)
        self.assertRegex(run.text, r'thread 2 "holder" holds journal \(locked at hangs.c:\d+ hold_journal\)\n'
                                   r'   thread 2 "holder" waits to be signalled at filled')
        self.assertRegex(run.text, r'thread 3 "writer" waits for journal \(at hangs.c:\d+ write_journal\), for \d+ s')

    def test_what_is_no_stall(self):
        for words, options in ((["stall"], []), (["idle"], ["--stall-after=1"]), (["deadlock"], ["--stall-after=1"])):
            with self.subTest(words=words):
                run = self.run_program(*words, options=options)
                time.sleep(3)
                run.end()
                self.assertNotIn(STUCK, run.text)

    def test_without_the_command(self):
        environment = {**os.environ, "LD_PRELOAD": arguments.preload, "LOCKORDER_OPTIONS": f"trace_dir={self.folder}"}
        run = self.run_program(command=[arguments.hangs, "deadlock"], environment=environment)
        run.await_text("the other threads:")
        self.assertTrue(run.hangs())
        self.assertRegex(run.text, 'thread . "forth" holds .* held by thread')
        self.assertNotIn("=>", run.text)

    def test_a_terminal_is_told_how_to_look_further(self):
        master, slave = pty.openpty()
        program = subprocess.Popen([arguments.lockorder, "run", f"--trace-dir={self.folder}", "--", arguments.hangs, "deadlock"],
                                   stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "TERM": "dumb"})
        os.close(slave)
        text = b""
        while b"gdb -p" not in text:
            text += os.read(master, 65536)
        program.terminate()
        program.wait(SECONDS)
        os.close(master)
        pid = re.search(rb"\(pid (\d+)\) has deadlocked", text)[1]
        self.assertRegex(text, rb"these threads hang until process " + pid + rb" is ended; a debugger can attach: gdb -p")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--lockorder", "--preload", "--hangs"):
        parser.add_argument(option, required=True)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest])
