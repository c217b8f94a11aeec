"""The same scenarios under Helgrind, DRD and ThreadSanitizer: what they cost, and what they find."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from locks import SCENARIOS
from measuring import Ratio, Way, measure, table
from programs import PROGRAMS, compare

SECONDS = 60
ROUNDS, SLICES = 5, 4
COMPARED = ["flat", "nested-8", "many-flat", "contended", "condition", "create-join"]
PROGRAMS_COMPARED = ["pbzip2 -p2, wall time", "python3, 4 threads and 2 queues, wall time", "sqlite3, 100,000 inserts into memory"]
VALGRIND = {"Helgrind": ["valgrind", "-q", "--tool=helgrind", "--log-file=/dev/null"],
            "DRD": ["valgrind", "-q", "--tool=drd", "--log-file=/dev/null"]}
COMPILERS = {"TSan (gcc)": "gcc", "TSan (clang)": "clang"}
FIXED_ADDRESSES = ["setarch", "-R"]  # which some versions of TSan need


def compile_with_tsan(compiler, sources, program, options=()):
    command = [compiler, "-g", "-fsanitize=thread", "-pthread", "-D_GNU_SOURCE", *options, "-o", program, *sources, "-ldl"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def available(folder, source, skipped):
    """The peers that are installed, as ways to run the scenarios."""
    ways = []
    if shutil.which("valgrind"):
        ways += [Way(name, before=command) for name, command in VALGRIND.items()]
    else:
        skipped.append("Helgrind and DRD: valgrind is not installed")
    for name, compiler in COMPILERS.items():
        program = folder / f"fast_path-{compiler}"
        if shutil.which(compiler) and compile_with_tsan(compiler, [source], program, ["-O2"]):
            ways.append(Way(name, before=FIXED_ADDRESSES, program=program))
        else:
            skipped.append(f"{name}: {compiler} with -fsanitize=thread is not installed")
    return ways


def costs(build, bench, skipped):
    rows = []
    lockorder = Way("lockorder", build / "preload" / "liblockorder-preload.so")
    with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as folder:
        native, peers = Way("native"), available(Path(folder), bench / "fast_path.c", skipped)
        ways = [native, lockorder, *peers]
        for name in COMPARED:
            measure(ways, [build / "bench" / "fast_path", name], ROUNDS, SLICES, SCENARIOS[name].summary)
            rows.append([SCENARIOS[name].text, *[f"{Ratio(way.best, native.best).median:.1f}" for way in ways[1:]]])
            print(rows[-1], file=sys.stderr)
        for text in PROGRAMS_COMPARED:
            program = PROGRAMS[text]
            under = [way for way in ways if not way.program and all(map(shutil.which, program.needs))]
            if not under:
                continue
            compare(program.run, under, 1)
            ratios = {way.name: f"{way.best[0] / under[0].best[0]:.1f}" for way in under}
            rows.append([text, *[ratios.get(way.name, "-") for way in ways[1:]]])
            print(rows[-1], file=sys.stderr)
    return table(["times the native time", *[way.name for way in ways[1:]]], rows)


# --- What they find ---

def prints(command, pattern, environment=None):
    """Whether the program, run so, is told to be able to deadlock; None when that cannot be said."""
    try:
        outcome = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=SECONDS,
                                 env=environment, check=False)
    except subprocess.TimeoutExpired:
        return None
    return re.search(pattern, outcome.stdout + outcome.stderr) is not None


def found_by_lockorder(build, program, folder):
    report = folder / "report.json"
    command = [build / "analyzer" / "lockorder", "run", "--fail-on=none", f"--json={report}", "--trace-dir", folder / "traces", "--", program]
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    findings = json.loads(report.read_text())["findings"]
    return any(found["kind"] in ("cycle", "deadlock", "order") for found in findings)


def judges(build, source, folder):
    """By name: whether it is installed, and what says of the program."""
    program = folder / "native"
    include = ["-I", str(source.parents[2] / "include"), "-I", str(source.parent)]
    if subprocess.run(["gcc", "-g", "-pthread", "-D_GNU_SOURCE", *include, "-o", program, source, "-ldl"], capture_output=True,
                      check=False).returncode != 0:
        return {}
    told = {"lockorder": found_by_lockorder(build, program, folder)}
    for name, tool in (("Helgrind", "helgrind"), ("DRD", "drd")):
        if shutil.which("valgrind"):
            told[name] = prints(["valgrind", f"--tool={tool}", program], "[Ll]ock order")
    for name, compiler in COMPILERS.items():
        instrumented = folder / compiler
        if shutil.which(compiler) and compile_with_tsan(compiler, [source], instrumented, include):
            told[name] = prints([*FIXED_ADDRESSES, instrumented], "lock-order-inversion")
    return told


def findings(build, tests):
    """Over the pairs of programs that stand for the rules of the verdict: one can deadlock, its twin cannot."""
    counts = {}
    sources = [source for source in sorted(tests.glob("rule_0[1-7]_*.c")) if "EXPECT death" not in source.read_text()]
    for source in sources:
        with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as folder:
            for name, told in judges(build, source, Path(folder)).items():
                can_deadlock = source.stem.endswith("_reported")
                count = counts.setdefault(name, {"found": 0, "missed": 0, "silent": 0, "false": 0})
                count[("found" if told else "missed") if can_deadlock else ("false" if told else "silent")] += 1
    print(counts, file=sys.stderr)
    rows = [[name, f"{count['found']} of {count['found'] + count['missed']}", f"{count['false']} of {count['false'] + count['silent']}"]
            for name, count in counts.items()]
    return table(["tool", "programs that can deadlock: found", "programs that cannot: reported all the same"], rows)
