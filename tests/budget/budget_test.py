"""Instructions that the recorder adds to lock calls, counted by callgrind: exact, so that they cannot drift unnoticed. budget.json has the
number that each scenario may cost; a change that costs more has to say so there. What costs less is told, so that it is written down."""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

SLACK = 0.5  # of an instruction: what is spread over all iterations
LAYOUTS = 3  # of the stack: in few of them, two keys of the thread's cache get into each other's way
SKIPPED = 77


class Row(NamedTuple):
    """What budget.json says under a name."""
    name: str
    iterations: int
    operations: int  # in each of them
    instructions: int
    scenario: str
    options: str = "record=dependencies"


def rows(path):
    return [Row(**{"name": name, "scenario": name, **row}) for name, row in json.loads(Path(path).read_text()).items()]


def instructions(arguments, preload, row, iterations, layout):
    with tempfile.TemporaryDirectory(prefix="lockorder-budget-") as folder:
        environment = {"PATH": os.environ["PATH"], "LD_PRELOAD": preload,
                       "LOCKORDER_OPTIONS": f"report=no:trace_dir={folder}:{row.options}", "LAYOUT": layout * 48 * " "}
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", arguments.program, row.scenario, str(iterations)]
        outcome = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                                 check=False)
    counted = re.search(r"Collected : (\d+)", outcome.stderr)
    if outcome.returncode != 0 or not counted:
        sys.exit(f"{row.name}: valgrind ended with status {outcome.returncode}: {outcome.stderr}")
    return int(counted[1])


def per_operation(arguments, preload, row, layout=0):
    """In the steady state: what the second half of the iterations costs."""
    once, twice = (instructions(arguments, preload, row, count, layout) for count in (row.iterations, 2 * row.iterations))
    return (twice - once) / (row.iterations * row.operations)


def added_by_recorder(arguments, row, native):
    for layout in range(LAYOUTS):
        added = per_operation(arguments, arguments.recorder, row, layout) - native
        if added <= row.instructions + SLACK:
            break
    return added


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--program", "--recorder", "--budget"):
        parser.add_argument(option, required=True)
    arguments = parser.parse_args()
    if subprocess.run(["sh", "-c", "command -v valgrind"], capture_output=True, check=False).returncode != 0:
        print("skipped: valgrind is not installed")
        sys.exit(SKIPPED)
    failed = False
    for row in rows(arguments.budget):
        native = per_operation(arguments, "", row)
        added = added_by_recorder(arguments, row, native)
        print(f"{row.name}: {added:.1f} instructions more than the {native:.1f} natively; the budget is {row.instructions}")
        if added > row.instructions + SLACK:
            print(f"{row.name}: over the budget")
            failed = True
        elif added < row.instructions - 2:
            print(f"{row.name}: lower the budget")
    sys.exit(failed)


main()
