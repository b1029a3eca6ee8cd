"""The programs that the benches start and ask, and what they say meanwhile. Python's own library alone."""

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

PASSWORD = "a password for the bench"


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


class Database:
    """The gateway's database, asked past the gateway."""

    def __init__(self, url):
        self.url = url
        self.is_sqlite = url.startswith("sqlite:")

    def ask(self, sql):
        """The rows of a query, as lists of text."""
        if self.is_sqlite:
            path = self.url.removeprefix("sqlite://")
            with sqlite3.connect(path, timeout=30) as connection:
                rows = connection.execute(sql).fetchall()
            connection.close()
            return [["" if cell is None else str(cell) for cell in row] for row in rows]
        parts = urlsplit(self.url)
        command = ["mariadb", "--no-defaults", "--protocol=tcp", f"--host={parts.hostname}",
                   f"--port={parts.port}", f"--user={parts.username}", "--batch", "--skip-column-names",
                   parts.path.lstrip("/"), f"--execute={sql}"]
        told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout
        return [line.split("\t") for line in told.splitlines()]

    def number(self, sql):
        rows = self.ask(sql)
        return int(float(rows[0][0])) if rows and rows[0][0] not in ("", "NULL") else 0

    def moment(self, at):
        """A moment in UTC as the columns hold it, quoted."""
        text = at.strftime("%Y-%m-%d %H:%M:%S.000")
        return f"'{text.replace(' ', 'T')}+00:00'" if self.is_sqlite else f"'{text}'"

    def version(self):
        if self.is_sqlite:
            return "SQLite, embedded"
        return "MariaDB " + self.ask("SELECT VERSION()")[0][0]

    def megabytes(self):
        if self.is_sqlite:
            path = Path(self.url.removeprefix("sqlite://"))
            files = [path, path.with_name(path.name + "-wal")]
            return sum(file.stat().st_size for file in files if file.exists()) >> 20
        return self.number("SELECT SUM(data_length + index_length) / 1048576 FROM information_schema.tables "
                           "WHERE table_schema = DATABASE()")


class Gateway:
    """A Tollgate of our own."""

    def __init__(self, binaries, folder, database):
        self.binary = binaries / "tollgate"
        self.folder = folder
        self.database = database
        self.port = free_port()
        self.process = None
        self.token = None

    @property
    def pid(self):
        return self.process.pid

    def environment(self, **more):
        own = {
            "DATABASE_URL": self.database.url, "DATA_DIR": str(self.folder / "gateway"),
            "API_KEY_ENCRYPTION_KEY": "11" * 32, "JWT_SECRET": "22" * 32, "ADMIN_PASSWORD": PASSWORD,
            "HOST": "127.0.0.1", "PORT": str(self.port), "LOG_LEVEL": "info",
            # Nothing is purged before it is asked for.
            "LOG_RETENTION_DAYS": "3650", "JWT_EXPIRE_SECONDS": "86400",
        }
        return {**{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}, **own, **more}

    def command(self, *arguments):
        subprocess.run([self.binary, *arguments], check=True, cwd=self.folder, env=self.environment(),
                       stdout=subprocess.DEVNULL)

    def launch(self, **more):
        """Starts it and does not wait for it."""
        log = open(self.folder / "gateway.log", "a")
        self.process = subprocess.Popen([self.binary], cwd=self.folder, env=self.environment(**more),
                                        stdout=log, stderr=log)
        log.close()

    def start(self, **more):
        """Starts it, waits until it listens, and logs in."""
        self.launch(**more)
        wait_until(lambda: is_open(self.port) or self.ended(), 300, "the gateway does not start; see gateway.log")
        body = {"username": "admin", "password": PASSWORD}
        self.token = None
        self.token = self.send("POST", "/api/auth/login", body)["data"]["token"]

    def ended(self):
        if self.process.poll() is not None:
            log = (self.folder / "gateway.log").read_text(errors="replace")
            raise SystemExit(f"the gateway ended by itself:\n{log[-3000:]}")
        return False

    def stop(self):
        stop(self.process, 60)
        self.process = None

    def send(self, method, path, body=None, connection=None):
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection.request(method, path, json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise SystemExit(f"{method} {path} answers {response.status}: {text[:500]!r}")
        return json.loads(text) if text.startswith(b"{") else text.decode()

    def metric(self, name):
        found = re.search(rf"^{name} (\S+)$", self.send("GET", "/metrics"), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def rss_mib(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def stop(process, seconds=20):
    """Asks a program of ours to end, and insists after that time."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(is_so, seconds, otherwise, every=0.2):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise SystemExit(otherwise)
        time.sleep(every)
