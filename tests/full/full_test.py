"""A program under --record=full: its cycle is proven or stays predicted, as the program's name says, and the schedule of a proof ends
at the lines that the program's markers name."""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 60  # for one run of a small program on a loaded machine


def run(lockorder, program, folder):
    """The cycle of the JSON report."""
    path = Path(folder) / "report.json"
    command = [lockorder, "run", "--record=full", "--fail-on=none", "--trace-dir", f"{folder}/traces", "--json", path, "--", program]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    if outcome.returncode != 0:
        sys.exit(f"expected exit status 0, got {outcome.returncode}: {outcome.stderr}")
    report = json.loads(path.read_text())
    if report["limits"] or [finding["kind"] for finding in report["findings"]] != ["cycle"]:
        sys.exit(f"expected one cycle and no limit: {outcome.stderr}")
    return report["findings"][0]


def marked_lines(source, side):
    """(thread, line) of the lines at which the program says that a thread holds, or wants, a lock."""
    found = (re.search(rf"EXPECT cycle: (\w+) {side} \w+", line) for line in source.read_text().splitlines())
    return sorted((match[1], number) for number, match in enumerate(found, 1) if match)


def place(call):
    return call["thread"]["name"], call["frame"]["line"]


def kept(calls):
    """The acquisitions that no later call of their thread undoes."""
    holding = {}
    for call in calls:
        key = call["thread"]["id"], call["address"]
        if call["call"] == "locks":
            holding[key] = place(call)
        elif call["call"] == "unlocks":
            del holding[key]
    return sorted(holding.values())


def expect(what, expected, found):
    if expected != found:
        sys.exit(f"{what}: expected {expected}, found {found}")


def check_schedule(schedule, source):
    calls = schedule["calls"]
    wants = marked_lines(source, "wants")
    expect("the last calls", ["blocks"] * len(wants), [call["call"] for call in calls[-len(wants):]])
    expect("where threads block", wants, sorted(place(call) for call in calls if call["call"] == "blocks"))
    expect("what they keep locked", set(marked_lines(source, "holds")) - set(kept(calls)), set())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True)
    parser.add_argument("program")
    parser.add_argument("source", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lockorder-full-") as folder:
        finding = run(arguments.lockorder, arguments.program, folder)
    certainty = arguments.source.stem.rsplit("_", 1)[1]
    expect("certainty", certainty, finding["certainty"])
    if certainty == "proven":
        check_schedule(finding["schedule"], arguments.source)
    else:
        expect("schedule", None, finding["schedule"])


if __name__ == "__main__":
    main()
