"""Measures what a gateway costs beside a plain reverse proxy. Started by bench/speed.sh."""

import argparse
import datetime
import json
import os
import platform
import subprocess
import time
from pathlib import Path

from programs import say

from . import chat, growth, memory, outage, report
from .meter import Meter
from .stage import Stage

SECTIONS = {"chat": chat.measure, "memory": memory.measure, "outage": outage.measure, "growth": growth.measure}


def main():
    flags = parse()
    if flags.report_only:
        raw = json.loads(flags.raw.read_text())
    else:
        raw = measure(flags)
        flags.raw.parent.mkdir(parents=True, exist_ok=True)
        flags.raw.write_text(report.dumped(raw))
    flags.out.write_text(report.markdown(raw))
    say(f"results are in {flags.out}, raw ones in {flags.raw}")
    if flags.docs:
        flags.docs.write_text(report.filled(flags.docs.read_text(), raw))
        say(f"{flags.docs} has them")


def parse():
    parser = argparse.ArgumentParser(prog="speed", description=__doc__)
    parser.add_argument("--binaries", type=Path)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--profile", default="dist")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--sections", default="chat,memory,outage", help="of " + ", ".join(SECTIONS))
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--report-only", action="store_true", help="write the report from raw results that are there")
    parser.add_argument("--docs", type=Path, help="a document whose tables are to be these")
    return parser.parse_args()


def measure(flags):
    begin = time.monotonic()
    with Stage(flags.binaries.resolve(), flags.folder.resolve()) as stage:
        meter = Meter(stage, flags.rounds)
        about = {**machine(), "profile": flags.profile, "rounds": flags.rounds, "seconds": flags.seconds,
                 "sections": flags.sections.split(","),
                 "database": stage.gateway.database.version(), "nginx": version("nginx", "-v"),
                 "tollgate": version(flags.binaries / "tollgate", "--version")}
        for meter.round in range(flags.rounds):
            say(f"round {meter.round + 1} of {flags.rounds}")
            for name in flags.sections.split(","):
                SECTIONS[name](meter, flags.seconds)
        about["minutes"] = round((time.monotonic() - begin) / 60, 1)
        return {"about": about, "records": meter.records}


def machine():
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    model = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return {"commit": commit, "date": datetime.date.today().isoformat(), "processors": os.cpu_count(),
            "processor": (model or [platform.machine()])[0], "kernel": platform.release(),
            "load_before": [round(load, 2) for load in os.getloadavg()]}


def version(*command):
    told = subprocess.run(command, capture_output=True, text=True)
    return (told.stdout + told.stderr).strip()


if __name__ == "__main__":
    main()
