#!/usr/bin/env bash
# The tracking server: an embedded database and local artifacts, on loopback unless told otherwise.
#   MLFLOW_HOST, MLFLOW_PORT   where it listens: 127.0.0.1, 5000
#   MLFLOW_FOLDER              where it keeps everything: mlflow/ under PROJECT_ROOT
#   MLFLOW_ALLOWED_HOSTS       names under which others may call it, commas between them; localhost without it
set -euo pipefail
cd "$(dirname "$0")/.."
folder="$(realpath -m "${MLFLOW_FOLDER:-${PROJECT_ROOT:-$PWD}/mlflow}")"
mkdir -p "$folder"
# Jobs would start eight more processes that nothing here needs.
export MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false MLFLOW_DISABLE_TELEMETRY=true
exec mlflow server --host "${MLFLOW_HOST:-127.0.0.1}" --port "${MLFLOW_PORT:-5000}" --workers 1 \
    --backend-store-uri "sqlite:///$folder/mlflow.db" --artifacts-destination "$folder/artifacts" \
    ${MLFLOW_ALLOWED_HOSTS:+--allowed-hosts "$MLFLOW_ALLOWED_HOSTS"}
