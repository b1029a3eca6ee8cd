"""Measures accounting over HTTP, as a caller sees it. Started by accounting.sh; Python's own library alone."""

import argparse
import datetime
import http.client
import os
import platform
import re
import shutil
import statistics
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from programs import Database, Gateway, say, wait_until

HOUR = datetime.timedelta(hours=1)


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
    gateway = Gateway(flags.binaries, flags.folder, database)
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
