"""The tables of the report: what was promised, and everything else that was seen."""

from . import growth as steps
from . import memory
from .seen import Spread

# What the fastest rival reached of nginx's requests a second, without accounting.
ONWARDS = 0.37
MS = 1 / 1000
STATES = "slow", "hanging", "absent"
FIGURES = "chat", "latency", "streams", "500 callers"


def minus(a, b):
    return a - b


def head(title, text, *names):
    return [f"## {title}", "", *([text, ""] if text else []), "| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]


def row(*cells):
    return "| " + " | ".join(cells) + " |"


def verdicts(seen):
    """A line for each promise."""
    lines = head("What was promised", "", "promise", "gate", "measured", "verdict", "command")
    for section, make in {"chat": promises_of_chat, "memory": promises_of_memory, "outage": promises_of_outage}.items():
        for name, gate, spread, digits, is_least in make(seen):
            if spread:
                is_met = spread.median >= gate if is_least else spread.median <= gate
                lines.append(row(name, f"{'≥' if is_least else '≤'} {gate:g}", spread.told(digits),
                                 "met" if is_met else "**missed**", f"`SECTIONS={section} make bench`"))
    return lines + [""]


def promises_of_chat(seen):
    """Name, gate, values, digits, and whether the gate is the least."""
    p50, p99 = ("latency_us", "p50"), ("latency_us", "p99")
    content = ("first_content_us", "p50")
    chat = seen.against("chat", "tollgate", "nginx", "per_second")
    yield "requests/s at 64 connections, of nginx's", 0.55, chat, 2, True
    onwards = Spread([value / ONWARDS for value in chat.values])
    yield f"the same, of onwards' ({ONWARDS} of nginx's)", 2, onwards, 2, True
    yield "CPU a request with shipping, of nginx's", 2.6, seen.against("chat", "tollgate", "nginx", "cpu_us"), 2, False
    latency = lambda *path: seen.against("latency", "tollgate", "direct", *path, scale=MS, combine=minus)
    yield "added at 200 requests/s, p50, ms", 0.25, latency(*p50), 3, False
    yield "added at 200 requests/s, p99, ms", 0.8, latency(*p99), 3, False
    yield "500 callers: requests/s, of nginx's", 0.95, seen.against("500 callers", "tollgate", "nginx", "per_second"), 3, True
    callers = seen.against("500 callers", "tollgate", "nginx", *p99, scale=MS, combine=minus)
    yield "500 callers: p99 above nginx's, ms", 5, callers, 2, False
    yield "canned streams/s, of nginx's", 0.6, seen.against("streams", "tollgate", "nginx", "per_second"), 2, True
    added = seen.against("first content", "tollgate", "direct", *content, scale=MS, combine=minus)
    yield "added time to first content, p50, ms", 0.35, added, 3, False
    yield "200 streams: gap between tokens, p99, ms", 15, seen.spread("200 streams", "tollgate", "gap_us", "p99", scale=MS), 2, False


def promises_of_memory(seen):
    many = f"{memory.STREAMS} streams"
    kept = seen.of("memory")
    yield "5,000 streams: errors", 0, seen.spread(many, "tollgate", "errors"), 0, False
    each = Spread([(one["open_kib"] - one["idle_kib"]) / one["streams"] for one in kept])
    yield "5,000 streams: memory of each beyond idle, KiB", 40, each, 1, False
    yield "memory idle after the start, MiB", 40, Spread([one["idle_kib"] / 1024 for one in kept]), 1, False
    after = Spread([one["after_kib"] / one["caches_kib"] for one in kept])
    yield "memory after the streams, of idle + caches", 1.2, after, 2, False
    yield "cold start to the first answer, ms", 150, seen.spread("cold start", "tollgate", "seconds", scale=1000), 0, False


def promises_of_outage(seen):
    """How much worse than with a database that is well."""
    what = {"chat": ("requests/s", True, ("per_second",)), "streams": ("streams/s", True, ("per_second",)),
            "latency": ("p50 at 200 requests/s", False, ("latency_us", "p50")),
            "500 callers": ("requests/s of 500 callers", True, ("per_second",))}
    for state in STATES:
        for figure, (name, is_rate, path) in what.items():
            yield f"database {state}: {name} worse by, %", 10, worse(seen, figure, state, path, is_rate), 1, False


def worse(seen, figure, state, path, is_rate):
    well = seen.values(f"{figure}, well", "tollgate", *path)
    ill = seen.values(f"{figure}, {state}", "tollgate", *path)
    # Where nothing is answered any more there is no latency, and a rate of nothing.
    if len(ill) < len(well):
        return Spread([float("inf")] * len(well))
    share = (lambda a, b: a / b if b else float("inf")) if is_rate else (lambda a, b: b / a)
    return Spread([(share(a, b) - 1) * 100 for a, b in zip(well, ill)])


TITLES = {
    "chat": "Chat, 64 connections", "latency": "Chat, 200 requests/s whatever happens",
    "streams": "Canned streams of 43 events, 64 connections", "first content": "Canned streams, 50 a second",
    "500 callers": "500 callers of a provider that takes 50 ms", "200 streams": "200 streams of 40 tokens, 10 ms apart",
    f"{memory.STREAMS} streams": "5,000 streams of 40 tokens, 500 ms apart, opened within 8 s",
}


def loads(seen):
    """Everything that a load told."""
    return [line for figure in TITLES for line in table_of_load(seen, figure)]


def table_of_load(seen, figure):
    if not seen.has(figure):
        return []
    columns = [
        ("a second", 0, ("per_second",), 1), ("p50, ms", 2, ("latency_us", "p50"), MS), ("p99, ms", 2, ("latency_us", "p99"), MS),
        ("first content p50, ms", 2, ("first_content_us", "p50"), MS), ("gap p99, ms", 2, ("gap_us", "p99"), MS),
        ("CPU each, µs", 1, ("cpu_us",), 1), ("errors", 0, ("errors",), 1),
    ]
    columns = [column for column in columns if seen.values(figure, "tollgate", *column[2])]
    lines = head(TITLES[figure], "", "", *(column[0] for column in columns))
    for who in ("direct", "nginx", "tollgate"):
        if seen.of(figure, who):
            cells = [seen.spread(figure, who, *path, scale=scale).told(digits) for _, digits, path, scale in columns]
            lines.append(row(who, *cells))
    return lines + [""]


def shipping(seen):
    """What of the gateway's time is not the callers'."""
    if not seen.has("chat"):
        return []
    cpu, bare = seen.spread("chat", "tollgate", "cpu_us"), seen.spread("chat", "tollgate", "cpu_unshipped_us")
    backlog, drain = seen.spread("chat", "tollgate", "backlog"), seen.spread("chat", "tollgate", "drain_seconds")
    return ["## Shipping", "", f"At the end of each load of 64 connections {backlog.told(0)} records were still to be shipped, which took "
            f"{drain.told()} s more. Of its {cpu.told(1)} µs a request the gateway had used {bare.told(1)} until then.", ""]


def memory_of_gateway(seen):
    kept = seen.of("memory")
    if not kept:
        return []
    names = {"idle_kib": "idle, 3 s after the start", "caches_kib": "idle, after some thousand calls of all kinds",
             "open_kib": "with 5,000 streams open", "after_kib": "15 s after the last of them"}
    lines = head("Memory of the gateway", "PSS.", "", "MiB")
    lines += [row(text, Spread([one[name] / 1024 for one in kept]).told(1)) for name, text in names.items()]
    lines.append(row("at the end of 64 connections' load", seen.spread("chat", "tollgate", "pss_kib", scale=1 / 1024).told(1)))
    for who in ("nginx",):
        for one in seen.of(f"{memory.STREAMS} streams", who):
            lines.append(row("nginx with 5,000 streams open", f"{max(one['open_kib']) / 1024:.1f}"))
    return lines + [""]


def outage(seen):
    """Each figure in each state."""
    if not seen.has("chat, well"):
        return []
    text = ("Slow: stopped for nine tenths of each quarter of a second. Hanging: stopped. Absent: killed. A rate is higher where "
            "no database shares the processors.")
    lines = head("While the database is away", text, "database", "requests/s", "p50, p99 at 200/s, ms", "streams/s",
                 "500 callers: requests/s, p99 in ms", "errors")
    for state in ("well", *STATES):
        value = lambda figure, *path, scale=1.0, digits=0: seen.spread(f"{figure}, {state}", "tollgate", *path, scale=scale).told(digits)
        errors = sum(sum(seen.values(f"{figure}, {state}", "tollgate", "errors")) for figure in FIGURES)
        lines.append(row(
            state, value("chat", "per_second"),
            value("latency", "latency_us", "p50", scale=MS, digits=2) + ", " + value("latency", "latency_us", "p99", scale=MS, digits=2),
            value("streams", "per_second"),
            value("500 callers", "per_second") + ", " + value("500 callers", "latency_us", "p99", scale=MS, digits=1), f"{errors:.0f}"))
    return lines + [""]


def growth_by_configuration(seen):
    """What each step added."""
    if not seen.has(f"growth: {list(steps.STEPS)[0]}"):
        return []
    lines = head("What is configured", "64 connections, and 200 requests/s; each line keeps what the ones above have added.",
                 "", "requests/s, of nginx's", "CPU each, µs", "added p50 at 200/s, ms", "memory after the start, MiB")
    for name in steps.STEPS:
        figure = f"growth: {name}"
        added = seen.against(f"growth: latency, {name}", "tollgate", "direct", "latency_us", "p50", scale=MS, combine=minus)
        kept = seen.values(f"growth: memory, {name}", "tollgate", "pss_kib", scale=1 / 1024)[:1]
        lines.append(row(name, seen.against(figure, "tollgate", "nginx", "per_second").told(),
                         seen.spread(figure, "tollgate", "cpu_us").told(1), added.told(3), Spread(kept).told(1)))
    return lines + [""]


def growth_by_streams(seen):
    """What each number of streams took."""
    if not seen.has(f"{steps.STREAMS[0]} streams"):
        return []
    lines = head("Concurrent streams", "40 tokens, 500 ms apart, opened within 8 s, after a new start.",
                 "streams", "memory beyond idle, MiB", "of each, KiB", "CPU of each whole stream, µs", "gap p99, ms", "errors")
    for streams in steps.STREAMS:
        figure = f"{streams} streams"
        more = Spread([(max(one["open_kib"]) - one["before_kib"]) / 1024 for one in seen.of(figure)])
        each = Spread([value * 1024 / streams for value in more.values])
        gap = seen.spread(figure, "tollgate", "gap_us", "p99", scale=MS)
        lines.append(row(f"{streams:,}", more.told(1), each.told(1), seen.spread(figure, "tollgate", "cpu_us").told(0), gap.told(1),
                         seen.spread(figure, "tollgate", "errors").told(0)))
    return lines + [""]


SPEED = verdicts, loads, shipping, memory_of_gateway, outage
GROWTH = growth_by_configuration, growth_by_streams
IN_DOCUMENTS = {
    "promises": verdicts, "chat": lambda seen: table_of_load(seen, "chat"), "latency": lambda seen: table_of_load(seen, "latency"),
    "memory": memory_of_gateway, "outage": outage, "configuration": growth_by_configuration, "streams": growth_by_streams,
}
