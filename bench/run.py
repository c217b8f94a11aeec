#!/usr/bin/env python3
"""Measures what lockorder costs, as ratios to the native time within interleaved runs, and prints all tables; with --write, also into
docs/performance.md, between the lines that mark their place there.

    bench/run.py [--build build/release] [--rounds 15] [--only PART,...] [--write]

Needs an idle machine to be of use, and what it measures to be installed: what is not is skipped, and named at the end."""

import argparse
import datetime
import os
import platform
import re
import sys
from pathlib import Path

import analyzer
import growing
import locks
import peers
import programs

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
PARTS = ["locks", "full", "programs", "growth", "memory", "analyzer", "peers", "found"]
IMAGES = ROOT / "docs" / "images"


def machine():
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) / 2**20
    return (f"{os.cpu_count()} processors ({model[1] if model else platform.machine()}), {memory:.0f} GB, Linux {platform.release()}, "
            f"{' '.join(platform.libc_ver())}, {datetime.date.today()}.")


def part(name, arguments, skipped):
    """Its text."""
    build, rounds = arguments.build, arguments.rounds
    if name == "locks":
        return locks.ordinary(build, rounds, list(locks.SCENARIOS))
    if name == "full":
        return locks.full(build, rounds)
    if name == "programs":
        return programs.programs(build, arguments.pairs, skipped) + "\n\n" + programs.start_of_a_process(build)
    if name in ("growth", "analyzer"):
        text, plot = growing.times(build, max(5, rounds // 3)) if name == "growth" else analyzer.analyzer(build)
        if arguments.write:
            (IMAGES / f"{name}.svg").write_text(plot)
        return text
    if name == "memory":
        return growing.memory(build)
    if name == "peers":
        return peers.costs(build, ROOT / "bench", skipped)
    return peers.findings(build, ROOT / "tests" / "verdicts")


def write_into_page(name, text):
    page = PAGE.read_text()
    begin, end = f"<!-- {name}: written by bench/run.py -->\n", f"<!-- end of {name} -->"
    before, _, rest = page.partition(begin)
    if not rest or end not in rest:
        sys.exit(f"run.py: {PAGE}: expected the lines {begin.strip()!r} and {end!r}")
    PAGE.write_text(before + begin + text + "\n" + end + rest.partition(end)[2])


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release", help="build folder (default: build/release)")
    parser.add_argument("--rounds", type=int, default=15, help="of each lock scenario (default: 15, at least 5)")
    parser.add_argument("--pairs", type=int, default=15, help="of runs of each program (default: 15, at least 5)")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    arguments = parser.parse_args()
    if arguments.rounds < 5 or arguments.pairs < 5:
        parser.error("--rounds, --pairs: expected at least 5")
    for name in arguments.only.split(","):
        if name not in PARTS:
            parser.error(f"--only: expected some of {', '.join(PARTS)}, found {name}")
    arguments.build = arguments.build.resolve()
    for file in ("bench/fast_path", "bench/growth", "bench/libforward-preload.so", "preload/liblockorder-preload.so", "analyzer/lockorder",
                 "tests/scale/generate_trace"):
        if not (arguments.build / file).exists():
            sys.exit(f"run.py: {arguments.build / file} is missing: build first, or name the build folder with --build")
    return arguments


def main():
    arguments = parse_arguments()
    skipped = []
    for name in ["machine", *arguments.only.split(",")]:
        text = machine() if name == "machine" else part(name, arguments, skipped)
        print(f"{name}\n\n{text}\n", flush=True)
        if arguments.write:
            write_into_page(name, text)
    for line in skipped:
        print(f"skipped: {line}")


main()
