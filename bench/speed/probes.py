"""What the kernel tells of a process, and of the machine."""

import os
import re
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids):
    """Processor time of all threads, those that ended included."""
    return sum(cpu_seconds_of(pid) for pid in pids)


def cpu_seconds_of(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pss_kib(pids):
    """Memory, with each page that is shared divided among those who share it."""
    return sum(pss_kib_of(pid) for pid in pids)


def pss_kib_of(pid):
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])


def descriptors(pids):
    """Open files and sockets."""
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids)


def machine_idle_seconds():
    fields = Path("/proc/stat").read_text().splitlines()[0].split()
    return (int(fields[4]) + int(fields[5])) / TICKS


def idle_share(idle_before, begin):
    """The share of the machine's processor time since then that nobody used."""
    return (machine_idle_seconds() - idle_before) / ((time.monotonic() - begin) * os.cpu_count())
