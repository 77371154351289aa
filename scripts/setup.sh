#!/usr/bin/env bash
# Installs what is missing: `setup.sh build` for building Kith, `setup.sh web` looks for Node, `setup.sh test` also brings PostgreSQL 15
# for the two-engine tests, and Chromium with a Chinese font for the stories in a browser.
#
# Debian packages are installed as root or through sudo; else this says what to install. A missing
# compiler ends it with an error. A missing PostgreSQL does not: the tests that need it are skipped and say so.
set -euo pipefail
purpose="${1:-build}"

say() { echo "    $*"; }

missing=()
have() { command -v "$1" >/dev/null 2>&1; }
have cc || missing+=(gcc)                                   # SQLite, zstd and ring are compiled from C
[ -e /usr/include/stdlib.h ] || missing+=(libc6-dev)
have make || missing+=(make)
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates) # cargo downloads over https

server_missing() { ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
optional=()
if [ "$purpose" = test ] && server_missing; then
    optional+=(postgresql-15)
fi
if [ "$purpose" = test ]; then
    [ -n "${CHROMIUM:-}" ] || have chromium || missing+=(chromium)
    # Without a font every Chinese character would be a box.
    [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || missing+=(fonts-noto-cjk)
fi
if [ "$purpose" != build ]; then
    if ! have npm || ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)'; then
        say "the pages need Node 20.19 or newer with npm (https://nodejs.org); found: $(node --version 2>/dev/null || echo none)"
        exit 1
    fi
fi

as_root=""
if [ "$(id -u)" != 0 ]; then
    # At a terminal sudo may ask for the password.
    if have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as_root="sudo"; else as_root="none"; fi
fi

install() {
    say "installing $* with apt-get"
    # Without this the package would create a database cluster of its own and start it.
    if [[ " $* " == *" postgresql-15 "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        $as_root mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" | $as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    $as_root apt-get update -q >/dev/null || say "apt-get update failed; trying with the lists that are here"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null
}

if [ ${#missing[@]} -gt 0 ] || [ ${#optional[@]} -gt 0 ]; then
    if ! have apt-get || [ "$as_root" = none ]; then
        if [ ${#missing[@]} -gt 0 ]; then
            say "cannot install packages: this is neither root nor a user with sudo, or not Debian."
            say "ask an administrator for: apt-get install ${missing[*]}"
            exit 1
        fi
        say "PostgreSQL 15 is not installed: the tests on it are skipped (apt-get install ${optional[*]})"
    else
        [ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
        [ ${#optional[@]} -eq 0 ] || install "${optional[@]}" ||
            say "PostgreSQL 15 could not be installed: the tests on it are skipped"
    fi
fi

if ! have cargo; then
    say "Rust is missing: install it from https://rustup.rs, then call make again"
    exit 1
fi
wanted="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
found="$(cargo --version | cut -d' ' -f2)"
if [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n1)" != "$wanted" ]; then
    say "cargo $found is too old: Kith needs $wanted or newer (rustup update)"
    exit 1
fi
say "all here: cargo $found, $(cc --version | head -n1)"
