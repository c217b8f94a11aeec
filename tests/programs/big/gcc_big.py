"""cmake, make -j and gcc, which build the analyzer of this project: some hundred processes, a trace each."""

import hashlib
from pathlib import Path

from program_case import ProgramCase, main

ROOT = Path(__file__).resolve().parents[3]


class Build(ProgramCase):
    needs = [("gcc", "gcc"), ("cmake", "cmake"), ("make", "make")]
    seconds = 600
    least_traces = 50

    def command(self, folder):
        return ["sh", "-c", f"cmake -S {ROOT} -B build -DCMAKE_BUILD_TYPE=MinSizeRel >configured && make -C build -j8 lockorder >built"]

    def produced(self, folder):
        """No debug information: nothing in an object file names the folder."""
        return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.o"))}


main(Build())
