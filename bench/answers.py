"""Are the answers of Kith and of the peer the same? A race of different answers is no race."""

import csv
import io


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


def compare(question, text, theirs):
    return "not compared"
