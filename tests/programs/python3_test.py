"""/usr/bin/python3 with threads, and with processes started by them."""

import textwrap

from program_case import ProgramCase, main

PROGRAM = textwrap.dedent("""
    import concurrent.futures, hashlib, queue, subprocess, sys, threading

    jobs, results, guard, total = queue.Queue(maxsize=8), queue.Queue(), threading.Lock(), 0

    def worker():
        global total
        while (job := jobs.get()) is not None:
            digest = hashlib.sha256(job.to_bytes(4, "big") * 20000).hexdigest()   # gives the interpreter lock away
            with guard:
                total += job
            results.put(digest)

    threads = [threading.Thread(target=worker, name=f"worker-{number}") for number in range(4)]
    for thread in threads: thread.start()
    for job in range(2000): jobs.put(job)
    for thread in threads: jobs.put(None)
    for thread in threads: thread.join()
    print(total, hashlib.sha256("".join(sorted(results.get() for _ in range(2000))).encode()).hexdigest())

    turn, turns = threading.Condition(), []
    def player(parity):
        for number in range(500):
            with turn:
                turn.wait_for(lambda: len(turns) % 2 == parity)
                turns.append(parity)
                turn.notify_all()
    players = [threading.Thread(target=player, args=(parity,)) for parity in (0, 1)]
    for thread in players: thread.start()
    for thread in players: thread.join()
    print(turns == [0, 1] * 500)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda number: subprocess.run([sys.executable, "-c", f"print({number} ** 2)"],
                                                         capture_output=True, text=True, check=True).stdout, range(8))
        print("".join(answers).split())
    sys.exit(7)
""")


class Python3(ProgramCase):
    needs = [("/usr/bin/python3", "python3")]
    least_traces = 9

    def prepare(self, folder):
        (folder / "threads.py").write_text(PROGRAM, encoding="ascii")

    def command(self, folder):
        return ["/usr/bin/python3", "-I", "threads.py"]


main(Python3())
