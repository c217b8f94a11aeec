"""man formats a page: a pipeline of processes, each in a sandbox of system calls (libseccomp)."""

from program_case import ProgramCase, main

PAGE = """.TH LOCKS 1
.SH NAME
locks \\- are taken in one order
.SH DESCRIPTION
.B first
before
.I second
"""


class Man(ProgramCase):
    needs = [("man", "man-db"), ("groff", "groff-base")]
    takes_locks = False
    environment = {"MANWIDTH": "80", "LC_ALL": "C"}

    def prepare(self, folder):
        (folder / "locks.1").write_text(PAGE)

    def command(self, folder):
        return ["man", "-P", "cat", "-l", "locks.1"]


main(Man())
