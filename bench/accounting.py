"""Measures accounting over HTTP, as a caller sees it. Started by accounting.sh; Python's own library alone."""

import argparse
import datetime
import http.client
import json
import os
import platform
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

PASSWORD = "a password for the bench"
HOUR = datetime.timedelta(hours=1)


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
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
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

    def __init__(self, flags, database):
        self.binary = flags.binaries / "tollgate"
        self.folder = flags.folder
        self.database = database
        self.port = free_port()
        self.process = None
        self.token = None

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

    def start(self, **more):
        log = open(self.folder / "gateway.log", "a")
        self.process = subprocess.Popen([self.binary], cwd=self.folder, env=self.environment(**more),
                                        stdout=log, stderr=log)
        wait_until(lambda: is_open(self.port), 300, "the gateway does not start; see gateway.log")
        body = {"username": "admin", "password": PASSWORD}
        self.token = self.send("POST", "/api/auth/login", body)["data"]["token"]

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
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
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


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


class Results:
    """What was measured, as tables of Markdown."""

    def __init__(self):
        self.parts = []

    def text(self, text):
        self.parts.append(text)

    def table(self, head, rows):
        lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
        lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
        self.parts.append("\n".join(lines))

    def write(self, path):
        path.write_text("\n\n".join(self.parts) + "\n")


def timed(gateway, path, times):
    """Milliseconds of some calls of a path, one after the other, after two that warm up."""
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=120)
    took = []
    for _ in range(times + 2):
        begin = time.perf_counter()
        gateway.send("GET", path, connection=connection)
        took.append((time.perf_counter() - begin) * 1000)
    connection.close()
    return took[2:]


def measure(gateway, results, title, paths, times, limit):
    """A table of how long each path takes; a median beyond the limit is marked."""
    say(title)
    rows = []
    for path in paths:
        took = timed(gateway, path, times)
        median = statistics.median(took)
        mark = "" if median <= limit else " **over**"
        rows.append([f"`{path.split('ai-stats')[1]}`", f"{median:.1f}{mark}", f"{min(took):.1f}", f"{max(took):.1f}"])
        say(f"  {median:8.1f} ms{mark}  {path}")
    results.text(f"## {title}\n\nMilliseconds of {times} calls; the median may be {limit:.0f}.")
    results.table(["path", "median", "min", "max"], rows)


def stats(path, **query):
    return f"/api/admin/ai-stats/{path}" + (f"?{urlencode(query)}" if query else "")


def fill(flags, *more):
    """Makes up a history; what the program says of it, and its seconds."""
    command = [flags.binaries / "tollgate-simulator", "history", "--database-url", flags.database_url, *map(str, more)]
    begin = time.monotonic()
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return told, time.monotonic() - begin


def dirty_closed_hours(database):
    now = datetime.datetime.now(datetime.timezone.utc)
    hour = database.moment(now.replace(minute=0, second=0, microsecond=0))
    return database.number(f"SELECT COUNT(*) FROM t_stat_hours WHERE is_dirty = TRUE AND hour < {hour}")


def measure_fill(flags, gateway, results):
    say(f"filling {flags.rows} rows over {flags.days} days")
    gateway.command("migrate")
    told, seconds = fill(flags, "--rows", flags.rows, "--days", flags.days)
    say(told)
    gateway.start()
    idle = gateway.rss_mib()
    say("folding")
    begin = time.monotonic()
    wait_until(lambda: dirty_closed_hours(gateway.database) == 0, 6 * 3600, "not all hours are folded", 2)
    folding = time.monotonic() - begin
    hours = gateway.database.number("SELECT COUNT(*) FROM t_stat_hours")
    tables = "t_ai_usage_stats", "t_ai_usage_stats_daily", "t_ai_usage_totals", "t_ai_usage_totals_daily"
    counts = [f"`{table}` {gateway.database.number(f'SELECT COUNT(*) FROM {table}'):,}" for table in tables]
    results.text("## The history\n\n"
                 f"`tollgate-simulator history --rows {flags.rows} --days {flags.days}`: {told}, "
                 f"{flags.rows / seconds:,.0f} rows/s. The gateway folded {hours} hours in {folding:.0f} s, "
                 f"with rests between them. The database has {gateway.database.megabytes():,} MiB; rows: "
                 + ", ".join(counts) + ".")
    return idle


