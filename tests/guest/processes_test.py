"""Starts processes in every way, with shells among them, which take no locks."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "programs"))
from program_case import ProgramCase, main  # noqa: E402


class StartsProcesses(ProgramCase):
    seconds = 120

    def __init__(self, program):
        self.program = program

    def command(self, folder):
        return [self.program, "10"]

    def judge(self, findings):
        return f"expected none, found {findings}" if findings else None


main(StartsProcesses(sys.argv.pop(1)))
