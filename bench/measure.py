"""What a process cost: wall time, CPU of it and its children, most memory; and the middle of several such costs."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Cost:
    wall_s: float
    cpu_s: float
    """User and system time together."""
    memory_mib: float
    """Most resident memory at any moment."""


class Failed(Exception):
    pass


def run(command, stdin=None):
    """Runs a command to its end. Gives its cost and what it wrote to standard output."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        child = subprocess.Popen(command, stdin=stdin or subprocess.DEVNULL, stdout=out, stderr=err)
        # wait4 tells the cost of this one child; getrusage would add up all children so far.
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode != 0:
            words = " ".join(str(word) for word in command)
            raise Failed(f"{words}\n  ended with {child.returncode}: {err.read().decode(errors='replace').strip()[-2000:]}")
        return cost_of(wall, usage), out.read().decode()


def cost_of(wall, usage):
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def middle(costs):
    """The median of each part: one round in which the machine did something else does not count."""
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        max(cost.memory_mib for cost in costs),
    )


def quantile(values, part):
    """The smallest value that at least `part` of all do not exceed."""
    values = sorted(values)
    return values[min(len(values) - 1, max(0, -(-int(part * 1000) * len(values) // 1000) - 1))]
