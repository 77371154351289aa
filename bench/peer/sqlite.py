"""The peer in the race of appending: SQLite through Python's own module, a commit for each batch.

The same conversation as `kith append`: JSON lines come in, `ok N` goes out when N rows are durable (WAL, synchronous = FULL:
each commit is on the disk). The table has the load's columns and is keyed by the id, so that nothing is kept twice.
"""

import json
import sqlite3
import sys

COLUMNS = "id at login channel kind medium campaign placement post order value currency text".split()


def main():
    path, batch = sys.argv[1], int(sys.argv[2])
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    connection.execute(f'CREATE TABLE touches ({names}, PRIMARY KEY ("id"))')
    insert = f'INSERT INTO touches ({names}) VALUES ({", ".join("?" * len(COLUMNS))}) ON CONFLICT DO NOTHING'
    waiting, durable = [], 0
    for line in sys.stdin:
        touch = json.loads(line)
        waiting.append([touch.get(name) for name in COLUMNS])
        if len(waiting) == batch:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, waiting)
            connection.execute("COMMIT")
            durable += len(waiting)
            waiting.clear()
            print(f"ok {durable}", flush=True)
    connection.close()


if __name__ == "__main__":
    main()
