"""Calls the gateway, streams and whole answers, until the file STOP is there; then waits until all
records are in the database, and writes the ids of the calls to ANSWERED, one to a line.

load.py STOP ANSWERED

A call that is not answered to its end is a failure.
"""

import http.client
import itertools
import json
import os
import pathlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor

CALLERS = 8
# Between two calls of a caller, so that the load is steady and not all that the machine can do.
PAUSE = 0.02
# Records have this long to come to the database.
PATIENCE = 60


def call(connection, number):
    """Makes a call, and answers its id."""
    body = {"model": "openai/chat", "messages": [{"role": "user", "content": "Hello?"}]}
    is_stream = number % 2 == 1
    if is_stream:
        body["stream"] = True
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer {os.environ['TOLLGATE_KEY']}",
    }
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    reply = connection.getresponse()
    text = reply.read().decode()
    if reply.status != 200:
        raise SystemExit(f"{reply.status}: {text}")
    if is_stream and not text.rstrip().endswith("data: [DONE]"):
        raise SystemExit(f"a stream ended with: {text[-200:]}")
    return reply.headers["x-request-id"].replace("-", "")


def caller(stop):
    address = os.environ["TOLLGATE_URL"].removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=30)
    answered = []
    for number in itertools.count():
        if stop.exists():
            return answered
        answered.append(call(connection, number))
        time.sleep(PAUSE)


def ask(method, path, body=None, token=None):
    address = os.environ["TOLLGATE_URL"].removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=30)
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    connection.request(method, path, body and json.dumps(body), headers)
    return json.load(connection.getresponse())["data"]


def main(stop, answered):
    with ThreadPoolExecutor(CALLERS) as pool:
        calls = [pool.submit(caller, pathlib.Path(stop)) for _ in range(CALLERS)]
        ids = [one for made in calls for one in made.result()]
    login = {"username": "admin", "password": "only-for-this-run"}
    token = ask("POST", "/api/auth/login", login)["token"]
    until = time.monotonic() + PATIENCE
    while (journal := ask("GET", "/api/status/status", token=token)["journal"])["backlogRecords"]:
        if time.monotonic() > until:
            raise SystemExit(f"records do not come to the database: {journal}")
        time.sleep(0.1)
    pathlib.Path(answered).write_text("".join(f"{one}\n" for one in ids))


if __name__ == "__main__":
    main(*sys.argv[1:])
