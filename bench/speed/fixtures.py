"""What callers ask, and what the pretend providers answer."""

import json

MODEL = "bench-1"
# The ways of asking: the path below which a provider answers so, and whether it streams.
KINDS = {
    "chat": ("/json", False),      # at once
    "stream": ("/sse", True),      # at once, all events
    "wait": ("/v1", False),        # after 50 ms
    "tokens": ("/v1", True),       # 40 tokens, 10 ms apart
    "slow": ("/slow", True),       # 40 tokens, 500 ms apart
}
TOKENS = 40


def path(kind):
    """Where a provider of this kind takes chat requests."""
    below = KINDS[kind][0]
    return (below if below == "/v1" else below + "/v1") + "/chat/completions"


def request(kind):
    """A request of some 1 KB, as an app's backend sends it."""
    system = ("You are the support assistant of a shop that sells bicycles and parts for them. Answer in the customer's "
              "language, in at most three sentences, and name the part number where you know it. Never promise a date of "
              "delivery; say instead that the order page shows it. If a question is not about bicycles, say politely that "
              "you cannot help with it.")
    turns = [
        {"role": "system", "content": system},
        {"role": "user", "content": "Hello! My rear derailleur skips when I am on the two smallest cogs."},
        {"role": "assistant", "content": "That is mostly the cable tension. Turn the barrel adjuster half a turn at a time."},
        {"role": "user", "content": "I did that \u2013 it is better, but under load it still jumps. Could it be the chain? "
                                    "It has 6,200 km on it, \"original\" cassette."},
    ]
    body = {"model": f"bench-{kind}", "messages": turns, "temperature": 0.7, "max_tokens": 256, "user": "customer-4711"}
    if KINDS[kind][1]:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


USAGE = {"prompt_tokens": 212, "completion_tokens": TOKENS, "total_tokens": 212 + TOKENS,
         "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
         "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0}}
HEAD = {"id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "created": 1741569952, "model": MODEL,
        "service_tier": "default", "system_fingerprint": "fp_50cad350e4"}


def answer():
    """A chat.completion of some 700 bytes."""
    text = ("Yes, after 6,200 km chain and cassette are usually worn together, and a worn chain jumps under load first. "
            "Measure it with a gauge: at 0.75 or more replace both (CN-HG601 and CS-HG700).")
    message = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return dumped({**HEAD, "object": "chat.completion", "choices": [choice], "usage": USAGE})


def events():
    """A stream of 43 events: the role, 40 tokens, the reason of the end, the usage; and its end."""
    words = ("Yes, after so many kilometres chain and cassette are usually worn together, and a worn chain jumps under "
             "load first. Measure it with a gauge: at three quarters of a millimetre or more you should replace both of them.")
    tokens = [word + " " for word in words.split()]
    tokens = (tokens * TOKENS)[:TOKENS]
    chunks = [chunk({"role": "assistant", "content": "", "refusal": None})]
    chunks += [chunk({"content": token}) for token in tokens]
    chunks += [chunk({}, "stop"), {**HEAD, "object": "chat.completion.chunk", "choices": [], "usage": USAGE}]
    return "".join(f"data: {dumped(one)}\n\n" for one in chunks) + "data: [DONE]\n\n"


def chunk(delta, reason=None):
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    return {**HEAD, "object": "chat.completion.chunk", "choices": [choice], "usage": None}


def dumped(value):
    return json.dumps(value, separators=(",", ":"))
