"""Checks that answers which are silent for 90 seconds come through nginx, whose read timeout is 60.

All streams run at once: of each protocol, in both dialects, through a server with nothing but
`proxy_pass` and through the one that is documented. The same silence without the gateway has to be
cut, or else nothing was shown.
"""

import http.client
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

SILENCE = 90
# Long enough for a stream to end which takes as long as it may.
PATIENCE = 180
# What is sent at once after all, buffered on the way, comes closer together than that.
APART = 5
LEAST_COMMENTS = 4

PATHS = ["/v1/chat/completions", "/v1/messages"]
LAST = {"/v1/chat/completions": "data: [DONE]", "/v1/messages": 'data: {"type":"message_stop"}'}


class Wrong(Exception):
    """What a stream did that it should not have done."""


def lines_of(url, path, model, key):
    """Yields each line of a streamed answer, and when it came."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE)
    body = {
        "model": model,
        "stream": True,
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "Think it over."}],
    }
    headers = {"content-type": "application/json", "authorization": f"Bearer {key}"}
    begun = time.monotonic()
    connection.request("POST", path, json.dumps(body), headers)
    response = connection.getresponse()
    if response.status != 200:
        raise Wrong(f"status {response.status}: {response.read(300)}")
    while line := response.readline():
        yield time.monotonic() - begun, line.decode().rstrip("\r\n")
    connection.close()


def check(url, path, model):
    comments, text, last = [], None, ""
    for at, line in lines_of(url, path, model, os.environ["TOLLGATE_KEY"]):
        if line.startswith(":") and text is None:
            comments.append(at)
        if "Hello" in line and text is None:
            text = at
        if line.startswith("data:"):
            last = line
    if text is None or last != LAST[path]:
        raise Wrong(f"no whole answer: {last!r}")
    if text < SILENCE - 1:
        raise Wrong(f"the silence was of {text:.1f} s")
    apart = [at for before, at in zip([0, *comments], comments) if at - before >= APART]
    if len(apart) < LEAST_COMMENTS:
        raise Wrong(f"comments came at {comments}, the answer at {text:.1f} s")
    return f"{len(comments)} comments, the first at {comments[0]:.1f} s, the answer at {text:.1f} s"


def check_that_silence_is_cut(url, path, model):
    try:
        for at, line in lines_of(url, path, model, "sk-for-the-tests"):
            if "Hello" in line:
                raise Wrong(f"nginx waited {at:.1f} s, so that its timeout was not in force")
    except http.client.HTTPException as cut:
        return f"cut, as it should be: {type(cut).__name__}"
    return "cut, as it should be"


def cases():
    silent = f"sim-silent-{SILENCE}"
    models = [f"{provider}/{silent}" for provider in os.environ["TOLLGATE_PROVIDERS"].split()]
    # One whose provider does not even send a status before.
    models.append(f"openai/sim-latency-{SILENCE * 1000}")
    for name in ["PROXY_BARE", "PROXY_DOCUMENTED"]:
        for path in PATHS:
            for model in models:
                yield check, name, path, model
    yield check_that_silence_is_cut, "PROXY_SILENT", PATHS[0], silent


def main():
    wanted = list(cases())
    with ThreadPoolExecutor(len(wanted)) as pool:
        futures = [pool.submit(it, os.environ[name], path, model) for it, name, path, model in wanted]
    failed = False
    for (_, name, path, model), future in zip(wanted, futures):
        try:
            result = future.result()
        except (Wrong, OSError, http.client.HTTPException) as error:
            failed, result = True, f"WRONG: {type(error).__name__}: {error}"
        print(f"{name} {path} {model}: {result}", flush=True)
    sys.exit(failed)


main()
