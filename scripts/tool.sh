#!/usr/bin/env bash
# `tool.sh NAME VERSION FOLDER`: installs a cargo tool into FOLDER, unless it is there in this version. Nothing global changes.
set -euo pipefail
name="$1" version="$2" folder="$3"
if [ -x "$folder/bin/$name" ] && "$folder/bin/$name" --version 2>/dev/null | grep -qF "$version"; then
    exit 0
fi
echo "    compiling $name $version into $folder (some minutes, once)"
cargo install --quiet --locked --root "$folder" --version "$version" "$name"
