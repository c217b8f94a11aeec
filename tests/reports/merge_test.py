"""Merged traces: the laws of merging on random traces, and that nothing of what a report says is lost."""

import argparse
import json
import random
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import scenarios
from trace_writer import HEADER_SIZE, RECORDING, STATIC, TraceWriter, two_orders

arguments = None
ROUNDS, PROCESSES, MANY = 60, 6, 1000


class MergeCase(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="lockorder-reports-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.subject = scenarios.Subject(arguments.subject)
        self.made = 0

    def lockorder(self, *words):
        return subprocess.run([arguments.lockorder, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              check=False)

    def write(self, content, name=None):
        self.made += 1
        path = self.folder / (name or f"{self.made}.lockorder")
        path.write_bytes(content)
        return path

    def merge(self, *traces):
        """The merged trace's path."""
        self.made += 1
        path = self.folder / f"merged-{self.made}.lockorder"
        outcome = self.lockorder("merge", *traces, "-o", path)
        self.assertEqual((outcome.returncode, outcome.stdout, outcome.stderr), (0, b"", b""))
        return path

    def report(self, *traces):
        report = json.loads(self.lockorder("report", "--json=-", *traces).stdout)
        return {key: report[key] for key in ("summary", "limits", "coverage")} | {"findings": [
            {key: finding[key] for key in ("fingerprint", "title", "kind")} for finding in report["findings"]]}


class Laws(MergeCase):
    def random_trace(self, chooser):
        """Few ways to be, so that some are equal but for what does not count."""
        trace = TraceWriter(pid=chooser.randrange(2, 9000), state=chooser.choice((1, 1, RECORDING)),
                            acquisitions=chooser.randrange(1000), limits={3: chooser.randrange(3)})
        trace.process(b"/home/user/bank", [b"./bank", chooser.choice((b"", b"--fast"))])
        base = chooser.randrange(1, 1 << 20) << 12
        module = trace.module(self.subject.path.encode(), build_id=self.subject.build_id, start=base)
        places = [self.subject.context(trace, module, function, "transfer") for function in ("debit", "credit")]
        addresses = chooser.choice(((0, 48), (48, 0)))
        locks = [trace.lock(flags=STATIC, module=module, offset=self.subject.account(i), address=base + addresses[i],
                            first_used_at=places[0]) for i in range(2)]
        if chooser.random() < 0.5:
            two_orders(trace, *locks, places, places, counts=(chooser.randrange(1, 99), chooser.randrange(1, 99)))
        trace.wait(1, 1, since=chooser.choice((0, 0, 7)), address=chooser.randrange(1 << 40))
        return trace.bytes()

    def test_merging_is_associative_commutative_and_idempotent(self):
        chooser = random.Random(arguments.seed)
        for number in range(ROUNDS):
            with self.subTest(seed=arguments.seed, round=number):
                traces = [self.write(self.random_trace(chooser)) for _ in range(chooser.randint(1, PROCESSES))]
                expected = self.merge(*traces).read_bytes()
                chooser.shuffle(traces)
                self.assertEqual(self.merge(*traces, *chooser.choices(traces, k=2)).read_bytes(), expected)
                self.assertEqual(self.in_groups(chooser, traces).read_bytes(), expected)

    def in_groups(self, chooser, traces):
        """Pairwise, in a random tree; some more than once."""
        waiting = list(traces)
        while len(waiting) > 1:
            one, other = (waiting.pop(chooser.randrange(len(waiting))) for _ in range(2))
            waiting.append(self.merge(one, other))
            if chooser.random() < 0.3 and len(waiting) > 1:
                waiting[0] = self.merge(waiting[0], waiting[-1])
        return self.merge(waiting[0], waiting[0])


class Merged(MergeCase):
    def test_a_report_on_it_says_the_same(self):
        for scenario in scenarios.ALL:
            with self.subTest(scenario=scenario.__name__):
                folder = self.folder / scenario.__name__
                folder.mkdir()
                for name, content in scenario(self.subject).items():
                    (folder / f"{name}.lockorder").write_bytes(content)
                merged, apart = self.report(self.merge(folder)), self.report(folder)
                self.assertEqual(sorted(map(str, merged["findings"])), sorted(map(str, apart["findings"])))
                for key in ("summary", "limits"):
                    self.assertEqual(merged[key], apart[key])
                self.assertEqual(merged["coverage"]["unfinished_processes"], apart["coverage"]["unfinished_processes"])
                shutil.rmtree(folder)

    def test_halves_of_two_runs_are_found_in_it(self):
        for words in ("forward", "backward"):
            self.lockorder("run", f"--trace-dir={self.folder / 'runs'}", "--", arguments.halves, words)
        report = json.loads(self.lockorder("report", "--json=-", self.merge(self.folder / "runs")).stdout)
        self.assertEqual([finding["subkind"] for finding in report["findings"]], ["across runs"])

    def same_run(self, pid, base, counts, upward=True):
        trace = TraceWriter(pid=pid, parent=pid - 1, acquisitions=sum(counts))
        trace.process(b"/home/user/bank", [b"./bank"])
        module = self.subject.module(trace)
        place = self.subject.context(trace, module, "debit", "transfer")
        locks = [trace.lock(address=base + 64 * (i if upward else -i), initialized_at=place) for i in range(2)]
        two_orders(trace, *locks, (place, place), (place, place), counts)
        trace.wait(1, 1, since=0, address=base)
        return self.write(trace.bytes())

    def test_runs_that_did_the_same_are_one_with_the_larger_counts(self):
        merged = self.merge(self.same_run(70, 0x5000, (5, 1)), self.same_run(60, 0x9000, (3, 8)))
        text = self.lockorder("dump", merged).stdout.decode()
        self.assertEqual(text.count("\nimage process=60 parent=59 "), 1)
        self.assertEqual(text.count("\nimage "), 1)
        self.assertEqual(text.count("address=0x9000 ") + text.count("address=0x9040 "), 2)
        self.assertIn(" count=5\n", text)
        self.assertIn(" count=8\n", text)

    def test_runs_with_locks_in_another_order_in_memory_are_two(self):
        merged = self.merge(self.same_run(70, 0x5000, (5, 1)), self.same_run(60, 0x9000, (3, 8), upward=False))
        self.assertEqual(self.lockorder("dump", merged).stdout.count(b"\nimage "), 2)

    def test_builds_are_kept_apart_unless_asked(self):
        (self.folder / "other").mkdir()
        other = shutil.copy(arguments.other_halves, self.folder / "other" / Path(arguments.halves).name)
        for program, words in ((arguments.halves, "forward"), (other, "backward")):
            self.lockorder("run", f"--trace-dir={self.folder / 'runs'}", "--", program, words)
        self.assertEqual(self.lockorder("check", self.merge(self.folder / "runs")).returncode, 0)
        joined = self.folder / "joined.lockorder"
        self.lockorder("merge", "--across-builds", self.folder / "runs", "-o", joined)
        report = json.loads(self.lockorder("check", "--json=-", self.merge(joined)).stdout)
        self.assertEqual([finding["subkind"] for finding in report["findings"]], ["across runs"])

    def test_a_thousand_traces_merge_in_seconds(self):
        runs = self.folder / "runs"
        self.lockorder("run", f"--trace-dir={runs}", "--", arguments.halves, "forward", "crowd", "backward")
        recorded, = runs.iterdir()
        content = recorded.read_bytes()
        for i in range(MANY):  # with a command line of its own each, so that all are kept
            (runs / f"{i}.lockorder").write_bytes(content.replace(b"\0forward\0", b"\0f%06d\0" % i))
        start = time.monotonic()
        merged = self.merge(runs)
        self.assertLess(time.monotonic() - start, 20)
        self.assertEqual(self.lockorder("dump", merged).stdout.count(b"\nimage "), MANY + 1)

    def test_a_broken_trace_is_refused_and_nothing_is_written(self):
        content, = scenarios.static_locks(self.subject).values()
        good = self.write(content)
        for broken, pattern in [(self.write(content[:HEADER_SIZE] + b"\1" * 64), "at offset 256"), (self.write(b"x"), "is not a"),
                                (self.folder / "missing", "No such file")]:
            outcome = self.lockorder("merge", good, broken, "-o", self.folder / "out")
            self.assertEqual((outcome.returncode, outcome.stdout), (2, b""))
            self.assertRegex(outcome.stderr.decode(), rf"\Alockorder: .*{pattern}.*\n\Z")
        self.assertFalse([path for path in self.folder.iterdir() if path.name.startswith("out")])

    def test_images_where_none_can_be_are_refused(self):
        content, = scenarios.static_locks(self.subject).values()
        merged = self.merge(self.write(content)).read_bytes()
        unmerged = merged[:44] + b"\0\0\0\0" + merged[48:]
        headless = merged[:HEADER_SIZE] + merged[HEADER_SIZE + 176:]
        headless = headless[:16] + (len(headless)).to_bytes(8, "little") + headless[24:]
        for content, pattern in [(unmerged, "an image, expected none in a trace that is not merged"),
                                 (headless, "expected an image first")]:
            outcome = self.lockorder("report", self.write(content, "strange"))
            self.assertEqual(outcome.returncode, 2)
            self.assertIn(pattern, outcome.stderr.decode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--lockorder", "--subject", "--halves", "--other-halves"):
        parser.add_argument(option, required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest])
