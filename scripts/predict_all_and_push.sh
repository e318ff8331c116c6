#!/usr/bin/env bash
# Every station's forecast through the API in one call, then the journal as a data version: DVC, Git, remote.
# A station that could not be had costs no other its forecast: what was made is published, it says which were not, and ends
# with 7. Where none could be had it ends with 4. Run again in the same slot (06:00 or 18:00 UTC on) it asks for what is
# missing only.
#   API_URL   where the API runs: http://127.0.0.1:8000      API_KEY   its token
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d .venv/bin ] && PATH="$PWD/.venv/bin:$PATH"
export PROJECT_ROOT="$PWD"
code=0
python -m raincast.cli.publishing ask --api "${API_URL:-http://127.0.0.1:8000}" || code=$?
if [ "$code" != 0 ] && [ "$code" != 7 ]; then
    echo "predict_all_and_push: no station has its forecast, so nothing is published; run it again" >&2
    exit "$code"
fi
scripts/publish.sh "$@"
exit "$code"
