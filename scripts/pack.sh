#!/usr/bin/env bash
# `pack.sh TARGET`: packs TARGET/dist/kith with its documents and completions into TARGET/dist/kith-VERSION-MACHINE.tar.gz.
set -euo pipefail
target="$1"
binary="$target/dist/kith"
version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n1)"
name="kith-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)"

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/$name/completions"
cp "$binary" README.md CHANGELOG.md LICENSE kith.toml "$folder/$name/"
cp -r docs "$folder/$name/docs"
"$binary" completions bash >"$folder/$name/completions/kith.bash"
"$binary" completions zsh >"$folder/$name/completions/_kith"
"$binary" completions fish >"$folder/$name/completions/kith.fish"

# Same input, same bytes: names sorted, owners and times fixed.
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='1970-01-01 00:00:00Z' -C "$folder" -cf - "$name" |
    gzip -n -9 >"$target/dist/$name.tar.gz"
(cd "$target/dist" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "    $target/dist/$name.tar.gz ($(du -h "$target/dist/$name.tar.gz" | cut -f1))"
echo "    $(cat "$target/dist/$name.tar.gz.sha256")"
