"""One load at a time, with what it cost."""

import json
import subprocess
import time

from programs import say, wait_until

from . import probes

# Longer than a load waits for its last answers.
PATIENCE = 150


class Meter:
    """Loads the stage, and keeps what was seen: a list of plain records, the raw results."""

    def __init__(self, stage, rounds):
        self.stage, self.rounds = stage, rounds
        self.records = []
        self.round = 0
        # Whether records reach the database, so that one may wait for them.
        self.is_shipping = True

    def note(self, figure, who, **seen):
        self.records.append({"figure": figure, "who": who, "round": self.round, **seen})

    def warm(self, who, kind, connections, seconds=1.0):
        run(self.stage.load("closed", who, kind, connections=connections, seconds=seconds), seconds)

    def closed(self, figure, who, kind, connections, seconds):
        """Callers that ask again as soon as they are answered."""
        return self.measure(figure, who, self.stage.load("closed", who, kind, connections=connections, seconds=seconds),
                            seconds)

    def open(self, figure, who, kind, rate, seconds):
        """Requests at a fixed rate, after a second of them that warms up."""
        run(self.stage.load("open", who, kind, rate=rate, seconds=1), 1)
        return self.measure(figure, who, self.stage.load("open", who, kind, rate=rate, seconds=seconds), seconds)

    def measure(self, figure, who, command, seconds):
        """Runs a load, and notes what it told with the processor time of who answered: of a gateway up to when the
        last record is in the database."""
        stage = self.stage
        is_shipped = who == "tollgate" and self.is_shipping
        if is_shipped:
            self.await_shipped()
        pids, seen = stage.pids(who), {}
        begin, idle, cpu = time.monotonic(), probes.machine_idle_seconds(), probes.cpu_seconds(pids)
        told = run(command, seconds)
        seen["idle_share"] = round(probes.idle_share(idle, begin), 3)
        if who == "tollgate":
            seen["pss_kib"] = probes.pss_kib(pids)
            seen["cpu_unshipped_us"] = per_answer(probes.cpu_seconds(pids) - cpu, told)
        if is_shipped:
            seen["backlog"] = self.backlog()
            seen["drain_seconds"] = round(self.await_shipped(), 2)
        if pids:
            seen["cpu_us"] = per_answer(probes.cpu_seconds(pids) - cpu, told)
        self.note(figure, who, **told, **seen)
        tell(figure, who, told, seen)
        return told

    def backlog(self):
        """Records that are not in the database yet."""
        return int(self.stage.gateway.metric("aiproxy_journal_backlog_records"))

    def await_shipped(self):
        """Waits until the database has every record, and says for how long."""
        begin = time.monotonic()
        wait_until(lambda: self.backlog() == 0, 180, "the journal is not shipped within three minutes", 0.1)
        return time.monotonic() - begin


def run(command, seconds):
    """What a load tells that takes so long."""
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + PATIENCE).stdout
    return json.loads(told.splitlines()[-1])


def per_answer(cpu_seconds, told):
    return round(cpu_seconds * 1e6 / max(told["answers"], 1), 2)


def tell(figure, who, told, seen):
    milliseconds = lambda name, at: f"{told[name][at] / 1000:.2f}" if told.get(name) else "-"
    parts = [f"{told['per_second']:9.1f}/s", f"p50 {milliseconds('latency_us', 'p50'):>7} ms",
             f"p99 {milliseconds('latency_us', 'p99'):>7} ms"]
    if "cpu_us" in seen:
        parts.append(f"{seen['cpu_us']:6.1f} us of CPU")
    if told.get("first_content_us"):
        parts.append(f"first content {milliseconds('first_content_us', 'p50')} ms")
        parts.append(f"gap p99 {milliseconds('gap_us', 'p99')} ms")
    if told["errors"]:
        parts.append(f"{told['errors']} ERRORS {told.get('error_kinds')}")
    say(f"  {figure:18} {who:9} " + ", ".join(parts))
