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
dvc remote add --quiet --local --force storage "$address"
case "$address" in
    http://* | https://*)
        if [ -n "${DAGSHUB_USERNAME:-}" ] && [ -n "${DAGSHUB_TOKEN:-}" ]; then
            dvc remote modify --quiet --local storage auth basic
            dvc remote modify --quiet --local storage user "$DAGSHUB_USERNAME"
            # DVC reads it from this file; others may not.
            dvc remote modify --quiet --local storage password "$DAGSHUB_TOKEN"
            chmod 600 .dvc/config.local
        fi
        ;;
esac
echo "DVC's remote is $address"
