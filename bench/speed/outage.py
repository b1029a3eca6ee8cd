"""The figures of chat while the database is slow, hangs or is gone, beside those while it is well."""

import threading
import time
from contextlib import contextmanager

from programs import say

from . import chat

# Of each quarter of a second a slow database works this part.
STOPPED, WORKING = 0.225, 0.025


def measure(meter, seconds):
    states = {"well": well, "slow": slow, "hanging": hanging, "absent": absent}
    for name in chat.in_turn(meter, tuple(states)):
        say(f"  with a database that is {name}")
        with states[name](meter):
            figures(meter, name, seconds)
        meter.await_shipped()


def figures(meter, name, seconds):
    who = ("tollgate",)
    chat.requests_per_second(meter, seconds, who, f"chat, {name}")
    chat.added_latency(meter, seconds, who, f"latency, {name}")
    chat.streams_per_second(meter, seconds, who, f"streams, {name}")
    chat.slow_callers(meter, seconds, who, f"500 callers, {name}")


@contextmanager
def well(meter):
    """With nothing to wait for before a load, as in the others."""
    with unshipped(meter):
        yield


@contextmanager
def slow(meter):
    """It stops for most of the time."""
    is_over = threading.Event()

    def stop_and_go():
        while not is_over.wait(WORKING):
            meter.stage.mariadb.hang()
            is_over.wait(STOPPED)
            meter.stage.mariadb.go_on()

    thread = threading.Thread(target=stop_and_go)
    thread.start()
    try:
        with unshipped(meter):
            yield
    finally:
        is_over.set()
        thread.join()


@contextmanager
def hanging(meter):
    """Connections stay open, and nothing is answered."""
    meter.stage.mariadb.hang()
    try:
        time.sleep(2)
        with unshipped(meter):
            yield
    finally:
        meter.stage.mariadb.go_on()


@contextmanager
def absent(meter):
    """It was killed, and connections are refused."""
    meter.stage.mariadb.kill()
    try:
        time.sleep(2)
        with unshipped(meter):
            yield
    finally:
        meter.stage.mariadb.start()


@contextmanager
def unshipped(meter):
    meter.is_shipping = False
    try:
        yield
    finally:
        meter.is_shipping = True
