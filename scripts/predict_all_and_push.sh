#!/usr/bin/env bash
# Every station's forecast through the API in one call, then the journal as a data version: DVC, Git, remote.
# Where a station's observations cannot be fetched, nothing is published and it says which; one for which the Bureau has no
# data is no failure. Run again in the same slot (06:00 or 18:00 UTC on) it asks for what is missing only.
#   API_URL   where the API runs: http://127.0.0.1:8000      API_KEY   its token
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d .venv/bin ] && PATH="$PWD/.venv/bin:$PATH"
export PROJECT_ROOT="$PWD"
if ! python -m raincast.cli.publishing ask --api "${API_URL:-http://127.0.0.1:8000}"; then
    echo "predict_all_and_push: not every station has its forecast, so nothing is published; run it again" >&2
    exit 1
fi
exec scripts/publish.sh "$@"
