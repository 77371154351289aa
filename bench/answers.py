"""Are the answers of Kith and of the peer the same? A race of different answers is no race."""

import csv
import io
from decimal import Decimal


def table(text):
    """Rows of Kith's CSV as dictionaries."""
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def numbers(text):
    """The one row of an answer, as whole numbers."""
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    return [int(float(cell)) for cell in rows[1]]


def verdict(ours, theirs, what):
    if list(ours) == list(theirs):
        return f"same {what}"
    return f"DIFFERENT {what}: {list(ours)[:6]} and {list(theirs)[:6]}"


def fen(text):
    """An amount as minor units; CSV has it as a number such as 354.2."""
    return int((Decimal(text) * 100).to_integral_value())


def revenue(row):
    return (row["month"], row["medium"]), (int(row["orders"]), int(row["buyers"]), fen(row["revenue"]))


def traffic(row):
    return row["medium"], tuple(int(row[name]) for name in ("reads", "visits", "clicks", "scans", "people"))


def paths(row):
    return row["path"], (int(row["conversions"]), int(row["nulls"]), fen(row["value"]))


# What the peer's SQL gives, in the form of the functions above.
PEER = {
    "revenue": lambda period, part, currency, orders, buyers, new_buyers, net: ((period, part), (orders, buyers, net)),
    "traffic": lambda part, *counts: (part, tuple(counts[:5])),
    "paths": lambda path, conversions, nulls, minor: (path or "(nothing known)", (conversions, nulls, minor)),
}
OURS = {"revenue": revenue, "traffic": traffic, "paths": paths}


def compare(question, text, theirs):
    """Every row of the answer, by its name: nothing missing, nothing more, the same numbers."""
    ours = dict(OURS[question](row) for row in table(text))
    theirs = dict(PEER[question](*row) for row in theirs)
    differ = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    if not differ:
        return f"same {len(ours):,} rows"
    first = differ[0]
    return f"DIFFERENT in {len(differ):,} of {len(theirs):,} rows: {first}: {ours.get(first)} and {theirs.get(first)}"