def measure_reports(flags, gateway, results):
    since = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=flags.days)).date()
    span = {"startDate": since.isoformat()}
    model = "aurora-5-mini"
    slow = 3 if gateway.database.is_sqlite else 1
    paths = [stats("dashboard", days=7), stats("dashboard", days=90), stats("usage/trend", days=30)]
    measure(gateway, results, "Dashboard and trend", paths, flags.times, 100 * slow)
    groups = "hour", "day", "month", "provider", "model", "key", "app", "user"
    paths = [stats("usage", groupBy=group, **span) for group in groups]
    paths += [stats("usage", groupBy="day", **span, **one) for one in
              ({"providerId": 1}, {"model": model}, {"keyId": 1}, {"appId": 1}, {"tz": "Asia/Shanghai"})]
    measure(gateway, results, f"Usage over {flags.days} days", paths, flags.times, 100 * slow)
    paths = [stats("logs/errors", **span)]
    measure(gateway, results, "Errors by code and key", paths, flags.times, 100 * slow)


def measure_logs(flags, gateway, results):
    ask = gateway.database.ask
    newest = gateway.send("GET", stats("logs", pageSize=1))["data"]["logs"][0]
    now = datetime.datetime.now(datetime.timezone.utc)
    rare_key, rare_app = ask("SELECT MAX(id) FROM t_ai_api_keys")[0][0], ask("SELECT MAX(id) FROM t_app_tokens")[0][0]
    filters = [
        {}, {"status": "success"}, {"status": "error"}, {"status": "cancelled"}, {"providerId": 1}, {"providerId": 6},
        {"keyId": 1}, {"keyId": rare_key}, {"model": "aurora-5-mini"}, {"model": "aurora-preview"},
        {"model": "no-such-model"}, {"appId": 1}, {"appId": rare_app}, {"userId": newest["userId"] or 1},
        {"endUser": "customer-00000"}, {"endUser": "customer-04999"}, {"endUser": "nobody"},
        {"requestId": newest["requestId"]},
        {"startDate": (now - datetime.timedelta(days=60)).date(), "endDate": (now - datetime.timedelta(days=59)).date()},
    ]
    slow = 3 if gateway.database.is_sqlite else 1
    paths = [stats("logs", **one) for one in filters]
    measure(gateway, results, "First page of the logs with one filter", paths, flags.times, 100 * slow)
    paths = [stats("logs", page=10_000, pageSize=20), stats("logs", page=10_000, pageSize=20, status="success")]
    measure(gateway, results, "Page 10,000", paths, flags.times, 300 * slow)


