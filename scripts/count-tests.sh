#!/usr/bin/env bash
# `count-tests.sh WORD`: says how many tests have WORD in their name, and fails if none has: then a long proof would prove nothing.
set -euo pipefail
count="$("${CARGO:-cargo}" test --quiet --workspace "$1" -- --list 2>/dev/null | grep -c ': test$' || true)"
if [ "$count" = 0 ]; then
    echo "    no test has \`$1\` in its name, or the tests do not compile (cargo test --workspace $1)"
    exit 1
fi
echo "    $count tests"
