"""Runs a test program of the primitives under a tool that must find nothing.

    run_under.py lockorder|helgrind|tsan PROGRAM --lockorder COMMAND

Exit status: 0, nothing found and the program succeeded; 77, the tool is missing or cannot run here; else 1."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
FOUND = 66
# Of what the program does again and again, so many times less: a tool sees it the first few times as well.
DIVISOR = {"lockorder": 4, "helgrind": 40, "tsan": 10}
# What Helgrind says wrongly of the library, and what the tests provoke.
HERE = Path(__file__).resolve().parent
SUPPRESSIONS = [HERE.parent.parent / "primitives" / "helgrind.supp", HERE / "helgrind.supp"]
# What ThreadSanitizer says where the kernel's addresses are too random for it.
CANNOT_RUN = "unexpected memory mapping"


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def without_random_addresses():
    return ["setarch", "--addr-no-randomize"] if shutil.which("setarch") else []


def command(tool, program, lockorder):
    if tool == "lockorder":
        return [lockorder, "run", f"--error-exitcode={FOUND}", "--", program]
    if tool == "tsan":
        return [*without_random_addresses(), program]
    if not shutil.which("valgrind"):
        skip("valgrind is not installed")
    return ["valgrind", "--quiet", "--tool=helgrind", f"--error-exitcode={FOUND}", "--fair-sched=try",
            *(f"--suppressions={file}" for file in SUPPRESSIONS), program]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", choices=DIVISOR)
    parser.add_argument("program")
    parser.add_argument("--lockorder", required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lockorder-primitives-") as folder:
        environment = {**os.environ, "LOCKORDER_TEST_DIVISOR": str(DIVISOR[arguments.tool]), "TMPDIR": folder,
                       "TSAN_OPTIONS": f"exitcode={FOUND}:second_deadlock_stack=1"}
        done = subprocess.run(command(arguments.tool, arguments.program, arguments.lockorder), env=environment, cwd=folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", check=False)
    if arguments.tool == "tsan" and CANNOT_RUN in done.stdout:
        skip("ThreadSanitizer cannot run on this kernel")
    print(done.stdout)
    sys.exit(0 if done.returncode == 0 else 1)


main()
