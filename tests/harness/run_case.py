"""Runs a program without and with the recorder and compares what it does, and what is reported on it, with the expectations in
its source. markers.py has the notation."""
import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import comparison
import markers

SECONDS = 60  # for one run of a small program on a loaded machine


@dataclass
class Outcome:
    command: str
    status: int  # as a shell would see it: 128 + N when signal N killed the program
    stdout: bytes
    stderr: str


class Failure(Exception):
    """What was expected and what was found."""


def execute(command):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True)
    try:
        stdout, stderr = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as problem:
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
        raise Failure(f"{shlex.join(command)}: did not end within {SECONDS} s\n{stderr.decode(errors='replace')}") from problem
    status = process.returncode if process.returncode >= 0 else 128 - process.returncode
    return Outcome(shlex.join(command), status, stdout, stderr.decode(errors="replace"))


def read_report(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as problem:
        raise Failure(f"no JSON report: {problem}") from problem


def expected_status(expectations):
    return 128 + signal.Signals[expectations.signal] if expectations.signal else 0


def check_alone(program, expectations):
    alone = execute([program])
    if alone.status != expected_status(expectations):
        raise Failure(f"{alone.command}: expected exit status {expected_status(expectations)}, got {alone.status}\n"
                      f"{alone.stderr}")
    return alone


def harm(alone, observed):
    """How the program differs from a run without the recorder."""
    differences = []
    if observed.status != alone.status:
        differences.append(f"exit status: expected {alone.status} as without the recorder, got {observed.status}")
    if observed.stdout != alone.stdout:
        differences.append(f"stdout: expected {alone.stdout!r} as without the recorder, got {observed.stdout!r}")
    return differences


def blindness(report):
    """Why an empty report would prove nothing."""
    differences = []
    if report["coverage"]["acquisitions"] == 0 and report["coverage"]["locks"] == 0:
        differences.append("the recorder saw no lock")
    if report["coverage"]["unobserved_processes"]:
        differences.append("a process was not observed")
    return differences


def report_again(lockorder, traces, folder, report):
    """`lockorder report` on the same traces must say the same, and its exit status whether there is something."""
    again = execute([lockorder, "report", "--json", str(folder / "again.json"), str(traces)])
    status = 1 if any(found["kind"] != "hazard" and not found["advisory"] for found in report["findings"]) else 0
    differences = []
    if again.status != status:
        differences.append(f"lockorder report: expected exit status {status}, got {again.status}\n{again.stderr}")
    elif read_report(folder / "again.json")["findings"] != report["findings"]:
        differences.append("lockorder report: expected the findings of lockorder run, found others")
    return differences


def check(lockorder, program, sources, folder):
    """Raises Failure. The whole report belongs to the message: it is what one wants to see first."""
    expectations = markers.read(sources)
    alone = check_alone(program, expectations)
    observed = execute([lockorder, "run", "--fail-on", "none", "--json", str(folder / "report.json"), "--trace-dir",
                        str(folder / "traces"), "--", program])
    try:
        report = read_report(folder / "report.json")
        differences = comparison.compare(expectations, report, sources)
        differences += harm(alone, observed) + blindness(report)
        differences += report_again(lockorder, folder / "traces", folder, report)
    except Failure as failure:
        differences = [str(failure)]
    if differences:
        raise Failure("\n".join(differences) + f"\n\n$ {observed.command}\nexit status {observed.status}\n{observed.stderr}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True, help="the command")
    parser.add_argument("program")
    parser.add_argument("sources", nargs="+", help="where its markers are")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lockorder-case-") as folder:
        try:
            check(os.path.abspath(arguments.lockorder), os.path.abspath(arguments.program), arguments.sources, Path(folder))
        except (Failure, markers.MarkerError) as failure:
            print(f"FAILED: {failure}")
            sys.exit(1)


if __name__ == "__main__":
    main()
