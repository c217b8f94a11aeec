"""A program linked with another allocator; with jemalloc, also with jemalloc's own background threads. The allocator's name is the
first argument, the program's path the second; an empty one says that the allocator was not found when the tests were built."""

import sys

from program_case import ProgramCase, main, skip

PACKAGES = {"jemalloc": "libjemalloc-dev", "tcmalloc": "libtcmalloc-minimal4"}


class Linked(ProgramCase):
    def __init__(self, program):
        self.program = program

    def command(self, folder):
        return [self.program]


class BackgroundThreads(Linked):
    environment = {"MALLOC_CONF": "background_thread:true,dirty_decay_ms:20"}


ALLOCATOR, PROGRAM = sys.argv.pop(1), sys.argv.pop(1)
if not PROGRAM:
    skip(f"{ALLOCATOR} was not found when the tests were built (Debian package {PACKAGES[ALLOCATOR]})")
main(*[kind(PROGRAM) for kind in (Linked, BackgroundThreads) if kind is Linked or ALLOCATOR == "jemalloc"])
