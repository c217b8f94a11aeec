"""mariadb-server on a data folder of its own, by its socket, under sysbench."""

import getpass
import shutil
import subprocess
import time

from program_case import ProgramCase, main

TABLES, ROWS, START_SECONDS = 2, 500, 40
SERVER = "/usr/sbin/mariadbd"


class Mariadb(ProgramCase):
    needs = [(SERVER, "mariadb-server"), ("mariadb-install-db", "mariadb-server"), ("mariadb-admin", "mariadb-client"),
             ("sysbench", "sysbench")]
    seconds = 90
    loads = ["oltp_read_write"]
    load_seconds = 2

    def prepare(self, folder):
        """The data folder is made once, and copied for each run."""
        installed = folder.parent / "installed"
        if not installed.exists():
            subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={installed}", f"--user={getpass.getuser()}",
                            "--auth-root-authentication-method=normal", "--skip-test-db"], check=True, capture_output=True,
                           timeout=60)
        shutil.copytree(installed, folder / "data")

    def command(self, folder):
        return [SERVER, "--no-defaults", f"--datadir={folder}/data", f"--socket={folder}/socket", f"--user={getpass.getuser()}",
                "--skip-networking", "--open-files-limit=1024", "--max-connections=50", "--table-open-cache=100",
                f"--pid-file={folder}/pid", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M",
                "--thread-handling=pool-of-threads", "--innodb-flush-log-at-trx-commit=0", "--innodb-fast-shutdown=2",
                f"--log-error={folder}/log"]

    def administrate(self, folder, *words):
        return subprocess.run(["mariadb-admin", "--no-defaults", f"--socket={folder}/socket", "-u", "root", *words],
                              capture_output=True, timeout=START_SECONDS, check=False).returncode == 0

    def bench(self, folder, load, word):
        run = subprocess.run(["sysbench", load, "--db-driver=mysql",
                              f"--mysql-socket={folder}/socket", "--mysql-user=root", "--mysql-db=bench",
                              f"--tables={TABLES}", f"--table-size={ROWS}", "--threads=4", f"--time={self.load_seconds}",
                              "--mysql-ignore-errors=all", word], capture_output=True, text=True, timeout=self.seconds, check=False)
        return run.returncode == 0

    def drive(self, folder):
        end = time.monotonic() + START_SECONDS
        while not self.administrate(folder, "ping"):
            if time.monotonic() > end:
                raise OSError(f"mariadbd does not answer after {START_SECONDS} seconds")
            time.sleep(0.1)
        told = [self.administrate(folder, "create", "bench"), self.bench(folder, self.loads[0], "prepare")]
        told += [self.bench(folder, load, "run") for load in self.loads]
        self.administrate(folder, "shutdown")
        return told

    def produced(self, folder):
        return sorted(path.name for path in (folder / "data" / "bench").iterdir())


if __name__ == "__main__":
    main(Mariadb())
