"""Rings of locks of which no process shows all sides: which runs together show one, and which do not."""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

arguments = None

# Runs of halves.c, each with its arguments; and what they show together: a finding, one that fails no gate, or nothing.
FINDING, ADVISORY, NOTHING = "finding", "advisory", "nothing"
RUNS = [
    (["forward"], NOTHING),
    (["forward", "forward"], NOTHING),
    (["forward", "backward"], FINDING),
    (["worker-forward", "worker-backward"], ADVISORY),                  # perhaps one worker is all there ever is
    (["worker-forward worker-forward", "worker-backward"], NOTHING),    # one worker at a time
    (["crowd", "crowd-backward"], FINDING),
    (["main-forward", "main-backward"], NOTHING),                       # one main thread
    (["main-forward", "backward"], NOTHING),                            # before any thread is created
    (["main-forward crowd", "backward"], FINDING),
    (["guarded-forward", "guarded-backward"], NOTHING),
    (["guarded-forward", "backward"], FINDING),
    (["heap-guarded-forward", "heap-guarded-backward"], NOTHING),       # one guard, if in one process
    (["forward backward", "forward backward"], NOTHING),                # judged in one process: one after the other
    (["forward", "backward", "forward backward"], NOTHING),
    (["child-backward forward"], NOTHING),                              # parent and child are two processes on purpose
    (["child-backward child-forward"], FINDING),
]


class Across(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="lockorder-reports-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.traces = self.folder / "traces"

    def run_halves(self, words, program=None, environment=None):
        outcome = subprocess.run([arguments.lockorder, "run", "--fail-on=none", f"--trace-dir={self.traces}", "--",
                                  str(program or arguments.halves), *words.split()], stdin=subprocess.DEVNULL, capture_output=True,
                                 timeout=60, check=False, env=os.environ | (environment or {}))
        self.assertEqual(outcome.returncode, 0, outcome.stderr)

    def check(self):
        outcome = subprocess.run([arguments.lockorder, "check", "--json=-", str(self.traces)], stdin=subprocess.DEVNULL,
                                 capture_output=True, timeout=60, check=False)
        return outcome.returncode, json.loads(outcome.stdout)

    def test_runs_together(self):
        for runs, expected in RUNS:
            with self.subTest(runs=runs):
                shutil.rmtree(self.traces, ignore_errors=True)
                for words in runs:
                    self.run_halves(words)
                status, report = self.check()
                self.assertEqual(status, 1 if expected == FINDING else 0)
                self.assertEqual(len(report["findings"]), 0 if expected == NOTHING else 1)
                for finding in report["findings"]:
                    self.check_finding(finding, expected)

    def check_finding(self, finding, expected):
        self.assertEqual((finding["kind"], finding["subkind"], finding["across_runs"], finding["advisory"]),
                         ("cycle", "across runs", True, expected == ADVISORY))
        one, other = finding["steps"]
        self.assertNotEqual(one["process"]["pid"], other["process"]["pid"])
        self.assertEqual({one["holds"]["lock"]["name"], other["holds"]["lock"]["name"]}, {"first", "second"})
        self.assertEqual(one["holds"]["lock"]["name"], other["wants"]["lock"]["name"])

    def test_the_fingerprint_is_that_of_the_same_ring_in_one_process(self):
        fingerprints = []
        for runs in (["forward", "backward"], ["both"]):
            shutil.rmtree(self.traces, ignore_errors=True)
            for words in runs:
                self.run_halves(words)
            finding, = self.check()[1]["findings"]
            fingerprints.append((finding["across_runs"], finding["fingerprint"]))
        self.assertEqual(fingerprints, [(True, fingerprints[0][1]), (False, fingerprints[0][1])])

    def test_a_ring_that_one_process_has_is_told_once(self):
        for words in ("both", "forward", "crowd", "guarded-backward"):
            self.run_halves(words)
        finding, = self.check()[1]["findings"]
        self.assertFalse(finding["across_runs"])

    def test_a_signal_begins_an_epoch(self):
        for options, count in [({}, 1), ({"LOCKORDER_OPTIONS": "epoch_signal=USR2"}, 0)]:
            with self.subTest(options=options):
                shutil.rmtree(self.traces, ignore_errors=True)
                words = "both-signal" if options else "both"
                self.run_halves(words, environment=options)
                self.assertEqual(len(self.check()[1]["findings"]), count)
        dump = subprocess.run([arguments.lockorder, "dump", *self.traces.iterdir()], capture_output=True, timeout=60, check=True)
        self.assertIn(b"\nepoch 1\n", dump.stdout)

    def test_another_build_has_other_locks(self):
        self.run_halves("forward")
        self.run_halves("backward", arguments.other_halves)
        self.assertEqual(self.check()[1]["findings"], [])

    def test_processes_of_one_run(self):
        script = f'"{arguments.halves}" forward & "{arguments.halves}" backward; wait'
        outcome = subprocess.run([arguments.lockorder, "run", "--ci", f"--trace-dir={self.traces}", "--", "sh", "-c", script],
                                 stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        self.assertEqual(outcome.returncode, 66)
        self.assertIn(b"no process did all of this: the sides come from different processes or runs", outcome.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--lockorder", "--halves", "--other-halves"):
        parser.add_argument(option, required=True)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest])
