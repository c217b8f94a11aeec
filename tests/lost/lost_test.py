"""However a program ends, what the recorder had committed is in the trace, and the trace is readable.

The program announces every pair of locks that it nests in a second file (announces.c). It is killed at random moments, of which
--moments says how many; then it ends in every way that a program can. At last a small trace of it is cut off at every byte."""

import argparse
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LEAST = 0.004        # seconds of locking, at most, before a kill
AT_ONCE = 2
SECONDS = 60
ENOUGH, FEW = 300, 3  # pairs of each thread before an ending
ANNOUNCEMENT = struct.Struct("<4Q")
STATUSES = {"killed-by-itself": -9, "abort": -6, "segfault": -11, "_exit": 3, "exit": 3, "quick_exit": 3, "exec": 3, "fork": -9}
LOCK = re.compile(r"lock (\d+) kind=mutex address=(0x[0-9a-f]+)")
DEPENDENCY = re.compile(r"dependency \d+ lock=(\d+)")
HELD = re.compile(r" +held lock=(\d+)")


class Failure(Exception):
    """What is missing."""


def ask(lockorder, command, trace):
    """What a command of lockorder's says of the trace, which must be readable."""
    answer = subprocess.run([lockorder, command, trace], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                            check=False)
    if answer.returncode != 0 or answer.stderr:
        raise Failure(f"lockorder {command} {trace}: status {answer.returncode}: {answer.stderr}")
    return answer.stdout


def dependencies(lockorder, trace):
    """Pairs of addresses: a lock held, and one waited for."""
    addresses, pairs, wanted = {}, set(), None
    for line in ask(lockorder, "dump", trace).splitlines():
        if match := HELD.match(line):
            pairs.add((addresses.get(match[1]), wanted))
        elif match := LOCK.match(line):
            addresses[match[1]] = int(match[2], 16)
        elif match := DEPENDENCY.match(line):
            wanted = addresses.get(match[1])
    return pairs


def announced(path):
    """The same pairs, by the second channel."""
    pairs = set()
    for outer, inner, size, count in ANNOUNCEMENT.iter_unpack(path.read_bytes() if path.exists() else b""):
        for i in range(count):
            pairs.add((outer, inner + i * size))
            if i % 2 == 1:
                pairs.add((inner + (i - 1) * size, inner + i * size))
    return pairs


class Program:
    """One run of the program, in a folder of its own."""

    def __init__(self, arguments, folder, ending, pairs=ENOUGH):
        folder.mkdir()
        self.lockorder = arguments.lockorder
        self.folder, self.announcements = folder, folder / "announced"
        options = f"trace_dir={folder}:report=no:record={arguments.record}"
        environment = {"LD_PRELOAD": str(arguments.preload), "LOCKORDER_OPTIONS": options}
        self.process = os.posix_spawn(arguments.program, [str(arguments.program), str(self.announcements), ending, str(pairs)], environment)

    def wait(self):
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def check(self):
        """Returns how many pairs there were. The program's own trace is the one of the first image, before an exec or a fork."""
        expected = announced(self.announcements)
        traces = sorted(self.folder.glob("*.lockorder"))
        own = self.folder / f"announces.{self.process}.lockorder"
        if not traces:
            if expected:
                raise Failure(f"{own}: no trace, though {len(expected)} pairs were announced")
            return 0
        missing = expected - dependencies(self.lockorder, own)
        if missing:
            raise Failure(f"{own}: {len(missing)} of {len(expected)} announced pairs are missing, as {sorted(missing)[0]}")
        for trace in traces:
            ask(self.lockorder, "report", trace)
        return len(expected)


def kill_at_a_random_moment(arguments, folder, seconds):
    program = Program(arguments, folder, "killed")
    time.sleep(seconds)
    os.kill(program.process, 9)
    status = program.wait()
    if status != -9:
        raise Failure(f"{folder}: the program ended with status {status} before it was killed")
    count = program.check()
    for path in folder.iterdir():
        path.unlink()
    return count


def seconds_until_it_locks(arguments, folder):
    """On this machine, now."""
    start = time.monotonic()
    program = Program(arguments, folder, "killed")
    while not announced(program.announcements) and time.monotonic() < start + SECONDS:
        time.sleep(0.0005)
    took = time.monotonic() - start
    os.kill(program.process, 9)
    program.wait()
    return took


def check_kills(arguments, folder, source):
    """Some moments come before the recorder has begun."""
    until_it_locks = seconds_until_it_locks(arguments, folder / "first")
    moments = [source.uniform(0, 1.5 * until_it_locks + LEAST) for _ in range(arguments.moments)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        counts = list(pool.map(lambda numbered: kill_at_a_random_moment(arguments, folder / f"kill-{numbered[0]}", numbered[1]),
                               enumerate(moments)))
    busy = sum(count > 0 for count in counts)
    print(f"killed {len(counts)} times, {busy} times while it locked; {sum(counts)} announced pairs, all in the traces")
    if busy < len(counts) // 4:
        raise Failure(f"expected it to be killed while it locks at least {len(counts) // 4} times, found {busy}")


def check_endings(arguments, folder):
    for ending, expected in STATUSES.items():
        program = Program(arguments, folder / ending, ending)
        status = program.wait()
        if status != expected:
            raise Failure(f"{ending}: expected status {expected}, got {status}")
        count = program.check()
        if count == 0:
            raise Failure(f"{ending}: nothing was announced")
        print(f"{ending}: {count} announced pairs, all in the trace")


def check_truncation(arguments, folder):
    program = Program(arguments, folder / "truncated", "_exit", FEW)
    program.wait()
    program.check()
    (trace,) = program.folder.glob("*.lockorder")
    answer = subprocess.run([arguments.truncate, trace], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                            check=False)
    print(answer.stdout, end="")
    if answer.returncode != 0:
        raise Failure(f"{arguments.truncate} {trace}: status {answer.returncode}: {answer.stdout}{answer.stderr}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True, type=Path, help="the command")
    parser.add_argument("--preload", required=True, type=Path, help="the recorder's library")
    parser.add_argument("--program", required=True, type=Path, help="what announces.c was built to")
    parser.add_argument("--truncate", required=True, type=Path, help="what truncated.c was built to")
    parser.add_argument("--record", default="dependencies", help="what the recorder keeps")
    parser.add_argument("--moments", type=int, default=1000, help="how often to kill it")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="of the moments")
    arguments = parser.parse_args()
    print(f"--record={arguments.record} --seed={arguments.seed}")
    folder = Path(tempfile.mkdtemp(prefix="lockorder-lost-"))
    try:
        check_kills(arguments, folder, random.Random(arguments.seed))
        check_endings(arguments, folder)
        check_truncation(arguments, folder)
    except Failure as failure:
        print(f"FAILED (its files are kept in {folder}): {failure}")
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
