"""Programs that print a time for each line they are given, and how the ways to run them compare.

In each round the program is started once in each way, and the ways take turns, A B C A B C ..., for slices of some milliseconds: a
clock that changes, or a neighbour that comes and goes, meets all alike. In each round a library is a new copy of itself, in other
pages of the machine's memory: which ones they are changes what two threads pay for a mutex by up to 8 %, for as long as the file
stays in memory."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile


class Way:
    """One of the ways to run a program: native, under a preload library, under another tool."""

    def __init__(self, name, preload=None, options="", before=(), program=None):
        self.name, self.preload, self.options, self.before, self.program = name, preload, options, list(before), program
        self.best = []  # of each round

    def environment(self, traces, copies):
        """To run a program once: with its folder for traces, and the library copied into the other folder."""
        environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
        environment["LOCKORDER_OPTIONS"] = f"report=no:trace_dir={traces}{self.options}"
        if self.preload:
            environment["LD_PRELOAD"] = shutil.copy(self.preload, tempfile.mkdtemp(dir=copies))
        return environment

    def start(self, command, traces, copies):
        words = [self.program or command[0], *command[1:]]
        self.process = subprocess.Popen([*self.before, *map(str, words)], env=self.environment(traces, copies), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.slices = []

    def measure(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if answer:
            self.slices.append(float(answer))

    def end(self, summary):
        _, errors = self.process.communicate()
        if self.process.returncode != 0 or not self.slices:
            sys.exit(f"run.py: {self.process.args} ended with status {self.process.returncode}: {errors}")
        self.best.append(summary(self.slices))


def measure(ways, command, rounds, slices, summary=min):
    """Fills `best` of each way: a number for each round."""
    for way in ways:
        way.best = []
    with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as copies:
        for _ in range(rounds):
            measure_round(ways, command, slices, summary, copies)


def measure_round(ways, command, slices, summary, copies):
    with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as traces:
        for way in ways:
            way.start(command, traces, copies)
        for _ in range(slices):
            for way in ways:
                way.measure()
        for way in ways:
            way.end(summary)


class Ratio:
    """One way's numbers against another's, round by round."""

    def __init__(self, numbers, others):
        ratios = [number / other for number, other in zip(numbers, others)]
        self.low, self.median, self.high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3

    def __str__(self):
        return f"{self.median:.2f} ({self.low:.2f}-{self.high:.2f})"


def judge(value, target):
    """For the last column of a table: whether a number is what it should be."""
    return "" if target is None else "met" if value <= target else f"missed: {target:g}"


def table(head, rows):
    """In Markdown; the first column is text, the others are numbers."""
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])
