"""The peer in the races of reading: DuckDB. Each call is a process of its own and prints one JSON object.

`wall_s` and `cpu_s` begin after Python has started and DuckDB is loaded, so that only DuckDB's own work is held against Kith.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import duckdb

HERE = Path(__file__).parent


def connect(temporary):
    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = '{temporary}'")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def load(connection, rows, file):
    sql = (HERE.parent / "load.sql").read_text().replace("$rows", str(int(rows))).replace("$file", file)
    connection.execute(sql)
    return {}


def convert(connection, csv, parquet):
    """CSV to Parquet, sorted as Kith sorts, and on the disk before it counts as done: Kith's import is durable too."""
    connection.execute(
        f"""COPY (SELECT * FROM read_csv('{csv}', types = {{'order': 'VARCHAR', 'value': 'DECIMAL(18,2)'}}) ORDER BY login, "at")
            TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)"""
    )
    for path in (parquet, os.path.dirname(parquet)):
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.close(file)
    return {}


def count(connection, parquet):
    """What must be the same in the journal: rows, distinct ids, money in fen, people."""
    sql = f"""SELECT count(*), count(DISTINCT id), CAST(sum(value) * 100 AS BIGINT), count(DISTINCT (login, channel))
              FROM read_parquet('{parquet}')"""
    return {"answer": connection.execute(sql).fetchone()}


def ask(connection, question, files):
    sql = (HERE / f"{question}.sql").read_text()
    # The window of the load (load.sql) and 30 days before it.
    parts = {
        "files": files,
        "since": "2025-04-01 00:00:00+08",
        "from": "2025-05-01 00:00:00+08",
        "until": "2026-11-01 00:00:00+08",
    }
    for name, value in parts.items():
        sql = sql.replace(f"${name}", value)
    return {"answer": connection.execute(sql).fetchall()}


def timelines(connection, contacts_file, files):
    """Every row of one person, in order; the files are found once, before."""
    connection.execute(f"CREATE VIEW touches AS SELECT * FROM read_parquet('{files}')")
    # Times leave as numbers: as Python's times they would need one more package.
    sql = """SELECT * REPLACE (epoch_us("at") AS "at", epoch_us(promised_at) AS promised_at) FROM touches
             WHERE identity = ? ORDER BY "at", touch_id"""
    took = []
    rows = 0
    for line in Path(contacts_file).read_text().split():
        start = time.monotonic()
        rows += len(connection.execute(sql, [int(line)]).fetchall())
        took.append(time.monotonic() - start)
    return {"took_s": took, "rows": rows}


def main():
    act, temporary, *rest = sys.argv[1:]
    acts = {"load": load, "convert": convert, "count": count, "ask": ask, "timelines": timelines}
    connection = connect(temporary)
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    said = acts[act](connection, *rest)
    after, end = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    print(json.dumps({"wall_s": end - start, "cpu_s": cpu, **said}, ensure_ascii=False))


if __name__ == "__main__":
    main()
