#!/usr/bin/env python3
"""Measures what the recorder costs: nanoseconds per operation natively, under a preload library that only forwards, and under the
recorder, as ratios.

    bench/run.py [--build build/release] [--rounds 15] [SCENARIO...]

In each round the program is started three times, once in each way, and the three take turns, A B C A B C ..., for slices of
some milliseconds: a clock that changes, or a neighbour that comes and goes, meets all alike. Of one round's slices the fastest
counts, since noise only adds time (where threads meet, the median, since the fastest slice is one in which they did not meet).
Printed are the median over the rounds of the ratio within a round, with its quartiles, and the ratio of the fastest slices of all
rounds. The median is held against the target."""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

LEAST_ROUNDS = 15
SLICES = 12


class Scenario:
    """How its slices are summed up, and the most that the recorder may cost, relative to native and to forwarding. Without a
    target is what is dominated by the scheduler, or by what the recorder does only at a first use or at a new thread."""

    def __init__(self, summary=min, slices=SLICES, targets=()):
        self.summary = summary
        self.slices = slices
        self.targets = targets


FAST_PATH = (1.5, 1.3)
SCENARIOS = {
    "flat": Scenario(targets=FAST_PATH),
    "nested-2": Scenario(targets=FAST_PATH),
    "nested-8": Scenario(targets=FAST_PATH),
    "many-flat": Scenario(),
    "many-nested": Scenario(),
    "many-nested-first": Scenario(slices=1),
    "contended": Scenario(summary=statistics.median),
    "condition": Scenario(summary=statistics.median),
    "create-join": Scenario(),
    "object-life": Scenario(),
    "malloc-free": Scenario(),
}


class Way:
    """One of the three ways to run the program."""

    def __init__(self, name, program, preload):
        self.name, self.program, self.preload = name, program, preload
        self.best = []   # of each round, nanoseconds

    def start(self, scenario, traces):
        environment = {**os.environ, "LD_PRELOAD": self.preload, "LOCKORDER_OPTIONS": f"report=no:trace_dir={traces}"}
        self.process = subprocess.Popen([self.program, scenario], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.slices = []

    def measure(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if answer:
            self.slices.append(float(answer))

    def end(self, scenario):
        _, errors = self.process.communicate()
        if self.process.returncode != 0 or errors or not self.slices:
            sys.exit(f"run.py: {self.program} {scenario} ({self.name}) ended with status {self.process.returncode}: {errors}")
        self.best.append(SCENARIOS[scenario].summary(self.slices))


def measure_round(ways, scenario):
    with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as traces:
        for way in ways:
            way.start(scenario, traces)
        for _ in range(SCENARIOS[scenario].slices):
            for way in ways:
                way.measure()
        for way in ways:
            way.end(scenario)


class Comparison:
    """One way against another, round by round."""

    def __init__(self, way, other):
        ratios = [time / other_time for time, other_time in zip(way.best, other.best)]
        self.low, self.median, self.high = statistics.quantiles(ratios, n=4)
        self.of_fastest = min(way.best) / min(other.best)

    def __str__(self):
        return f"{self.median:.2f} ({self.low:.2f}-{self.high:.2f}) {self.of_fastest:6.2f}"


def verdict(scenario, comparisons):
    targets = SCENARIOS[scenario].targets
    missed = [f"{target} x {name}" for (name, comparison), target in zip(comparisons.items(), targets)
              if comparison.median > target]
    return "missed: " + " and ".join(missed) if missed else "met" if targets else "none"


def print_header(rounds):
    print(f"{rounds} rounds of {SLICES} slices; targets: at most {FAST_PATH[0]} x native and {FAST_PATH[1]} x forwarding")
    print(f"{'':18}{'ns per operation (fastest)':>34}{'lockorder / native':>34}{'lockorder / forwarding':>34}")
    print(f"{'scenario':18}{'native':>10}{'forwarding':>12}{'lockorder':>12}"
          + f"{'median (quartiles) fastest':>34}" * 2 + "  target")


def print_row(scenario, native, forwarding, lockorder):
    comparisons = {"native": Comparison(lockorder, native), "forwarding": Comparison(lockorder, forwarding)}
    print(f"{scenario:18}{min(native.best):10.2f}{min(forwarding.best):12.2f}{min(lockorder.best):12.2f}"
          + "".join(f"{str(comparison):>34}" for comparison in comparisons.values())
          + "  " + verdict(scenario, comparisons), flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=Path(__file__).resolve().parent.parent / "build" / "release",
                        help="build folder (default: build/release)")
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS, help=f"at least {LEAST_ROUNDS}, the default")
    parser.add_argument("scenario", nargs="*", help=f"some of {', '.join(SCENARIOS)} (default: all)")
    arguments = parser.parse_args()
    if arguments.rounds < LEAST_ROUNDS:
        parser.error(f"--rounds: expected at least {LEAST_ROUNDS}, found {arguments.rounds}")
    for scenario in arguments.scenario:
        if scenario not in SCENARIOS:
            parser.error(f"expected some of {', '.join(SCENARIOS)}, found {scenario}")
    return arguments


def main():
    arguments = parse_arguments()
    build = arguments.build.resolve()
    program = build / "bench" / "fast_path"
    preloads = {"native": None, "forwarding": build / "bench" / "libforward-preload.so",
                "lockorder": build / "preload" / "liblockorder-preload.so"}
    for file in [program, *filter(None, preloads.values())]:
        if not file.exists():
            sys.exit(f"run.py: {file} is missing: build first, or name the build folder with --build")
    listed = subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout.split()
    if listed != list(SCENARIOS):
        sys.exit(f"run.py: expected {program} to know {', '.join(SCENARIOS)}, found {', '.join(listed)}")
    print_header(arguments.rounds)
    for scenario in arguments.scenario or SCENARIOS:
        ways = [Way(name, program, str(preload or "")) for name, preload in preloads.items()]
        for _ in range(arguments.rounds):
            measure_round(ways, scenario)
        print_row(scenario, *ways)


main()
