"""pbzip2: compresses with two threads, tests what it made, and says so by its exit status."""

import subprocess

from compressible import write_text
from program_case import ProgramCase, main

COMPRESS = ["pbzip2", "-p2", "-b1", "-1"]


class Compress(ProgramCase):
    needs = [("pbzip2", "pbzip2")]

    def prepare(self, folder):
        write_text(folder / "words", 8)

    def command(self, folder):
        return [*COMPRESS, "words"]


class Decompress(ProgramCase):
    needs = Compress.needs

    def prepare(self, folder):
        write_text(folder / "words", 8)
        subprocess.run([*COMPRESS, "words"], cwd=folder, check=True)

    def command(self, folder):
        return ["pbzip2", "-p2", "-d", "words.bz2"]


main(Compress(), Decompress())
