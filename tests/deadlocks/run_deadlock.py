"""Runs a program that locks up, under the recorder, which ends it; compares the trace with the markers in its source."""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))
import comparison  # noqa: E402
import markers  # noqa: E402

SECONDS = 60     # the recorder ends a program that has locked up within milliseconds; this is for a loaded machine
ENDED = 66       # the status that the recorder gives to such a program


class Failure(Exception):
    """What was expected and what was found."""


def run_observed(preload, command, action, traces):
    """Runs the program under the recorder; returns its status."""
    options = f"on_deadlock={action}:report=no:trace_dir={traces}"
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True,
                               env={**os.environ, "LD_PRELOAD": preload, "LOCKORDER_OPTIONS": options})
    try:
        return process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired as problem:
        os.killpg(process.pid, 9)
        process.wait()
        raise Failure(f"still runs after {SECONDS} seconds: no deadlock was seen") from problem


def count_deadlocks(lockorder, traces):
    """As the headers count them, and as records tell them."""
    counted = told = 0
    for trace in sorted(traces.iterdir()):
        dump = subprocess.run([lockorder, "dump", trace], capture_output=True, text=True, errors="replace", check=True).stdout
        counted += int(re.search(r"deadlocks=(\d+)", dump)[1])
        told += len(re.findall(r"^event kind=deadlock\b", dump, re.MULTILINE))
    return counted, told


def report_of(lockorder, traces, folder):
    """The JSON report and the text."""
    path = folder / "report.json"
    answer = subprocess.run([lockorder, "report", "--json", path, traces], capture_output=True, text=True, errors="replace",
                            check=False)
    if answer.returncode != 1:
        raise Failure(f"lockorder report: expected exit status 1, got {answer.returncode}\n{answer.stderr}")
    return json.loads(path.read_text()), answer.stdout


def check(arguments, folder):
    traces = folder / "traces"
    traces.mkdir()
    command = [os.path.abspath(arguments.program), *filter(None, [arguments.option]), *arguments.arguments]
    status = run_observed(os.path.abspath(arguments.preload), command, arguments.action, traces)
    differences = []
    expected_status = ENDED if arguments.action == "exit" else 0
    if status != expected_status:
        differences.append(f"exit status: expected {expected_status}, got {status}")
    counted, told = count_deadlocks(arguments.lockorder, traces)
    if counted != arguments.deadlocks or told != arguments.deadlocks:
        differences.append(f"deadlocks: expected {arguments.deadlocks}, counted are {counted}, told {told}")
    text = ""
    if arguments.sources:
        report, text = report_of(arguments.lockorder, traces, folder)
        differences += comparison.compare(markers.read(arguments.sources, arguments.option), report, arguments.sources)
    if differences:
        raise Failure("\n".join(differences) + f"\n\n$ {shlex.join(command)}\n{text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True, help="the command")
    parser.add_argument("--preload", required=True, help="the recorder's library")
    parser.add_argument("--option", default="", help="given to the program: its markers are those of a run with this option")
    parser.add_argument("--action", default="exit", help="what becomes of the program: exit, or report (it ends by itself)")
    parser.add_argument("--deadlocks", default=1, type=int, help="how many there are")
    parser.add_argument("--sources", nargs="*", default=[], help="where its markers are")
    parser.add_argument("program")
    parser.add_argument("arguments", nargs="*")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lockorder-deadlock-") as folder:
        try:
            check(arguments, Path(folder))
        except (Failure, markers.MarkerError) as failure:
            print(f"FAILED: {failure}")
            sys.exit(1)


if __name__ == "__main__":
    main()
