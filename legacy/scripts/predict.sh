#!/usr/bin/env bash
# One round of the loop: fetch, forecast every station, score, decide; search and retrain where the verdict says so. Whether
# all, some (7) or none (4) had their forecast is the exit code; the rest of the round is run in each case.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec "${PYTHON:-.venv/bin/python}" -m raincast run "$@"
