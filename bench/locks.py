"""What lock calls cost: nanoseconds natively, and ratios."""

import statistics
import subprocess
import sys

from measuring import Ratio, Way, judge, measure, table

SLICES = 12
MORE = 3  # times as many rounds, where threads meet, which they do differently each time
FAST, MEETING = (1.5, 1.25), (1.1, None)


class Scenario:
    """How its slices are summed up, and the most that the recorder may cost, relative to native and to forwarding. Noise only adds
    time, so the fastest slice counts; where threads meet, the median, since the fastest slice is one in which they did not meet."""

    def __init__(self, text, targets=(None, None), summary=min, slices=SLICES, times=1):
        self.text, self.targets, self.summary, self.slices, self.times = text, targets, summary, slices, times


SCENARIOS = {
    "flat": Scenario("a mutex, nothing else held", FAST),
    "nested-2": Scenario("2 mutexes nested", FAST),
    "nested-8": Scenario("8 mutexes nested", FAST),
    "recursive-flat": Scenario("a recursive mutex", FAST),
    "recursive-nested-8": Scenario("8 recursive mutexes nested", FAST),
    "spin-flat": Scenario("a spinlock", FAST),
    "spin-nested-8": Scenario("8 spinlocks nested", FAST),
    "read-flat": Scenario("a read lock", FAST),
    "read-nested-8": Scenario("8 read locks nested", FAST),
    "write-flat": Scenario("a write lock", FAST),
    "write-nested-8": Scenario("8 write locks nested", FAST),
    "semaphore-flat": Scenario("a semaphore as a lock", FAST),
    "semaphore-nested-8": Scenario("8 semaphores nested", FAST),
    "deep": Scenario("a mutex, reached through 64 calls", FAST),
    "thousand-ways": Scenario("a mutex, reached through 1,000 different call paths", FAST),
    "many-flat": Scenario("100,000 mutexes in turn", (1.5, None)),
    "many-nested": Scenario("100,000 mutexes in turn, under one other", (2, None)),
    "many-nested-first": Scenario("the same, each for the first time", slices=1),
    "contended": Scenario("a mutex that two threads contend for", MEETING, statistics.median, times=MORE),
    "condition": Scenario("two threads that wake each other by a condition", MEETING, statistics.median, times=MORE),
    "create-join": Scenario("creating and joining a thread", MEETING, times=MORE),
    "object-life": Scenario("malloc, init, lock, unlock, destroy, free", (1.3, None)),
    "malloc-free": Scenario("malloc and free, no locks", (1.05, None)),
}
FULL = {"flat": 2.5, "nested-8": None, "contended": None}


def program_of(build, names):
    program = build / "bench" / "fast_path"
    listed = subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout.split()
    if not set(names) <= set(listed):
        sys.exit(f"run.py: expected {program} to know {', '.join(names)}, found {', '.join(listed)}")
    return program


def ordinary(build, rounds, names):
    rows = []
    program = program_of(build, names)
    for name in names:
        scenario = SCENARIOS[name]
        native, forwarding, lockorder = ways = [Way("native"), Way("forwarding", build / "bench" / "libforward-preload.so"),
                                                Way("lockorder", build / "preload" / "liblockorder-preload.so")]
        measure(ways, [program, name], rounds * scenario.times, scenario.slices, scenario.summary)
        to_native, to_forwarding = Ratio(lockorder.best, native.best), Ratio(lockorder.best, forwarding.best)
        print(f"{name:20} {min(native.best):9.2f} {to_native}  {to_forwarding}", file=sys.stderr)
        rows.append([scenario.text, f"{min(native.best):.1f}", to_native, judge(to_native.median, scenario.targets[0]), to_forwarding,
                     judge(to_forwarding.median, scenario.targets[1])])
    return table(["operation", "native, ns", "lockorder / native", "", "lockorder / forwarding", ""], rows)


def full(build, rounds):
    rows = []
    program = program_of(build, FULL)
    for name, target in FULL.items():
        native, lockorder = ways = [Way("native"), Way("full", build / "preload" / "liblockorder-preload.so",
                                                       ":record=full:max_trace_size=8000")]
        measure(ways, [program, name], rounds, SLICES, SCENARIOS[name].summary)
        ratio = Ratio(lockorder.best, native.best)
        print(f"{name:20} full {ratio}", file=sys.stderr)
        rows.append([SCENARIOS[name].text, f"{min(native.best):.1f}", ratio, judge(ratio.median, target)])
    return table(["operation, with --record=full", "native, ns", "lockorder / native", ""], rows)
