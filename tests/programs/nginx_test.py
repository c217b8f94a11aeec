"""nginx whose workers read files in pools of threads, under the load of several clients."""

import hashlib
import os
import socket
import threading
import time

from program_case import ProgramCase, main

CLIENTS, ROUNDS, FILES, START_SECONDS = 4, 50, 5, 20

CONFIGURATION = """
daemon off; worker_processes 2; pid pid; error_log error.log warn;
thread_pool readers threads=4 max_queue=1024;
events { worker_connections 64; }
http {
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server { listen unix:socket; root files; aio threads=readers; sendfile off; output_buffers 2 32k; }
}
"""


def fetch(path, name):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(f"GET /{name} HTTP/1.0\r\n\r\n".encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer.partition(b"\r\n\r\n")[2]


def process_of(folder):
    """0 as long as nginx has not written it."""
    place = folder / "pid"
    return int((place.read_text() if place.exists() else "") or 0)


class Nginx(ProgramCase):
    needs = [("/usr/sbin/nginx", "nginx-light")]
    plain_report = False  # nginx makes its log its stderr
    rounds = ROUNDS

    def prepare(self, folder):
        (folder / "files").mkdir()
        (folder / "nginx.conf").write_text(CONFIGURATION.replace("unix:socket", f"unix:{folder}/socket"), encoding="ascii")
        for number in range(FILES):
            (folder / "files" / f"{number}").write_bytes(hashlib.sha256(bytes([number])).digest() * 10_000)
        folder.chmod(0o755)
        os.chmod(folder.parent, 0o755)

    def command(self, folder):
        user = ["-g", "user root;"] if os.geteuid() == 0 else []
        return ["/usr/sbin/nginx", "-p", folder, "-c", "nginx.conf", "-e", "stderr", *user]

    def disturb(self, process, clients):
        """While the clients play."""

    def drive(self, folder):
        path, digests = folder / "socket", [None] * CLIENTS
        end = time.monotonic() + START_SECONDS
        while not (path.exists() and process_of(folder)):
            if time.monotonic() > end:
                raise OSError(f"nginx does not listen after {START_SECONDS} seconds")
            time.sleep(0.01)

        def play(number):
            digest = hashlib.sha256()
            for turn in range(self.rounds):
                digest.update(fetch(path, (turn + number) % FILES))
            digests[number] = digest.hexdigest()

        clients = [threading.Thread(target=play, args=(number,)) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        self.disturb(process_of(folder), clients)
        for client in clients:
            client.join()
        os.kill(process_of(folder), 3)  # SIGQUIT: once all requests are done
        return digests

    def produced(self, folder):
        return [(folder / "error.log").read_text()]


if __name__ == "__main__":
    main(Nginx())
