"""Runs the races and prints their table; `run.sh` says what it needs."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import answers
import append
from measure import Cost, Failed, middle, quantile, run

HERE = Path(__file__).parent
RACES = ["import", "ask", "timeline", "append", "start"]
TENANT = "bench"
# The window of load.sql, both days inside.
WINDOW = ["--from", "2025-05-01", "--until", "2026-10-31"]
# How many touches a contact of `kith sample` has, about: the load then has about as many rows as were asked for.
SAMPLE_TOUCHES = 33
QUESTIONS = {
    "revenue": ["revenue", "--by", "medium,month"],
    "traffic": ["traffic", "--by", "medium"],
    "paths": ["paths"],
}


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Race:
    def __init__(self, options):
        self.binary = str(options.binary)
        self.work = options.work
        self.rounds = int(os.environ.get("KITH_BENCH_ROUNDS", "3"))
        self.only = os.environ.get("KITH_BENCH_ONLY", " ".join(RACES)).split()
        self.table = []
        (self.work / "tmp").mkdir(exist_ok=True)

    def store(self, rows):
        return self.work / f"store-{rows}"

    def csv(self, rows):
        load = "-sample" if os.environ.get("KITH_BENCH_LOAD") == "sample" else ""
        return self.work / f"touches-{rows}{load}.csv"

    def parquet(self, rows):
        return self.work / f"duckdb-{rows}.parquet"

    def lake(self, rows):
        return f"{self.store(rows)}/lake/{TENANT}/*/*.parquet"

    def kith(self, store, *words):
        return [self.binary, "--store", str(store), *words]

    def duck(self, *words):
        """Runs DuckDB in a process of its own: its cost without Python's start, and what it answered."""
        act, *rest = map(str, words)
        whole, text = run([sys.executable, str(HERE / "peer" / "duck.py"), act, str(self.work / "tmp"), *rest])
        said = json.loads(text)
        return Cost(said["wall_s"], said["cpu_s"], whole.memory_mib), said

    def add(self, race, rows, kith, peer, same, peer_name="DuckDB"):
        row = {"race": race, "rows": rows, "peer_name": peer_name, "kith": vars(kith), "peer": vars(peer) if peer else None, "same": same}
        self.table.append(row)
        with open(self.work / "results.jsonl", "a") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def load(self, rows):
        """Makes the load once; it is the same every time."""
        path = self.csv(rows)
        if path.exists():
            return
        say(f"making a load of {rows:,} touches")
        part = path.with_suffix(".part")
        if os.environ.get("KITH_BENCH_LOAD") == "sample":
            folder = self.work / f"sample-{rows}"
            run([self.binary, "sample", "--contacts", str(max(1, rows // SAMPLE_TOUCHES)), "--until", "2026-10-31", "--files", str(folder)])
            (folder / "touches.csv").rename(part)
        else:
            self.duck("load", rows, part)
        part.rename(path)

    def fresh_store(self, rows):
        store = self.store(rows)
        shutil.rmtree(store, ignore_errors=True)
        run(self.kith(store, "init", TENANT, "--zone", "Asia/Shanghai", "--currency", "CNY"))

    def take_in(self, rows):
        """CSV to a journal, against CSV to one sorted Parquet file."""
        kith, peer = [], []
        for n in range(self.rounds):
            say(f"import of {rows:,}, round {n + 1} of {self.rounds}: Kith")
            self.fresh_store(rows)
            kith.append(run(self.kith(self.store(rows), "import", "--kind", "touches", str(self.csv(rows))))[0])
            say(f"import of {rows:,}, round {n + 1} of {self.rounds}: DuckDB")
            self.parquet(rows).unlink(missing_ok=True)
            peer.append(self.duck("convert", self.csv(rows), self.parquet(rows))[0])
            say(f"  Kith {kith[-1].wall_s:.2f} s, CPU {kith[-1].cpu_s:.2f} s; DuckDB {peer[-1].wall_s:.2f} s, CPU {peer[-1].cpu_s:.2f} s")
        counted = "SELECT count(*), count(DISTINCT touch_id), sum(value), count(DISTINCT identity) FROM touches"
        ours = answers.numbers(run(self.kith(self.store(rows), "--format", "csv", "sql", counted))[1])
        theirs = self.duck("count", self.parquet(rows))[1]["answer"]
        self.add("import", rows, middle(kith), middle(peer), answers.verdict(ours, theirs, "rows, ids, money, people"))
        lake = sum(file.stat().st_size for file in self.store(rows).rglob("*.parquet"))
        say(f"  on disk: CSV {mib(self.csv(rows))} MiB, Kith's lake {lake >> 20} MiB, DuckDB's Parquet {mib(self.parquet(rows))} MiB")

    def ask(self, rows):
        for name, words in QUESTIONS.items():
            kith, peer = [], []
            for n in range(self.rounds):
                cost, text = run(self.kith(self.store(rows), "--format", "csv", "ask", *words, *WINDOW))
                kith.append(cost)
                cost, said = self.duck("ask", name, self.lake(rows))
                peer.append(cost)
                say(f"{name} over {rows:,}, round {n + 1}: Kith {kith[-1].wall_s:.2f} s, CPU {kith[-1].cpu_s:.2f} s; "
                    f"DuckDB {peer[-1].wall_s:.2f} s, CPU {peer[-1].cpu_s:.2f} s")
            (self.work / f"{name}-{rows}.csv").write_text(text)
            self.add(f"ask {' '.join(words)}", rows, middle(kith), middle(peer), answers.compare(name, text, said["answer"]))

    def timelines(self, rows):
        """200 people, those of 200 touches picked by their ids: whoever did much is asked for more often."""
        sql = "SELECT contact FROM touches ORDER BY touch_id LIMIT 200"
        text = run(self.kith(self.store(rows), "--format", "csv", "sql", "--limit", "200", sql))[1]
        contacts = self.work / f"contacts-{rows}.txt"
        contacts.write_text("\n".join(text.split()[1:]) + "\n")
        costs = [run(self.kith(self.store(rows), "timeline", contact))[0] for contact in contacts.read_text().split()[:50]]
        peer_cost, theirs = self.duck("timelines", contacts, self.lake(rows))
        peer = [Cost(took, 0.0, peer_cost.memory_mib) for took in theirs["took_s"]]
        self.add("timeline, a process each, p50", rows, middle(costs), None, "")
        slow = Cost(*(quantile([getattr(cost, part) for cost in costs], 0.99) for part in ("wall_s", "cpu_s", "memory_mib")))
        self.add("timeline, a process each, p99", rows, slow, None, "")
        if os.environ.get("KITH_BENCH_BINARY"):
            say("timeline in one process: left out, because cargo would build it beside another binary")
            return
        command = ["cargo", "bench", "--quiet", "--workspace", "--bench", "timeline", "--"]
        ours = json.loads(run([*command, str(self.store(rows).resolve()), TENANT, str(contacts.resolve())])[1])
        for part in (0.5, 0.99):
            took = quantile(ours["took_s"], part)
            other = quantile(theirs["took_s"], part)
            same = "same" if ours["rows"] == theirs["rows"] else f"DIFFERENT: {ours['rows']} and {theirs['rows']} touches"
            self.add(f"timeline, in one process, p{part * 100:.0f}", rows, Cost(took, float("nan"), float("nan")), Cost(other, float("nan"), float("nan")), same)

    def appends(self, rows):
        for batch, count in ((1, 1000), (100, 10_000)):
            lines = append.lines_of(self.csv(rows), min(count, rows))
            kith, peer, waits, peer_waits = [], [], [], []
            for _ in range(self.rounds):
                store = self.work / "store-append"
                shutil.rmtree(store, ignore_errors=True)
                run(self.kith(store, "init", TENANT, "--zone", "Asia/Shanghai", "--currency", "CNY"))
                cost, took = append.talk(self.kith(store, "append", "--batch", str(batch)), lines, batch)
                kith.append(cost)
                waits += took
                there = answers.numbers(run(self.kith(store, "--format", "csv", "sql", "SELECT count(*) FROM touches"))[1])
                database = self.work / "append.sqlite"
                for file in self.work.glob("append.sqlite*"):
                    file.unlink()
                cost, took = append.talk([sys.executable, str(HERE / "peer" / "sqlite.py"), str(database), str(batch)], lines, batch)
                peer.append(cost)
                peer_waits += took
            same = "same" if there == [len(lines)] else f"DIFFERENT: {there} of {len(lines)}"
            self.add(f"append of {len(lines):,}, batches of {batch}", rows, middle(kith), middle(peer), same, "SQLite")
            none = float("nan")
            for part in (0.5, 0.99):
                self.add(f"… one acknowledgement, p{part * 100:.0f}", rows, Cost(quantile(waits, part), none, none), Cost(quantile(peer_waits, part), none, none), "", "SQLite")

    def start(self):
        store = self.work / "store-start"
        shutil.rmtree(store, ignore_errors=True)
        run(self.kith(store, "init", TENANT, "--zone", "Asia/Shanghai", "--currency", "CNY"))
        self.load(1000)
        run(self.kith(store, "import", "--kind", "touches", str(self.csv(1000))))
        for words in (["--help"], ["today"]):
            costs = [run(self.kith(store, *words))[0] for _ in range(20)]
            self.add(f"start: kith {' '.join(words)}", 1000, middle(costs), None, "")

    def all(self, sizes):
        acts = {"import": self.take_in, "ask": self.ask, "timeline": self.timelines, "append": self.appends}
        for rows in sizes:
            self.load(rows)
            if "import" not in self.only and not self.store(rows).exists():
                self.fresh_store(rows)
                run(self.kith(self.store(rows), "import", "--kind", "touches", str(self.csv(rows))))
            for name, act in acts.items():
                # Appends do not depend on how much there is to read.
                if name in self.only and (name != "append" or rows == sizes[0]):
                    try:
                        act(rows)
                    except Failed as failure:
                        say(f"{name}: {failure}")
                        none = float("nan")
                        self.add(name, rows, Cost(none, none, none), None, "FAILED")
        if "start" in self.only:
            self.start()


def mib(path):
    return path.stat().st_size >> 20


def markdown(table):
    """Ratios are the peer's cost divided by Kith's: above 1 Kith is the faster one."""
    lines = [
        "| race | touches | Kith: wall s | CPU s | MiB | peer | wall s | CPU s | MiB | speed: wall | CPU | answers |",
        "|---|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|---|",
    ]
    for row in table:
        kith, peer = row["kith"], row["peer"]
        none = float("nan")
        theirs = peer or {"wall_s": none, "cpu_s": none, "memory_mib": none}
        cells = [row["race"], f"{row['rows']:,}", *shown(kith), row["peer_name"] if peer else "", *shown(theirs)]
        cells += [ratio(theirs[part], kith[part]) for part in ("wall_s", "cpu_s")] + [row["same"]]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def shown(cost):
    figures = [cost["wall_s"], cost["cpu_s"]]
    memory = cost["memory_mib"]
    return ["" if x != x else f"{x:.4f}" if x < 0.1 else f"{x:.2f}" for x in figures] + ["" if memory != memory else f"{memory:.0f}"]


def ratio(theirs, ours):
    known = theirs == theirs and ours == ours and ours > 0
    return f"{theirs / ours:.2f}" if known else ""


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    memory = int(next(line.split()[1] for line in open("/proc/meminfo") if line.startswith("MemTotal"))) >> 20
    loads = os.getloadavg()
    return f"{os.cpu_count()} × {model}, {memory} GiB, load {loads[0]:.1f} at the end"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("rows", type=int, nargs="+")
    options = parser.parse_args()
    race = Race(options)
    race.all(options.rows)
    print(f"\n{machine()}; the median of {race.rounds} rounds.\n")
    print(markdown(race.table))
    version = subprocess.run([race.binary, "--version"], capture_output=True, text=True).stdout.strip()
    print(f"\n{version} ({options.binary}). Speed: the peer's cost divided by Kith's, so above 1 Kith is faster.")
    if any(row["same"].startswith(("DIFFERENT", "FAILED")) for row in race.table):
        sys.exit("some answers differ or failed: the table is not to be believed before that is explained")


if __name__ == "__main__":
    main()
