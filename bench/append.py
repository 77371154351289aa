"""The race of appending: lines are given to a process, and the time until it says that they are durable is taken."""

import csv
import json
import os
import subprocess
import time
from itertools import islice

from measure import Failed, cost_of


def lines_of(path, count):
    """The first rows of the load as JSON lines; empty cells are left out, as a caller would."""
    with open(path, newline="") as file:
        rows = csv.DictReader(file)
        return [json.dumps({name: cell for name, cell in row.items() if cell}, ensure_ascii=False) + "\n" for row in islice(rows, count)]


def talk(command, lines, batch):
    """Sends a batch, waits for `ok`, sends the next. Gives the cost and how long each batch waited (s)."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1 << 20)
    waits, sent = [], 0
    for at in range(0, len(lines), batch):
        part = lines[at : at + batch]
        began = time.monotonic()
        child.stdin.write("".join(part))
        child.stdin.flush()
        answer = child.stdout.readline().split()
        waits.append(time.monotonic() - began)
        sent += len(part)
        if answer != ["ok", str(sent)]:
            raise Failed(f"{' '.join(command)}: {sent} lines were sent and the answer was {answer}")
    wall = time.monotonic() - start
    child.stdin.close()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Failed(f"{' '.join(command)}: ended with {child.returncode}")
    return cost_of(wall, usage), waits
