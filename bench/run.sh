#!/usr/bin/env bash
# Races Kith side by side with DuckDB and SQLite on this machine and prints the table of BENCHMARKS.md.
#
#   bench/run.sh [ROWS…]            how many touches, one race after the other [default: 1000000 10000000]
#
#   KITH_BENCH_ROWS="1000000 100000000"   the same, for `make bench`
#   KITH_BENCH_ROUNDS=3             how often each race is run; the median counts
#   KITH_BENCH_BINARY=path          another binary than target/release/kith
#   KITH_BENCH_ONLY="import ask"    only these: import ask timeline append start
#   KITH_BENCH_LOAD=sample          the town of `kith sample` as the load instead of bench/load.sql
#
# Needs the release binary (`make bench` builds it), Python 3 with venv, and for 10 million rows about 5 GB of disk. Installs
# DuckDB from PyPI into target/bench, where everything else that is made stays too (load, stores, results.jsonl).
set -euo pipefail
cd "$(dirname "$0")/.."

duckdb=2.0.0
rows=("$@")
if [ ${#rows[@]} = 0 ]; then
    read -ra rows <<<"${KITH_BENCH_ROWS:-1000000 10000000}"
fi
target="${CARGO_TARGET_DIR:-target}"
binary="${KITH_BENCH_BINARY:-$target/release/kith}"
work=target/bench

say() { echo "$@" >&2; }

if [ ! -x "$binary" ]; then
    say "there is no $binary: run \`make bench\`, or \`cargo build --release --workspace --bins\` first"
    exit 1
fi
mkdir -p "$work"
if ! "$work/venv/bin/python" -c "import duckdb; assert duckdb.__version__ == '$duckdb'" 2>/dev/null; then
    say "installing DuckDB $duckdb from PyPI into $work/venv"
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check "duckdb==$duckdb"
fi
export PYTHONDONTWRITEBYTECODE=1
exec "$work/venv/bin/python" bench/race.py --binary "$binary" --work "$work" "${rows[@]}"
