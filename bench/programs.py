"""What the recorder costs real programs: wall time of those that end, the time of a request of those that serve; and the start of a
process. Programs with and without it take turns, and the order changes. Servers run side by side, and it is their load that takes turns,
every second or less: a machine that is slower for a while is so for all of them."""

import getpass
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import namedtuple
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from measuring import Ratio, Way, judge, table

START_SECONDS = 40
STARTS = 200
PYTHON = """
import hashlib, json, queue, threading, zlib
tasks, results = queue.Queue(100), queue.Queue()
def work():
    while (number := tasks.get()) is not None:
        text = json.dumps([number + i for i in range(2000)]).encode()
        results.put(hashlib.sha256(zlib.compress(text)).hexdigest())
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for number in [*range(6000), *[None] * len(threads)]: tasks.put(number)
for thread in threads: thread.join()
"""
SQLITE = "create table t(a, b);" + "insert into t values(1, 2);" * 100000 + "select count(*) from t;"


def wait_for(answers):
    end = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > end:
            sys.exit("run.py: a server does not answer")
        time.sleep(0.05)


def quiet(command, **keywords):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **keywords)


Start = namedtuple("Start", "before environment")  # what stands before a command


def timed(command, start, folder):
    begin = time.monotonic()
    subprocess.run([*start.before, *command], env=start.environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - begin


def pbzip2(start, folder):
    if not (folder / "text").exists():
        (folder / "text").write_bytes(b"".join(b"%d squared is %d\n" % (i, i * i) for i in range(500000)))
    return timed(["pbzip2", "-k", "-f", "-p2", "text"], start, folder)


def python3(start, folder):
    return timed([sys.executable, "-c", PYTHON], start, folder)


def sqlite3(start, folder):
    (folder / "sql").write_text(SQLITE)
    return timed(["sqlite3", ":memory:", ".read sql"], start, folder)


@contextmanager
def redis(start, folder, in_flight=1):
    """Each of 20 clients waits for the answers to so many requests before it goes on."""
    command = ["redis-server", "--port", "0", "--unixsocket", "socket", "--io-threads", "2", "--save", ""]
    load = ["redis-benchmark", "-s", "socket", "-c", "20", "-n", str(20000 * in_flight), "-P", str(in_flight), "-q", "--csv", "-t", "set"]
    server = subprocess.Popen([*start.before, *command], env=start.environment, cwd=folder, stdout=subprocess.DEVNULL)
    wait_for(lambda: quiet(["redis-cli", "-s", "socket", "ping"], cwd=folder).stdout.strip() == "PONG")
    yield lambda: 1 / float(quiet(load, cwd=folder).stdout.splitlines()[-1].split(",")[1].strip('"'))
    quiet(["redis-cli", "-s", "socket", "shutdown", "nosave"], cwd=folder)
    server.wait()


@contextmanager
def memcached(start, folder):
    """The load that comes with libmemcached: 9 gets of 1 KB for each set, 16 clients at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["memcached", "-u", getpass.getuser(), "-l", "127.0.0.1", "-p", str(port), "-t", "2"]
    load = ["memcaslap", "-s", f"127.0.0.1:{port}", "-T", "1", "-c", "16"]
    server = subprocess.Popen([*start.before, *command], env=start.environment, cwd=folder)
    wait_for(lambda: "TPS: 0 " not in quiet([*load, "-x", "100"]).stdout)
    yield lambda: 1 / float(quiet([*load, "-x", "30000"]).stdout.split("TPS: ")[1].split()[0])
    server.terminate()
    server.wait()


MEMCACHED_CLIENT = """
import socket, sys, time
connections = [socket.socket(socket.AF_UNIX) for _ in range(8)]
for c in connections: c.connect("socket")
batch = b"".join(b"set k%d 0 0 5\\r\\nhello\\r\\nget k%d\\r\\n" % (i, i) for i in range(50))
size = len(b"STORED\\r\\n") * 50 + sum(len(b"VALUE k%d 0 5\\r\\nhello\\r\\nEND\\r\\n" % i) for i in range(50))
begin = time.monotonic()
for _ in range(400):
    for c in connections: c.sendall(batch)
    for c in connections:
        left = size
        while left: left -= len(c.recv(left))
print(time.monotonic() - begin)
"""


@contextmanager
def memcached_in_batches(start, folder):
    command = ["memcached", "-u", getpass.getuser(), "-s", "socket", "-t", "2"]
    server = subprocess.Popen([*start.before, *command], env=start.environment, cwd=folder)
    wait_for(lambda: (folder / "socket").exists())
    time.sleep(0.1)
    yield lambda: float(quiet([sys.executable, "-c", MEMCACHED_CLIENT], cwd=folder).stdout)
    server.terminate()
    server.wait()
    (folder / "socket").unlink(missing_ok=True)


@contextmanager
def mariadb(start, folder):
    """The time of a transaction."""
    user, place = getpass.getuser(), f"{folder}/socket"
    if not (folder.parent / "installed").exists():
        quiet(["mariadb-install-db", "--no-defaults", f"--datadir={folder.parent}/installed", f"--user={user}",
               "--auth-root-authentication-method=normal", "--skip-test-db"])
    shutil.rmtree(folder / "data", ignore_errors=True)
    shutil.copytree(folder.parent / "installed", folder / "data")
    command = ["/usr/sbin/mariadbd", "--no-defaults", f"--datadir={folder}/data", f"--socket={place}", f"--user={user}", "--skip-networking",
               "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", f"--pid-file={folder}/pid", f"--log-error={folder}/log"]
    server = subprocess.Popen([*start.before, *command], env=start.environment, stderr=subprocess.DEVNULL)
    admin = ["mariadb-admin", "--no-defaults", f"--socket={place}", "-u", "root"]
    load = ["sysbench", "oltp_read_write", "--db-driver=mysql", f"--mysql-socket={place}", "--mysql-user=root", "--mysql-db=bench",
            "--tables=2", "--table-size=5000", "--threads=2", "--time=1", "--mysql-ignore-errors=all"]
    wait_for(lambda: quiet([*admin, "ping"]).returncode == 0)
    quiet([*admin, "create", "bench"])
    quiet([*load, "prepare"])
    yield lambda: 1 / float(next(line for line in quiet([*load, "run"]).stdout.splitlines()
                                 if "transactions:" in line).split("(")[1].split()[0])
    quiet([*admin, "shutdown"])
    server.wait()


WITHIN, FULL_WITHIN = 1.02, 1.1  # what is promised for programs that do what they are made for

class Program:
    """How it is run once, or kept running and loaded; what it needs to be installed; and whether something is promised: those without a
    promise do little else than lock, and show the most that it can cost."""

    def __init__(self, needs, run=None, server=None, promised=True):
        self.needs, self.run, self.server, self.promised = needs, run, server, promised


REDIS = ["redis-server", "redis-benchmark", "redis-cli"]
PROGRAMS = {
    "pbzip2 -p2, wall time": Program(["pbzip2"], pbzip2),
    "python3, 4 threads and 2 queues, wall time": Program([sys.executable], python3),
    "redis with io-threads, time of a request": Program(REDIS, server=redis),
    "memcached -t 2 under memaslap, time of an operation": Program(["memcached", "memcaslap"], server=memcached),
    "mariadb under sysbench, time of a transaction": Program(["/usr/sbin/mariadbd", "sysbench", "mariadb-install-db"], server=mariadb),
    "redis, 8 requests of a client at once": Program(REDIS, server=partial(redis, in_flight=8), promised=False),
    "memcached, 100 requests of a client at once": Program(["memcached"], server=memcached_in_batches, promised=False),
    "sqlite3, 100,000 inserts into memory": Program(["sqlite3"], sqlite3, promised=False),
}

SERVERS_OF_EACH_WAY = 15  # one after the other: where its memory lies makes each a little faster or slower
TURNS = 6                 # of its load for each pair that is asked for, in all


def start_of(way, traces, copies):
    return Start(way.before, way.environment(traces, copies))


@contextmanager
def places(ways):
    """For each way what makes a start, and a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as name:
        folder = Path(name)
        for inner in ("traces", "copies", *[way.name for way in ways]):
            (folder / inner).mkdir()
        for way in ways:
            way.best = []
        yield [(partial(start_of, way, folder / "traces", folder / "copies"), folder / way.name) for way in ways]


def compare(run, ways, pairs):
    with places(ways) as starts:
        folder = starts[0][1]  # of all: what is made once is there for the others
        run(starts[0][0](), folder)  # a warm-up
        turns = [(way, start) for way, (start, _) in zip(ways, starts)]
        for pair in range(pairs):
            for way, start in turns if pair % 2 else turns[::-1]:
                way.best.append(run(start(), folder))


def compare_servers(server, ways, pairs):
    with places(ways) as starts:
        for _ in range(SERVERS_OF_EACH_WAY):
            with ExitStack() as running:
                turns = [(way, running.enter_context(server(start(), folder))) for way, (start, folder) in zip(ways, starts)]
                for _, load in turns:
                    load()  # a warm-up
                for turn in range(pairs * TURNS // SERVERS_OF_EACH_WAY):
                    for way, load in turns if turn % 2 else turns[::-1]:
                        way.best.append(load())


def programs(build, pairs, skipped):
    rows = []
    preload = build / "preload" / "liblockorder-preload.so"
    for text, program in PROGRAMS.items():
        missing = [need for need in program.needs if shutil.which(need) is None]
        if missing:
            skipped.append(f"{text.split(',')[0]}: {missing[0]} is not installed")
            continue
        native, lockorder, full = ways = [Way("native"), Way("lockorder", preload), Way("full", preload, ":record=full:max_trace_size=2000")]
        if program.server:
            compare_servers(program.server, ways, pairs)
        else:
            compare(program.run, ways, pairs)
        ratio, of_full = Ratio(lockorder.best, native.best), Ratio(full.best, native.best)
        print(f"{text:50} {ratio} full {of_full}", file=sys.stderr)
        rows.append([text, ratio, judge(ratio.median, WITHIN if program.promised else None), of_full,
                     judge(of_full.median, FULL_WITHIN if program.promised else None)])
    return table(["program", "lockorder / native", "", "with --record=full", ""], rows)


def start_of_a_process(build):
    native, lockorder = ways = [Way("native"), Way("lockorder", build / "preload" / "liblockorder-preload.so")]
    compare(lambda start, folder: timed(["/bin/true"], start, folder), ways, STARTS)
    more = statistics.median(lockorder.best) - statistics.median(native.best)
    return (f"Start and exit of /bin/true take {statistics.median(native.best) * 1e3:.2f} ms, and {more * 1e3:.2f} ms more under lockorder "
            f"(medians of {STARTS}; at most 3 ms: {judge(more * 1e3, 3)}).")
