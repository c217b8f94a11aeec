"""A program linked with jemalloc, with and without jemalloc's own background threads. Its path is the first argument; an empty
one says that jemalloc was not found when the tests were built."""

import sys

from program_case import ProgramCase, main, skip


class Jemalloc(ProgramCase):
    def __init__(self, program):
        self.program = program

    def command(self, folder):
        return [self.program]


class BackgroundThreads(Jemalloc):
    environment = {"MALLOC_CONF": "background_thread:true,dirty_decay_ms:20"}


PROGRAM = sys.argv.pop(1)
if not PROGRAM:
    skip("jemalloc was not found when the tests were built (Debian package libjemalloc-dev)")
main(Jemalloc(PROGRAM), BackgroundThreads(PROGRAM))
