"""/usr/bin/python3: its locks, which are semaphores inside. All of its primitives in one order; an inversion of plain locks that
never met each other; and one that does meet, and hangs."""

import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from program_case import ProgramCase, main

PYTHON = "/usr/bin/python3"

CLEAN = textwrap.dedent("""
    import concurrent.futures, queue, random, threading

    outer, inner, again = threading.Lock(), threading.Lock(), threading.RLock()
    slots, bounded = threading.Semaphore(3), threading.BoundedSemaphore(1)
    full, go, meeting = threading.Condition(), threading.Event(), threading.Barrier(6)
    jobs, urgent, undo = queue.Queue(maxsize=4), queue.PriorityQueue(), queue.LifoQueue()
    total, filled = 0, 0

    def work(number):
        global total, filled
        go.wait()
        for turn in range(60):
            with outer:
                with inner, again, again:
                    total += turn
            with slots, bounded:
                total += 0
            if outer.acquire(timeout=0.001):
                outer.release()
            with full:
                filled += 1
                full.notify_all()
                full.wait_for(lambda: filled > 100, timeout=0.0001)
            jobs.put(turn); jobs.get(); jobs.task_done()
            urgent.put(turn); undo.put(turn); urgent.get(); undo.get()
        meeting.wait()

    workers = [threading.Thread(target=work, args=(number,), name=f"worker-{number}") for number in range(6)]
    for worker in workers: worker.start()
    go.set()
    jobs.join()
    for worker in workers: worker.join()
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        squares = list(pool.map(lambda number: number * number, range(50)))
    timer = threading.Timer(0.001, go.clear)
    timer.start()
    timer.join()
    print(total, filled, sum(squares), go.is_set())
""")

INVERSION = textwrap.dedent("""
    import threading

    table, row = threading.Lock(), threading.Lock()

    def forward():
        with table:
            with row: pass

    def backward():
        with row:
            with table: pass

    threading.Event().wait(0.001)    # somewhere, the interpreter waits for a lock; for these two, nobody ever does
    both = [threading.Thread(target=function) for function in (forward, backward)]
    both[0].start()
    both[1].start()
    for thread in both: thread.join()
    print("went well")
""")

DEADLOCK = textwrap.dedent("""
    import threading

    table, row, both_hold = threading.Lock(), threading.Lock(), threading.Barrier(2)

    def forward():
        with table:
            both_hold.wait()
            with row: pass

    def backward():
        with row:
            both_hold.wait()
            with table: pass

    for function in (forward, backward): threading.Thread(target=function).start()
""")


class Script(ProgramCase):
    needs = [(PYTHON, "python3")]
    text = ""

    def prepare(self, folder):
        (folder / "script.py").write_text(self.text, encoding="ascii")

    def command(self, folder):
        return [PYTHON, "-I", "script.py"]


def is_new(found):
    """The hand-over of the interpreter lock, which is seen now and then, is known to be harmless."""
    return found["status"] == "new"


class Clean(Script):
    text = CLEAN

    def judge(self, findings):
        return "; ".join(found["title"] for found in findings if is_new(found)) or None


class Inversion(Script):
    text = INVERSION

    def judge(self, findings):
        kinds = [(found["kind"], {step["wants"]["lock"]["kind"] for step in found["steps"]})
                 for found in findings if is_new(found)]
        return None if kinds == [("cycle", {"semaphore"})] else f"expected one cycle of two semaphores, found {kinds}"


def deadlock():
    """The program hangs; the recorder has to see it, and ends it."""
    arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
    with tempfile.TemporaryDirectory(prefix="lockorder-program-") as folder:
        script = Path(folder) / "script.py"
        script.write_text(DEADLOCK, encoding="ascii")
        run = subprocess.run([arguments["--lockorder"], "run", "--on-deadlock", "exit", "--trace-dir", Path(folder) / "traces",
                              "--", PYTHON, "-I", script], capture_output=True, text=True, timeout=60, check=False)
    if run.returncode != 66 or "2 threads are deadlocked" not in run.stderr:
        sys.exit(f"FAILED: expected a deadlock to be told, and status 66; got {run.returncode}\n{run.stderr}")


deadlock()
main(Clean(), Inversion())
