"""Generates a large trace and reports on it: within how many seconds of processor time and megabytes, and with what result."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def execute(command):
    """(exit status, seconds of processor time, megabytes at most)."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def wrong_lengths(report):
    """Shortest cycles first."""
    lengths = [len(found["steps"]) for found in report["findings"] if found["kind"] == "cycle"]
    return [] if lengths == sorted(lengths) else ["expected the shortest cycles first"]


def problems(arguments, folder):
    trace, output = folder / "large.lockorder", folder / "report.json"
    status, _, _ = execute([arguments.generator, trace, *arguments.size])
    if status != 0:
        return [f"the trace was not made: {status}"]
    status, seconds, megabytes = execute([arguments.lockorder, "report", "--json", output, trace])
    report = json.loads(output.read_text())
    found, limits = report["summary"]["cycle"], {limit["limit"]: limit["count"] for limit in report["limits"]}
    print(f"{' '.join(arguments.size)}: {os.path.getsize(trace) / 1e6:.0f} MB, {seconds:.2f} s, {megabytes:.0f} MB, {found} cycles, "
          f"limits {limits}")
    wrong = wrong_lengths(report)
    if status != (1 if found else 0):
        wrong.append(f"expected exit status 1 with findings and 0 without, got {status}")
    if seconds > arguments.seconds or megabytes > arguments.megabytes:
        wrong.append(f"expected at most {arguments.seconds} s and {arguments.megabytes} MB")
    if bool(found) != arguments.findings or ("cycles" in limits) != arguments.cut:
        wrong.append(f"expected findings: {arguments.findings}, and that something was cut: {arguments.cut}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--megabytes", type=float, required=True)
    parser.add_argument("--findings", action="store_true", help="some are there")
    parser.add_argument("--cut", action="store_true", help="the search ends before it has looked everywhere")
    parser.add_argument("size", nargs="+")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lockorder-scale-") as folder:
        wrong = problems(arguments, Path(folder))
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
