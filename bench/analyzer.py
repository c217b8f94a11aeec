"""What reports cost: on traces as large as programs make them, on programs with much debug information, and merging many traces.
Seconds and megabytes of the command alone, which a slower machine takes longer for."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from growing import plot
from measuring import judge, table

ROUNDS = 5
COST = Path(__file__).resolve().parent / "cost.py"
LARGE = ["threads=10000", "at_once=1000", "locks=1000000", "contexts=100000", "depth=4", "ordered=1", "dependencies=1000000"]
GROWTH = {
    "in one order": (["ordered=1"], [1000, 10000, 100000, 1000000]),
    "in a tangle": ([], [1000, 10000, 100000]),
}
MERGED = 1000
MERGED_SIZE = ["threads=20", "at_once=10", "locks=500", "contexts=300", "ordered=1"]
UNITS, FUNCTIONS = 80, 12000  # of a program with about 500 MB of debug information
SUBJECT = """
#include <pthread.h>
static struct account { int balance; pthread_mutex_t lock; } accounts[2] = {{1, PTHREAD_MUTEX_INITIALIZER}, {2, PTHREAD_MUTEX_INITIALIZER}};
static void *transfer(void *from) {
    struct account *first = from, *second = first == accounts ? accounts + 1 : accounts;
    pthread_mutex_lock(&first->lock); pthread_mutex_lock(&second->lock);
    pthread_mutex_unlock(&second->lock); pthread_mutex_unlock(&first->lock);
    return 0;
}
int main(void) {
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], 0, transfer, &accounts[i]);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], 0);
    return 0;
}
"""


def cost(command, statuses):
    """(seconds of processor time, megabytes at most): medians."""
    costs = []
    for _ in range(ROUNDS):
        told = subprocess.run([sys.executable, COST, *map(str, command)], capture_output=True, text=True, check=True).stdout.split()
        if int(told[0]) not in statuses:
            sys.exit(f"run.py: {command[0]} {command[1]} ended with status {told[0]}")
        costs.append((float(told[1]), float(told[2]) / 1024))
    return tuple(map(statistics.median, zip(*costs)))


def generate(build, trace, size):
    subprocess.run([build / "tests" / "scale" / "generate_trace", trace, *size], stdout=subprocess.DEVNULL, check=True)


def report(build, traces):
    return cost([build / "analyzer" / "lockorder", "report", traces], (0, 1))


def growth(build, folder):
    """The table's rows, and the points of the plot: microseconds for each dependency. Not of tangles, in which the search for cycles ends
    at its limit."""
    rows, lines = [], {}
    for name, (order, sizes) in GROWTH.items():
        points = []
        for size in sizes:
            generate(build, folder / "trace", ["threads=100", "at_once=100", f"locks={max(size // 3, 300)}", f"contexts={size // 10}", *order,
                                               f"dependencies={size}"])
            seconds, megabytes = report(build, folder / "trace")
            points.append((size, seconds * 1e6 / size))
            rows.append([f"{size:,} dependencies, {name}", f"{seconds:.2f} s", f"{megabytes:.0f} MB", ""])
            print(rows[-1], file=sys.stderr)
        if order:
            lines[name] = points
    generate(build, folder / "trace", LARGE)
    seconds, megabytes = report(build, folder / "trace")
    rows.append(["1,000,000 dependencies, 100,000 contexts, 10,000 threads", f"{seconds:.2f} s", f"{megabytes:.0f} MB", judge(seconds, 5)])
    return rows, lines


def merging(build, folder):
    for i in range(MERGED):
        generate(build, folder / f"{i}.lockorder", [*MERGED_SIZE, f"dependencies={1000 + i}"])
    seconds, megabytes = cost([build / "analyzer" / "lockorder", "merge", "-o", folder / "merged", *folder.glob("*.lockorder")], (0,))
    return [f"a merge of {MERGED:,} traces", f"{seconds:.2f} s", f"{megabytes:.0f} MB", judge(seconds, 5)]


def program_with_debug_information(folder):
    with open(folder / "unit.c", "w", encoding="ascii") as unit:
        for i in range(FUNCTIONS):
            unit.write(f"struct record_{i} {{ int number_{i}; struct record_{max(i - 1, 0)} *next_{i}; char name_{i}[{i % 60 + 1}]; }};\n"
                       f"int sum_{i}(const struct record_{i} *records, long count) {{ int total = 0; for (long i = 0; i < count; i++) "
                       f"{{ int part = records[i].number_{i} * {i}; total += part; }} return total; }}\n")
    (folder / "subject.c").write_text(SUBJECT)
    subprocess.run(["gcc", "-g3", "-O1", "-c", "unit.c"], cwd=folder, check=True)
    subprocess.run(["gcc", "-g", "-c", "subject.c"], cwd=folder, check=True)
    for i in range(UNITS):
        subprocess.run(["objcopy", f"--prefix-symbols=unit_{i}_", "unit.o", f"copy-{i}.o"], cwd=folder, check=True)
    copies = [f"copy-{i}.o" for i in range(UNITS)]
    subprocess.run(["gcc", "-pthread", "-o", "subject", *copies, "subject.o"], cwd=folder, check=True)
    for copy in copies:
        (folder / copy).unlink()
    return folder / "subject"


def debug_information(build, folder):
    program = program_with_debug_information(folder)
    sections = subprocess.run(["size", "-A", program], capture_output=True, text=True, check=True).stdout.splitlines()
    size = sum(int(line.split()[1]) for line in sections if line.startswith(".debug"))
    (folder / "traces").mkdir()
    environment = {**os.environ, "LD_PRELOAD": str(build / "preload" / "liblockorder-preload.so"),
                   "LOCKORDER_OPTIONS": f"report=no:trace_dir={folder / 'traces'}"}
    subprocess.run([program], env=environment, check=True)
    seconds, megabytes = report(build, folder / "traces")
    return [f"a program with {size / 1e6:.0f} MB of debug information", f"{seconds:.2f} s", f"{megabytes:.0f} MB", judge(seconds, 5)]


def analyzer(build):
    """The table, and the plot as SVG."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as folder:
        rows, lines = growth(build, Path(folder))
    for measured in (merging, debug_information):
        with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as folder:
            rows.append(measured(build, Path(folder)))
            print(rows[-1], file=sys.stderr)
    return table(["a report on", "processor time", "memory", ""], rows), plot(lines, "report, µs for each dependency", "dependencies")
