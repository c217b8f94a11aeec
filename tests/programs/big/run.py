#!/usr/bin/env python3
"""Big real programs under the recorder, one after another: they must do the same as without it, and what is found in them is shown, to be
judged by reading their source (docs/field-notes.md). Not part of the test suite: it takes half an hour, and programs that few machines have.

    tests/programs/big/run.py [--build build/release] [--only NAME,...]

Debian packages: chromium, libreoffice-writer-nogui and libreoffice-calc-nogui (with poppler-utils), mariadb-server and sysbench, nginx-light,
ffmpeg, git, gcc and cmake. What is missing is skipped, and named. Exit status: 0 when nothing differed, 1 otherwise."""

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SKIPPED = 77


def main():
    names = sorted(path.stem.removesuffix("_big") for path in HERE.glob("*_big.py"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release", help="build folder (default: build/release)")
    parser.add_argument("--only", default=",".join(names), help=f"some of {', '.join(names)} (default: all)")
    arguments = parser.parse_args()
    lockorder, preload = arguments.build / "analyzer" / "lockorder", arguments.build / "preload" / "liblockorder-preload.so"
    if not lockorder.exists() or not preload.exists():
        parser.error(f"--build: expected a folder with {lockorder.name} and {preload.name}, found {arguments.build}")
    failed = False
    for name in arguments.only.split(","):
        if name not in names:
            parser.error(f"--only: expected some of {', '.join(names)}, found {name}")
        print(f"=== {name}", flush=True)
        begin = time.monotonic()
        status = subprocess.run([sys.executable, HERE / f"{name}_big.py", "--lockorder", lockorder, "--preload", preload], check=False,
                                env={"PYTHONPATH": str(HERE.parent), "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}).returncode
        told = "passed" if status == 0 else "skipped" if status == SKIPPED else "FAILED"
        failed |= told == "FAILED"
        print(f"=== {name}: {told} after {time.monotonic() - begin:.0f} seconds", flush=True)
    sys.exit(1 if failed else 0)


main()
