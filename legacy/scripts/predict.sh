#!/usr/bin/env bash
# One round of the loop: fetch, forecast every station, score, decide; search and retrain where the verdict says so. Whether
# all, some (7) or none (4) had their forecast is the exit code; the rest of the round is run in each case.
set -euo pipefail
cd "$(dirname "$0")/../.."
python="${PYTHON:-.venv/bin/python}"
forecast=0
"$python" -m raincast predict --all --use-latest || forecast=$?
"$python" -m src.live_monitoring
if [ "$("$python" -m raincast decide --json | "$python" -c 'import json, sys; print(json.load(sys.stdin)["decision"])')" = trigger_optuna ]; then
    "$python" -m raincast tune
    "$python" -m raincast retrain
fi
exit "$forecast"
