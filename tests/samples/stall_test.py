"""Samples that hang without a circle of locks that could be proven: what `lockorder run` tells of them while they hang."""
import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import unittest
from pathlib import Path

SECONDS = 60   # what is awaited comes within seconds; this is for a loaded machine
arguments = None


class Stalls(unittest.TestCase):
    def assert_told(self, name, *patterns, options=("--stall-after=1",)):
        program = subprocess.Popen([arguments.lockorder, "run", *options, "--", arguments.samples / name, "--hang"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
        watchdog = threading.Timer(SECONDS, os.killpg, (program.pid, signal.SIGKILL))
        watchdog.start()
        text = ""
        try:
            for line in program.stderr:
                text += line
                if all(re.search(pattern, text) for pattern in patterns):
                    return
            self.fail(f"expected {patterns} of {name}, was told:\n{text}")
        finally:
            watchdog.cancel()
            try:
                os.killpg(program.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            program.stderr.close()
            program.wait()

    def test_who_holds_the_lock_waits_at_a_condition(self):
        self.assert_told("wait_holding", r"may be stuck: a thread has waited \d s for a lock",
                         r'thread \d "customer" holds shop \(locked at wait_holding.c:\d+ buy\)',
                         r'thread \d "customer" waits to be signalled at delivered',
                         r'thread \d "supplier" waits for shop')

    def test_the_wake_up_was_lost(self):
        self.assert_told("lost_wakeup", "may be stuck: all threads wait, one for", "waits to be signalled at arrived")

    def test_all_wait_for_machines(self):
        self.assert_told("loans_greedy", "may be stuck: all threads wait", '"builder-1" waits for a post of machines',
                         '"builder-2" waits for a post of machines')

    def test_a_constructor_waits(self):
        self.assert_told("plugin_locks", "may be stuck: a thread has waited",
                         r'"starter" waits for settings \(at plugin_with_constructor.c:\d+ register_itself\)')

    def test_processes_wait_for_each_other(self):
        self.assert_told("two_processes", "have deadlocked with each other", options=[])


def main():
    global arguments
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True, help="the command")
    parser.add_argument("--samples", required=True, type=Path, help="the folder of the programs")
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
