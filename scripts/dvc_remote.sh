#!/usr/bin/env bash
# Points DVC's remote somewhere else, in .dvc/config.local, which Git never sees.
#   scripts/dvc_remote.sh                 DagsHub: DAGSHUB_USERNAME, DAGSHUB_TOKEN, and DAGSHUB_REPOSITORY (OWNER/NAME)
#   scripts/dvc_remote.sh https://…       another server over HTTP; with DAGSHUB_USERNAME and DAGSHUB_TOKEN it asks with them
#   scripts/dvc_remote.sh FOLDER          a folder
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then
    for name in DAGSHUB_USERNAME DAGSHUB_TOKEN; do
        [ -n "${!name:-}" ] || { echo "$name is not set: DagsHub needs it; put it in the environment" >&2; exit 2; }
    done
fi
address="${1:-https://dagshub.com/${DAGSHUB_REPOSITORY:-${DAGSHUB_USERNAME:-}/raincast}.dvc}"
case "$address" in
    http://* | https://*) ;;
    *) address="$(realpath -m "$address")" ;;
esac
touch .dvc/config.local
chmod 600 .dvc/config.local # before anything is in it that others may not read
dvc remote add --quiet --local --force origin "$address"
case "$address" in
    http://* | https://*)
        if [ -n "${DAGSHUB_USERNAME:-}" ] && [ -n "${DAGSHUB_TOKEN:-}" ]; then
            dvc remote modify --quiet --local origin auth basic
            dvc remote modify --quiet --local origin user "$DAGSHUB_USERNAME"
            # Not as an argument, which every user of the machine could read.
            python - <<'SET'
import os
from dvc.config import Config
with Config(dvc_dir=".dvc").edit("local") as local:
    local["remote"]["origin"]["password"] = os.environ["DAGSHUB_TOKEN"]
SET
        fi
        ;;
esac
echo "DVC's remote is $address"
