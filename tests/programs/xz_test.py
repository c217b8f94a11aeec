"""xz -T2: compresses with two threads, and decompresses what it made."""

import subprocess

from compressible import write_text
from program_case import ProgramCase, main

COMPRESS = ["xz", "-T2", "-1", "--block-size=512KiB"]


class Compress(ProgramCase):
    needs = [("xz", "xz-utils")]

    def prepare(self, folder):
        write_text(folder / "words", 12)

    def command(self, folder):
        return [*COMPRESS, "words"]


class Decompress(ProgramCase):
    needs = Compress.needs

    def prepare(self, folder):
        write_text(folder / "words", 12)
        subprocess.run([*COMPRESS, "words"], cwd=folder, check=True)

    def command(self, folder):
        return ["xz", "-T2", "-d", "words.xz"]


main(Compress(), Decompress())