def measure_fold(flags, gateway, results):
    """An hour in the middle of the history gets 100,000 rows more."""
    say("folding an hour of 100,000 rows")
    database = gateway.database
    hour = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0)
    hour -= datetime.timedelta(days=flags.days // 2)
    # While nobody folds, so that it happens at once.
    gateway.stop()
    fill(flags, "--append", "--rows", 100_000, "--hours", 1, "--seed", 2, "--until", (hour + HOUR).strftime("%FT%TZ"))
    gateway.start()
    wait_until(lambda: dirty_closed_hours(database) == 0, 600, "the hour is not folded", 0.5)
    count = database.number(f"SELECT folded_rows FROM t_stat_hours WHERE hour = {database.moment(hour)}")
    folds = lambda: [job for job in jobs(gateway) if re.search(r"\b1[0-9]{5} records", job["lastResult"] or "")]
    wait_until(folds, 60, "no run tells of the fold")
    job = folds()[0]
    results.text(f"## Folding an hour\n\nAn hour of {count:,} rows: the run of `{job['name']}` that folded it took "
                 f"{job['durationMs']} ms (may be {3000 if not database.is_sqlite else 9000}): {job['lastResult']}.")
    say(f"  {job['durationMs']} ms: {job['lastResult']}")


def jobs(gateway):
    return gateway.send("GET", "/api/status/status")["data"]["jobs"]


def measure_ingest(flags, gateway, results):
    """A journal that is full of records, as after an outage of the database."""
    say(f"shipping {flags.journal_rows} records")
    database = gateway.database
    gateway.stop()
    told = fill_journal(flags, flags.journal_rows)
    before = database.number("SELECT COUNT(*) FROM t_ai_api_logs WHERE created_at >= " + today(database))
    begin = time.monotonic()
    gateway.start()
    ready = time.monotonic()
    samples = []
    while True:
        left = gateway.metric("aiproxy_journal_backlog_records")
        samples.append((time.monotonic(), left, gateway.rss_mib()))
        if left == 0:
            break
        time.sleep(0.25)
    after = database.number("SELECT COUNT(*) FROM t_ai_api_logs WHERE created_at >= " + today(database))
    first, last = samples[0], samples[-1]
    # It ships from the very start, also before it serves.
    if first[1] < flags.journal_rows / 2:
        first = (begin, flags.journal_rows)
    rate = (first[1] - last[1]) / max(last[0] - first[0], 0.001)
    memory = [sample[2] for sample in samples]
    results.text("## Shipping a journal\n\n"
                 f"{told}. The gateway served {ready - begin:.1f} s after its start, and shipped "
                 f"{first[1] - last[1]:,.0f} records in {last[0] - first[0]:.1f} s: **{rate:,.0f} rows/s** (to be 20,000 on "
                 f"MariaDB, or what bounds it). {after - before:,} rows arrived. Its memory meanwhile: "
                 f"{min(memory):.0f} to {max(memory):.0f} MiB resident, {memory[-1]:.0f} at the end.")
    say(f"  {rate:,.0f} rows/s, {min(memory):.0f} to {max(memory):.0f} MiB")


def today(database):
    now = datetime.datetime.now(datetime.timezone.utc)
    return database.moment(now.replace(hour=0, minute=0, second=0, microsecond=0))


def fill_journal(flags, rows):
    """Leaves records in the journal of a gateway that is not running; what the program says of it."""
    journal = flags.folder / "gateway" / "journal"
    command = [flags.binaries / "examples" / "fill-journal", str(journal), str(rows)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def measure_purge(flags, gateway, results):
    """The oldest whole days go while rows are written; the purge is made to think it missed its time."""
    say("purging while rows are inserted")
    database = gateway.database
    gateway.stop()
    now = datetime.datetime.now(datetime.timezone.utc)
    past = database.moment(now - datetime.timedelta(days=2))
    database.ask("DELETE FROM t_job_leases WHERE job = 'purge-logs'")
    database.ask("INSERT INTO t_job_leases (job, scheduled_for, finished_for, last_run_at) "
                 f"VALUES ('purge-logs', {past}, {past}, {past})")
    rows = min(400_000, max(flags.rows // 20, 20_000))
    before = database.number("SELECT COUNT(*) FROM t_ai_api_logs")
    # Nobody but the gateway writes into SQLite: there the rows wait in its journal.
    writer = Shipping(flags, gateway, rows) if database.is_sqlite else Client(flags, rows)
    # The first day of the history is not whole; the second one goes with it.
    gateway.start(LOG_RETENTION_DAYS=str(flags.days - 2))
    writer.start()
    done = lambda: next(job for job in jobs(gateway) if job["name"] == "purge-logs")
    wait_until(lambda: (done()["lastRunAt"] or "") > now.isoformat(), 900, "the purge does not run", 1)
    writer.is_over = True
    writer.join()
    job = done()
    wait_until(lambda: gateway.metric("aiproxy_journal_backlog_records") == 0, 900, "the journal is not shipped", 1)
    after = database.number("SELECT COUNT(*) FROM t_ai_api_logs")
    results.text("## Purging while rows are inserted\n\n"
                 f"`purge-logs`: {job['lastResult']}, in {job['durationMs']} ms; {before + rows - after:,} rows went. "
                 f"Meanwhile {writer.told}.")
    say(f"  {job['durationMs']} ms: {job['lastResult']}; {writer.told}")


class Client(threading.Thread):
    """Inserts rows of this hour, a thousand in a transaction."""

    def __init__(self, flags, rows):
        super().__init__()
        self.flags, self.rows, self.told = flags, rows, ""

    def run(self):
        told, _ = fill(self.flags, "--append", "--rows", self.rows, "--hours", 1, "--seed", 3)
        self.told = f"a client inserted: {told}"


class Shipping(threading.Thread):
    """Watches the gateway ship its journal, as fast as it can."""

    def __init__(self, flags, gateway, rows):
        super().__init__()
        fill_journal(flags, rows)
        self.gateway, self.is_over, self.told = gateway, False, ""

    def run(self):
        begin = since = time.monotonic()
        first = left = self.gateway.metric("aiproxy_journal_backlog_records")
        longest = 0
        while not self.is_over and left > 0:
            time.sleep(0.01)
            now, before, left = time.monotonic(), left, self.gateway.metric("aiproxy_journal_backlog_records")
            longest = max(longest, now - since)
            if left < before:
                since = now
        seconds = time.monotonic() - begin
        self.told = (f"the gateway shipped {first - left:,.0f} records in {seconds:.1f} s, of {first:,.0f} that waited; "
                     f"no record arrived for {longest * 1000:.0f} ms at most")


# What is measured of a history that is there, in this order.
PARTS = {"reports": measure_reports, "logs": measure_logs, "fold": measure_fold, "ingest": measure_ingest, "purge": measure_purge}


def parts(text):
    """The parts that a list with commas names."""
    named = text.split(",")
    if unknown := set(named) - {"fill", *PARTS}:
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(sorted(unknown))}: fill, {', '.join(PARTS)}")
    return named


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument("--database-url", required=True)
    parse.add_argument("--binaries", type=Path, required=True)
    parse.add_argument("--folder", type=Path, required=True)
    parse.add_argument("--rows", type=int, required=True)
    parse.add_argument("--days", type=int, required=True)
    parse.add_argument("--journal-rows", type=int, required=True)
    parse.add_argument("--profile", required=True)
    parse.add_argument("--out", type=Path, required=True)
    parse.add_argument("--times", type=int, default=15)
    parse.add_argument("--parts", type=parts, default=["fill", *PARTS])
    flags = parse.parse_args()
    flags.folder = flags.folder.resolve()
    shutil.rmtree(flags.folder / "gateway", ignore_errors=True)
    database = Database(flags.database_url)
    gateway = Gateway(flags, database)
    results = Results()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    kind = "sqlite" if database.is_sqlite else "mariadb"
    try:
        results.text(f"# Accounting over {flags.rows:,} rows\n\n"
                     f"`ROWS={flags.rows} DAYS={flags.days} JOURNAL_ROWS={flags.journal_rows} PROFILE={flags.profile} "
                     f"PARTS={','.join(flags.parts)} "
                     f"bench/accounting.sh {kind}`, commit {commit}, {datetime.date.today()}, {os.cpu_count()} processors, "
                     f"{platform.machine()}, everything on one machine.")
        if "fill" in flags.parts:
            idle = measure_fill(flags, gateway, results)
            results.parts[0] += f" {database.version()}; see bench/README.md for its settings. The gateway has {idle:.0f} MiB resident after its start."
        else:
            gateway.start()
        for part, measure_part in PARTS.items():
            if part in flags.parts:
                measure_part(flags, gateway, results)
    finally:
        gateway.stop()
        results.write(flags.out)


if __name__ == "__main__":
    main()
