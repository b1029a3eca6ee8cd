"""A MariaDB of our own, which can be made to hang and be killed."""

import os
import signal
import subprocess

from programs import free_port, stop

# As a careful operator runs it: every commit reaches the disk, and pages are written twice.
OPTIONS = "--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1", "--innodb-buffer-pool-size=512M"
SOURCES = "set -euo pipefail; . deploy/dev/lib.sh; . deploy/dev/mariadb.sh; "
# The shell would tell of a server that is killed.
RUN = SOURCES + 'on_exit mariadb_stop; mariadb_run "$@"; echo "$mariadb_pid"; exec 2>&-; wait "$mariadb_pid"'


class MariaDb:
    """A server, and the database `bench` in it."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.pid = None
        self.script = None
        subprocess.run(["bash", "-c", SOURCES + 'mariadb_make "$1"', "mariadb", str(folder)], check=True, timeout=120)
        self.start()
        subprocess.run(["mariadb", "--no-defaults", f"--socket={folder}/socket", "--user=root",
                        "--execute=CREATE DATABASE bench DEFAULT CHARACTER SET utf8mb4"], check=True, timeout=60)
        self.url = f"mysql://root@127.0.0.1:{self.port}/bench"

    def start(self):
        """Starts it over the data that is there, and waits until it listens."""
        command = ["bash", "-c", RUN, "mariadb", str(self.folder), str(self.port), *OPTIONS]
        self.script = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        told = self.script.stdout.readline()
        if not told:
            raise SystemExit(f"MariaDB does not start; see {self.folder}/server.log")
        self.pid = int(told)

    def hang(self):
        """Connections stay open, and nothing is answered any more."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.pid, signal.SIGCONT)

    def kill(self):
        """Connections break, and new ones are refused."""
        os.kill(self.pid, signal.SIGKILL)
        self.script.wait(60)
        self.pid = None

    def stop(self):
        if self.pid is not None:
            self.go_on()
            stop(self.script, 60)
            self.pid = None
