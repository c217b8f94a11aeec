"""redis-server with io-threads, under redis-benchmark, by a socket in its own folder."""

import subprocess
import time

from program_case import ProgramCase, main

START_SECONDS = 20
BENCHMARK = ["-c", "20", "-n", "1000", "-P", "8", "-r", "1000", "-q", "-t", "set,get,lpush,rpop,mset"]


def ask(folder, *words):
    return subprocess.run(["redis-cli", "-s", "socket", *words], cwd=folder, capture_output=True, text=True,
                          timeout=START_SECONDS, check=False).stdout.strip()


class Redis(ProgramCase):
    needs = [("redis-server", "redis-server"), ("redis-benchmark", "redis-tools"), ("redis-cli", "redis-tools")]

    def command(self, folder):
        # Appending to a file is done by a thread of its own; unlinking and flushing, by another one.
        return ["redis-server", "--port", "0", "--unixsocket", "socket", "--io-threads", "4", "--io-threads-do-reads", "yes",
                "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--daemonize", "no", "--loglevel", "warning"]

    def drive(self, folder):
        end = time.monotonic() + START_SECONDS
        while ask(folder, "ping") != "PONG":
            if time.monotonic() > end:
                raise OSError(f"redis-server does not answer after {START_SECONDS} seconds")
            time.sleep(0.05)
        benchmark = subprocess.run(["redis-benchmark", "-s", "socket", *BENCHMARK], cwd=folder, capture_output=True, timeout=60,
                                   check=False)
        told = [ask(folder, "set", "word", "meaning"), ask(folder, "get", "word"), ask(folder, "unlink", "mylist"),
                ask(folder, "flushall", "async"), ask(folder, "dbsize")]
        ask(folder, "shutdown", "nosave")
        return [benchmark.returncode, *told]

    def stdout(self, text):
        """Without process ids and times."""
        return [line.split(b" # ")[-1] for line in text.splitlines() if b"Redis version" not in line]

    def produced(self, folder):
        return sorted(path.name for path in folder.iterdir())


main(Redis())
