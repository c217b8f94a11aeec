"""What the recorder costs real programs: wall time, or throughput; and the start of a process. A pair of runs, with and without, takes
turns; the order within a pair changes."""

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
for number in [*range(1500), *[None] * len(threads)]: tasks.put(number)
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


def redis(start, folder, in_flight=1):
    """Seconds for a request; each of 20 clients waits for the answers to so many before it goes on."""
    command = ["redis-server", "--port", "0", "--unixsocket", "socket", "--io-threads", "2", "--save", ""]
    server = subprocess.Popen([*start.before, *command], env=start.environment, cwd=folder, stdout=subprocess.DEVNULL)
    wait_for(lambda: quiet(["redis-cli", "-s", "socket", "ping"], cwd=folder).stdout.strip() == "PONG")
    told = quiet(["redis-benchmark", "-s", "socket", "-c", "20", "-n", str(40000 * in_flight), "-P", str(in_flight), "-q", "--csv", "-t", "set"], cwd=folder).stdout
    quiet(["redis-cli", "-s", "socket", "shutdown", "nosave"], cwd=folder)
    server.wait()
    return 1 / float(told.splitlines()[-1].split(",")[1].strip('"'))


def memcached(start, folder):
    """Seconds for an operation of the load that comes with libmemcached: 9 gets of 1 KB for each set, 16 clients at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["memcached", "-u", getpass.getuser(), "-l", "127.0.0.1", "-p", str(port), "-t", "2"]
    load = ["memcaslap", "-s", f"127.0.0.1:{port}", "-T", "1", "-c", "16"]
    server = subprocess.Popen([*start.before, *command], env=start.environment, cwd=folder)
    wait_for(lambda: "TPS: 0 " not in quiet([*load, "-x", "100"]).stdout)
    told = quiet([*load, "-x", "100000"]).stdout
    server.terminate()
    server.wait()
    return 1 / float(told.split("TPS: ")[1].split()[0])


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


def memcached_in_batches(start, folder):
    command = ["memcached", "-u", getpass.getuser(), "-s", "socket", "-t", "2"]
    server = subprocess.Popen([*start.before, *command], env=start.environment, cwd=folder)
    wait_for(lambda: (folder / "socket").exists())
    time.sleep(0.1)
    told = quiet([sys.executable, "-c", MEMCACHED_CLIENT], cwd=folder)
    server.terminate()
    server.wait()
    (folder / "socket").unlink(missing_ok=True)
    return float(told.stdout)


def mariadb(start, folder):
    """Seconds for a transaction."""
    user, socket = getpass.getuser(), f"{folder}/socket"
    if not (folder / "installed").exists():
        quiet(["mariadb-install-db", "--no-defaults", f"--datadir={folder}/installed", f"--user={user}",
               "--auth-root-authentication-method=normal", "--skip-test-db"])
    shutil.rmtree(folder / "data", ignore_errors=True)
    shutil.copytree(folder / "installed", folder / "data")
    command = ["/usr/sbin/mariadbd", "--no-defaults", f"--datadir={folder}/data", f"--socket={socket}", f"--user={user}", "--skip-networking",
               "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", f"--pid-file={folder}/pid", f"--log-error={folder}/log"]
    server = subprocess.Popen([*start.before, *command], env=start.environment)
    admin = ["mariadb-admin", "--no-defaults", f"--socket={socket}", "-u", "root"]
    bench = ["sysbench", "oltp_read_write", "--db-driver=mysql", f"--mysql-socket={socket}", "--mysql-user=root", "--mysql-db=bench",
             "--tables=2", "--table-size=5000", "--threads=2", "--time=2", "--mysql-ignore-errors=all"]
    wait_for(lambda: quiet([*admin, "ping"]).returncode == 0)
    quiet([*admin, "create", "bench"])
    quiet([*bench, "prepare"])
    told = quiet([*bench, "run"]).stdout
    quiet([*admin, "shutdown"])
    server.wait()
    line = next(line for line in told.splitlines() if "transactions:" in line)
    return 1 / float(line.split("(")[1].split()[0])


WITHIN, FULL_WITHIN = 1.02, 1.1  # what is promised for programs that do what they are made for

# Those without a promise do little else than lock: they show the most that it can cost.
PROGRAMS = {
    "pbzip2 -p2, wall time": (pbzip2, ["pbzip2"], True),
    "python3, 4 threads and 2 queues, wall time": (python3, [sys.executable], True),
    "redis with io-threads, time of a request": (redis, ["redis-server", "redis-benchmark", "redis-cli"], True),
    "memcached -t 2 under memaslap, time of an operation": (memcached, ["memcached", "memcaslap"], True),
    "mariadb under sysbench, time of a transaction": (mariadb, ["/usr/sbin/mariadbd", "sysbench", "mariadb-install-db"], True),
    "redis, 8 requests of a client at once": (partial(redis, in_flight=8), ["redis-server", "redis-benchmark", "redis-cli"], False),
    "memcached, 100 requests of a client at once": (memcached_in_batches, ["memcached"], False),
    "sqlite3, 100,000 inserts into memory": (sqlite3, ["sqlite3"], False),
}


def compare(run, ways, pairs):
    for way in ways:
        way.best = []
    with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as folder:
        traces, work = Path(folder) / "traces", Path(folder) / "work"
        traces.mkdir(), work.mkdir()
        run(Start(ways[0].before, ways[0].environment(traces)), work)  # a warm-up
        for pair in range(pairs):
            for way in ways if pair % 2 else ways[::-1]:
                way.best.append(run(Start(way.before, way.environment(traces)), work))


def programs(build, pairs, skipped):
    rows = []
    preload = build / "preload" / "liblockorder-preload.so"
    for text, (run, needs, promised) in PROGRAMS.items():
        missing = [need for need in needs if shutil.which(need) is None]
        if missing:
            skipped.append(f"{text.split(',')[0]}: {missing[0]} is not installed")
            continue
        native, lockorder, full = ways = [Way("native"), Way("lockorder", preload), Way("full", preload, ":record=full:max_trace_size=2000")]
        compare(run, ways, pairs)
        ratio, of_full = Ratio(lockorder.best, native.best), Ratio(full.best, native.best)
        print(f"{text:50} {ratio} full {of_full}", file=sys.stderr)
        rows.append([text, ratio, judge(ratio.median, WITHIN if promised else None), of_full,
                     judge(of_full.median, FULL_WITHIN if promised else None)])
    return table(["program", "lockorder / native", "", "with --record=full", ""], rows)


def start_of_a_process(build):
    native, lockorder = ways = [Way("native"), Way("lockorder", build / "preload" / "liblockorder-preload.so")]
    compare(lambda start, folder: timed(["/bin/true"], start, folder), ways, STARTS)
    more = statistics.median(lockorder.best) - statistics.median(native.best)
    return (f"Start and exit of /bin/true take {statistics.median(native.best) * 1e3:.2f} ms, and {more * 1e3:.2f} ms more under lockorder "
            f"(medians of {STARTS}; at most 3 ms: {judge(more * 1e3, 3)}).")
