"""memcached, under the load of several clients on the loopback interface."""

import getpass
import hashlib
import socket
import threading
import time

from program_case import ProgramCase, main

CLIENTS = 6
ROUNDS = 600
START_SECONDS = 20


class Client(threading.Thread):
    """Sets, reads, counts and deletes keys of its own, and all clients add to one counter."""

    def __init__(self, port, number):
        super().__init__(name=f"client-{number}")
        self.port, self.number, self.digest, self.problem = port, number, hashlib.sha256(), None

    def run(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=START_SECONDS) as connection:
                self.replies = connection.makefile("rb")
                self.requests = connection
                for turn in range(ROUNDS):
                    self.play(turn)
        except OSError as problem:
            self.problem = problem

    def play(self, turn):
        key = f"client{self.number}:{turn % 50}"
        value = f"{turn}-" * (1 + turn % 300)
        self.ask(f"set {key} 0 0 {len(value)}\r\n{value}\r\n")
        self.ask(f"get {key}\r\n", until=b"END\r\n")
        self.ask(f"append {key} 0 0 1\r\n!\r\n")
        self.ask(f"get {key} client{self.number}:{(turn + 1) % 50}\r\n", until=b"END\r\n")
        if turn % 5 == 0:
            self.ask(f"delete {key}\r\n")
        ask_once(self.requests, self.replies, "incr shared 1\r\n")

    def ask(self, request, until=None):
        self.digest.update(ask_once(self.requests, self.replies, request, until))


def ask_once(requests, replies, request, until=None):
    requests.sendall(request.encode())
    reply = replies.readline()
    while until and reply and not reply.endswith(until):
        reply += replies.readline()
    if not reply:
        raise OSError(f"the server closed the connection after {request[:40]!r}")
    return reply


class Memcached(ProgramCase):
    needs = [("memcached", "memcached")]

    def command(self, folder):
        # Port -1: one that is free, told in the file that the environment names. -A: `shutdown` ends the server.
        return ["env", "MEMCACHED_PORT_FILENAME=port", "memcached", "-A", "-u", getpass.getuser(), "-l", "127.0.0.1", "-p", "-1",
                "-U", "0", "-t", "4", "-m", "32"]

    def port(self, folder):
        """The server renames the file into place once it listens."""
        end = time.monotonic() + START_SECONDS
        while not (folder / "port").exists():
            if time.monotonic() > end:
                raise OSError(f"memcached does not listen after {START_SECONDS} seconds")
            time.sleep(0.01)
        return int((folder / "port").read_text().split("TCP INET: ")[1].split()[0])

    def drive(self, folder):
        port = self.port(folder)
        with socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS) as connection:
            replies = connection.makefile("rb")
            ask_once(connection, replies, "set shared 0 0 1\r\n0\r\n")
            clients = [Client(port, number) for number in range(CLIENTS)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
                if client.problem:
                    raise OSError(f"{client.name}: {client.problem}")
            counted = ask_once(connection, replies, "get shared\r\n", until=b"END\r\n")
            connection.sendall(b"shutdown\r\n")
        return [counted, *(client.digest.hexdigest() for client in clients)]

    def produced(self, folder):
        return sorted(path.name for path in folder.iterdir())


main(Memcached())
