"""How soon a gateway answers after its start, and what memory it takes: with nothing to do, and with 5,000 streams."""

import http.client
import json
import subprocess
import threading
import time
from urllib.parse import urlsplit

from programs import say

from . import chat, fixtures, probes
from .meter import PATIENCE

STREAMS = 5000
OVER_SECONDS = 8
STARTS = 3
REST = 3
REST_AFTER = 15


def measure(meter, seconds):
    cold_starts(meter)
    time.sleep(REST)
    memory = {"idle_kib": probes.pss_kib([meter.stage.gateway.pid])}
    # What a gateway keeps that has served: connections, counters, the code that ran.
    meter.warm("tollgate", "chat", chat.CONNECTIONS, seconds / 2)
    meter.warm("tollgate", "stream", chat.CONNECTIONS, seconds / 2)
    meter.warm("tollgate", "wait", chat.CALLERS, seconds / 2)
    meter.warm("tollgate", "tokens", chat.CALLERS, seconds / 2)
    meter.await_shipped()
    time.sleep(REST)
    memory["caches_kib"] = probes.pss_kib([meter.stage.gateway.pid])
    if meter.round == 0:
        hold(meter, "nginx")
    memory["open_kib"] = hold(meter, "tollgate")
    meter.await_shipped()
    time.sleep(REST_AFTER)
    memory["after_kib"] = probes.pss_kib([meter.stage.gateway.pid])
    meter.note("memory", "tollgate", streams=STREAMS, **memory)
    say("  memory in MiB: " + ", ".join(f"{name[:-4]} {kib / 1024:.1f}" for name, kib in memory.items()))


def cold_starts(meter):
    """From the start of the process to its first answer of a model, on a database that has everything."""
    for _ in range(STARTS):
        took = cold_start(meter)
        say(f"  {'cold start':18} {'tollgate':9} {took * 1000:.0f} ms")


def cold_start(meter):
    gateway = meter.stage.gateway
    gateway.stop()
    begin = time.perf_counter()
    gateway.launch()
    tries = first_answer(meter.stage, begin + 60)
    took = time.perf_counter() - begin
    meter.note("cold start", "tollgate", seconds=round(took, 4), tries=tries)
    return took


def first_answer(stage, end):
    """Asks until there is an answer, and says how often it took."""
    url, body = urlsplit(stage.address("tollgate", "chat")), fixtures.request("chat").encode()
    headers = {"Authorization": f"Bearer {stage.token}", "Content-Type": "application/json"}
    tries = 0
    while time.perf_counter() < end:
        stage.gateway.ended()
        tries += 1
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
        try:
            connection.request("POST", url.path, body, headers)
            reply = connection.getresponse()
            reply.read()
            if reply.status == 200:
                return tries
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.001)
    raise SystemExit("the gateway answers nobody within a minute of its start; see gateway.log")


def hold(meter, who, streams=STREAMS):
    """Thousands of streams that are open at the same time; the most memory while all of them are."""
    stage = meter.stage
    pids = stage.pids(who)
    before, cpu = probes.pss_kib(pids), probes.cpu_seconds(pids)
    load = subprocess.Popen(stage.load("hold", who, "slow", streams=streams, over_seconds=OVER_SECONDS),
                            stdout=subprocess.PIPE, text=True)
    guard = threading.Timer(PATIENCE, load.kill)
    guard.start()
    try:
        # The line that tells that all are open, or, where some never were, already what became of them. They stay so
        # for twenty seconds less those of the opening.
        lines = [load.stdout.readline()]
        files, samples = probes.descriptors(pids), []
        for _ in range(10):
            samples.append(probes.pss_kib(pids))
            time.sleep(0.5)
        lines += load.stdout.readlines()
    finally:
        guard.cancel()
        load.kill()
        load.wait(10)
    told = json.loads(lines[-1] or "{}")
    if "answers" not in told:
        raise SystemExit(f"{streams} streams through {who} end without a result")
    cpu = (probes.cpu_seconds(pids) - cpu) * 1e6 / streams
    meter.note(f"{streams} streams", who, **told, before_kib=before, open_kib=samples, descriptors=files, cpu_us=round(cpu))
    say(f"  {f'{streams} streams':18} {who:9} {told['answers']} whole, {told['errors']} errors "
        f"{told.get('error_kinds', '')}, {(max(samples) - before) / streams:.1f} KiB each beyond what there was before")
    return max(samples)
