#!/usr/bin/env bash
# Compose 2 for the tests, since Debian 12 has 1.29 alone: unpacked, not installed, from the next release's package.
set -euo pipefail
cd "$(dirname "$0")/.."
folder="$PWD/build/docker-compose"
[ ! -x "$folder/usr/libexec/docker/cli-plugins/docker-compose" ] || exit 0
apt="$(mktemp -d)"
trap 'rm -r "$apt"' EXIT
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$folder"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main" >"$apt/sources.list"
options=(-qq -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists"
    -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
apt-get "${options[@]}" update
(cd "$apt" && apt-get "${options[@]}" download docker-compose)
dpkg-deb --extract "$apt"/docker-compose_*.deb "$folder"
