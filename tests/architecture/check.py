"""What the checks of this folder share."""
import argparse
import shutil
import subprocess
import sys
from pathlib import Path

SKIPPED = 77


def arguments(description, library=False):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=Path, required=True, help="the project's sources")
    if library:
        parser.add_argument("--library", type=Path, required=True, help="the recorder's library")
    return parser.parse_args()


def tool_output(*command):
    """What a tool prints. The test is skipped where the tool is missing."""
    if not shutil.which(command[0]):
        print(f"skipped: {command[0]} is not installed")
        sys.exit(SKIPPED)
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def finish(problems, fine):
    """Prints each problem and ends the test."""
    problems = list(problems)
    print("\n".join(problems) or fine)
    sys.exit(1 if problems else 0)
