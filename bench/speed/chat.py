"""The figures of chat: each is measured of all who take part, one after the other, once in a round."""

CONNECTIONS = 64
RATE = 200
STREAM_RATE = 50
CALLERS = 500
STREAMS = 200

ALL = "direct", "nginx", "tollgate"
PROXIES = "nginx", "tollgate"


def measure(meter, seconds):
    """Every figure once."""
    requests_per_second(meter, seconds)
    added_latency(meter, seconds)
    canned_streams(meter, seconds)
    slow_callers(meter, seconds)
    token_streams(meter, seconds)


def in_turn(meter, who):
    """Each round begins with another one."""
    turn = meter.round % len(who)
    return who[turn:] + who[:turn]


def requests_per_second(meter, seconds, who=ALL, figure="chat"):
    for one in in_turn(meter, who):
        meter.warm(one, "chat", CONNECTIONS)
        meter.closed(figure, one, "chat", CONNECTIONS, seconds)


def added_latency(meter, seconds, who=ALL, figure="latency"):
    for one in in_turn(meter, who):
        meter.open(figure, one, "chat", RATE, 2 * seconds)


def canned_streams(meter, seconds):
    streams_per_second(meter, seconds)
    for one in in_turn(meter, ALL):
        meter.open("first content", one, "stream", STREAM_RATE, seconds)


def streams_per_second(meter, seconds, who=PROXIES, figure="streams"):
    for one in in_turn(meter, who):
        meter.warm(one, "stream", CONNECTIONS)
        meter.closed(figure, one, "stream", CONNECTIONS, seconds)


def slow_callers(meter, seconds, who=PROXIES, figure="500 callers"):
    for one in in_turn(meter, who):
        meter.warm(one, "wait", CALLERS)
        meter.closed(figure, one, "wait", CALLERS, seconds)


def token_streams(meter, seconds):
    for one in in_turn(meter, ALL):
        meter.warm(one, "tokens", STREAMS)
        meter.closed("200 streams", one, "tokens", STREAMS, seconds)
