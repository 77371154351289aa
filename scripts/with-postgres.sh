#!/usr/bin/env bash
# `with-postgres.sh COMMAND…`: runs a command with a PostgreSQL server of its own, on a socket in a temporary folder.
#
# The command finds the server in KITH_TEST_POSTGRES (an address), and a program that kills and starts it again in
# KITH_TEST_POSTGRES_RESTART. Both are gone when the command ends. A server that is already named in KITH_TEST_POSTGRES is used as
# it is. Without PostgreSQL on this machine the command runs all the same, and the tests that need it are skipped and say so.
set -euo pipefail

if [ -n "${KITH_TEST_POSTGRES:-}" ]; then
    echo "    using the PostgreSQL server of KITH_TEST_POSTGRES"
    exec "$@"
fi
bin="$(dirname "$(command -v initdb || ls -1 /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n1 || true)")"
if [ ! -x "$bin/initdb" ]; then
    echo "    PostgreSQL is not installed: the tests on it are skipped (Debian: apt-get install postgresql-15)"
    exec "$@"
fi

folder="$(mktemp -d "${TMPDIR:-/tmp}/kith-pg.XXXXXX")"
as=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
    owner=postgres
    id "$owner" >/dev/null 2>&1 || owner=nobody
    chown "$owner" "$folder"
    as=(setpriv --reuid "$(id -u "$owner")" --regid "$(id -g "$owner")" --clear-groups --)
fi

# fsync is off: the server dies with the tests, and killing the process loses nothing that it gave to the kernel.
settings="-k $folder -c listen_addresses= -c fsync=off -c max_connections=200"
cat >"$folder/restart" <<END
#!/bin/sh
cd / && exec ${as[*]:-} "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -o "$settings" -m immediate -w restart
END
chmod 755 "$folder/restart"

stop() {
    (cd / && ${as[@]+"${as[@]}"} "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1) || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

(
    cd /
    ${as[@]+"${as[@]}"} "$bin/initdb" -D "$folder/data" -U kith -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    ${as[@]+"${as[@]}"} "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -o "$settings" -w start >/dev/null
)
echo "    a PostgreSQL server of our own runs in $folder"
export KITH_TEST_POSTGRES="postgres://kith@localhost/postgres?host=$folder"
export KITH_TEST_POSTGRES_RESTART="$folder/restart"
"$@"
