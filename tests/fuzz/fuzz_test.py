"""Runs a fuzzer for some seconds, from seeds that are real: traces of programs, and what lockorder writes. It must find nothing, and
must not need more memory than its inputs' size allows."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LARGEST_INPUT = 64 << 10  # bytes
MEGABYTES = 384           # with AddressSanitizer's own
MEMORY = {"ASAN_OPTIONS": "quarantine_size_mb=16"}  # what was freed counts, too
LONGEST_INPUT = 20        # seconds for one, on a slow machine
SEEDS = {
    "suppressions": [b"# comment\nreason: known\nkind: cycle\nmodule: libjournal.so*\nfunction: journal_*\n\nreason: b\nlock: a[0-9]?\n"],
    "order": [b'accounts[].lock before journal # seen\n"initialised in open_account" before "a\\x20b"\njournal before last\n'],
    "baseline": [b'{"baseline_version": 1, "findings": [{"fingerprint": "b2f47a42cd4d6ca5", "kind": "cycle", "title": "t", '
                 b'"reason": null, "expires": "2027-01-31"}]}'],
    "trace": [],
}


def record_traces(arguments, folder):
    """Of small programs; one keeps every call."""
    for program in arguments.programs:
        record = "full" if program.name.startswith("full_") else "dependencies"
        options = f"trace_dir={folder}:report=no:max_trace_size=1:record={record}"
        subprocess.run([program], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60,
                       env={**os.environ, "LD_PRELOAD": str(arguments.preload), "LOCKORDER_OPTIONS": options}, check=False)
    traces = list(folder.glob("*.lockorder"))
    if len(traces) < len(arguments.programs):
        sys.exit(f"FAILED: expected a trace of each of {len(arguments.programs)} programs, found {len(traces)}")
    subprocess.run([arguments.lockorder, "merge", "-o", folder / "merged.lockorder", *traces], check=True, timeout=60)


def make_hand_made_traces(folder):
    """With every kind of record."""
    import scenarios
    for scenario in scenarios.ALL:
        try:
            traces = scenario(None)
        except AttributeError:
            continue  # it needs a program with symbols
        for number, content in enumerate(traces.values()):
            (folder / f"{scenario.__name__}-{number}.lockorder").write_bytes(content)


def make_seeds(arguments, folder):
    for number, content in enumerate(SEEDS[arguments.subject]):
        (folder / str(number)).write_bytes(content)
    if arguments.subject == "trace":
        record_traces(arguments, folder)
        make_hand_made_traces(folder)


def fuzz(arguments, seeds, findings):
    findings.mkdir(parents=True, exist_ok=True)
    command = [arguments.fuzzer, f"-max_total_time={arguments.seconds}", f"-max_len={LARGEST_INPUT}", f"-rss_limit_mb={MEGABYTES}",
               f"-timeout={LONGEST_INPUT}", "-print_final_stats=1", "-close_fd_mask=3", f"-artifact_prefix={findings}/", seeds]
    return subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          timeout=arguments.seconds + 120, check=False, env={**os.environ, **MEMORY})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fuzzer", required=True, type=Path)
    parser.add_argument("--subject", required=True, choices=SEEDS)
    parser.add_argument("--lockorder", required=True, type=Path, help="the command")
    parser.add_argument("--preload", required=True, type=Path, help="the recorder's library")
    parser.add_argument("--programs", required=True, type=Path, nargs="+", help="whose traces are seeds")
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()) / "lockorder-fuzz", help="where inputs are kept")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lockorder-seeds-") as folder:
        make_seeds(arguments, Path(folder))
        outcome = fuzz(arguments, folder, arguments.findings)
    executions = re.search(r"stat::number_of_executed_units: (\d+)", outcome.stderr)
    memory = re.search(r"stat::peak_rss_mb: *(\d+)", outcome.stderr)
    if outcome.returncode != 0 or not executions:
        sys.exit(f"FAILED: {arguments.fuzzer} ended with status {outcome.returncode}; the input is in {arguments.findings}\n"
                 f"{outcome.stderr[-6000:]}")
    print(f"{executions[1]} executions, at most {memory[1]} MB")


if __name__ == "__main__":
    main()
