"""gdb --version: a large program with many libraries, which ends before it does anything."""

from program_case import ProgramCase, main


class Gdb(ProgramCase):
    needs = [("gdb", "gdb")]
    takes_locks = False

    def command(self, folder):
        return ["gdb", "--version"]


main(Gdb())
