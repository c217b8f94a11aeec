"""A signal handler that locks may interrupt a lock call at any instruction: what both have locked is counted, and in the history of
--record=full each acquisition is followed by its release, in order, or the history has ended, which is told. (stepped.c)"""

import argparse
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

AT_ONCE = 2
SECONDS = 120
ROUNDS = 4
FORKED = re.compile(r"trace .* forked\b")
CALL = re.compile(r"    (acquired|released) number=\d+ object=(0x[0-9a-f]+)")


class Failure(Exception):
    """What is wrong."""


def dump(lockorder, trace):
    answer = subprocess.run([lockorder, "dump", trace], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                            check=False)
    if answer.returncode != 0 or answer.stderr:
        raise Failure(f"lockorder dump {trace}: status {answer.returncode}: {answer.stderr}")
    return answer.stdout


def passed_through(text):
    """How many of the handler's calls were: only those that interrupt the recorder itself, which a build that checks itself enters in each
    call. They are counted."""
    return "limit reentered=1" in text


def check_history(text, trace):
    """Of calls that are repeated, which only the outer lock is, the dump shows the first."""
    held, acquired = [], []
    for call, lock in CALL.findall(text):
        if call == "acquired":
            held.append(lock)
            acquired.append(lock)
        elif not held or held.pop() != lock:
            raise Failure(f"{trace}: {lock} is released, which was not acquired last:\n{text}")
    ended = "limit history=1" in text
    of_handlers_seen = ROUNDS - passed_through(text)
    outer, inner, *of_handler = dict.fromkeys(acquired)
    seen = acquired.count(inner), sum(map(acquired.count, of_handler))
    if not ended and (held or seen != (ROUNDS, of_handlers_seen) or acquired.count(outer) < 2 * ROUNDS):
        raise Failure(f"{trace}: not all calls are in the history; at the end {held} are held:\n{text}")
    return ended


def check(arguments, trace, text):
    counted = int(re.search(r"^thread 1 .* acquisitions=(\d+)", text, re.MULTILINE)[1])
    expected = ROUNDS * (5 + 1) - passed_through(text)
    if counted != expected:
        raise Failure(f"{trace}: {counted} acquisitions are counted instead of {expected}:\n{text}")
    return arguments.record == "full" and check_history(text, trace)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--lockorder", "--preload", "--program", "--record"):
        parser.add_argument(option, required=True)
    parser.add_argument("--steps", type=int, default=80000, help="in all, at most")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lockorder-stepped-") as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        environment = {"LD_PRELOAD": arguments.preload, "LOCKORDER_OPTIONS": f"trace_dir={folder}:report=no:record={arguments.record}"}
        outcome = subprocess.run([arguments.program, str(arguments.steps)], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 timeout=SECONDS, check=False)
        if outcome.returncode != 0 or outcome.stderr:
            sys.exit(f"{arguments.program}: status {outcome.returncode}: {outcome.stderr}")
        places = int(outcome.stdout)
        traces = list(Path(folder).iterdir())
        if places < 10 or len(traces) != places + 2:
            sys.exit(f"{len(traces)} traces of {places} places, of all of the code, and of who walked through it")
        texts = pool.map(lambda trace: dump(arguments.lockorder, trace), traces)
        ended = sum(check(arguments, trace, text) for trace, text in zip(traces, texts) if FORKED.match(text))
    print(f"interrupted at {places} instructions; {ended} histories have ended there")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(str(failure))
