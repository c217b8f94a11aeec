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

SLACK = 0.5  # of an instruction: what is spread over all iterations
LAYOUTS = 3  # of the stack: in few of them, two keys of the thread's cache get into each other's way
SKIPPED = 77


def instructions(arguments, preload, scenario, iterations, layout):
    with tempfile.TemporaryDirectory(prefix="lockorder-budget-") as folder:
        environment = {"PATH": os.environ["PATH"], "LD_PRELOAD": preload, "LOCKORDER_OPTIONS": f"report=no:trace_dir={folder}",
                       "LAYOUT": layout * 48 * " "}
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", arguments.program, scenario, str(iterations)]
        outcome = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                                 check=False)
    counted = re.search(r"Collected : (\d+)", outcome.stderr)
    if outcome.returncode != 0 or not counted:
        sys.exit(f"{scenario}: valgrind ended with status {outcome.returncode}: {outcome.stderr}")
    return int(counted[1])


def per_operation(arguments, preload, scenario, budget, layout=0):
    """In the steady state: what the second half of the iterations costs."""
    iterations = budget["iterations"]
    once, twice = (instructions(arguments, preload, scenario, count, layout) for count in (iterations, 2 * iterations))
    return (twice - once) / (iterations * budget["operations"])


def added_by_recorder(arguments, scenario, budget, native):
    for layout in range(LAYOUTS):
        added = per_operation(arguments, arguments.recorder, scenario, budget, layout) - native
        if added <= budget["instructions"] + SLACK:
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
    for scenario, budget in json.loads(Path(arguments.budget).read_text()).items():
        native = per_operation(arguments, "", scenario, budget)
        added = added_by_recorder(arguments, scenario, budget, native)
        allowed = budget["instructions"]
        print(f"{scenario}: {added:.1f} instructions more than the {native:.1f} natively; the budget is {allowed}")
        if added > allowed + SLACK:
            print(f"{scenario}: over the budget")
            failed = True
        elif added < allowed - 2:
            print(f"{scenario}: lower the budget")
    sys.exit(failed)


main()
