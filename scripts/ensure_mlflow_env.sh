#!/usr/bin/env bash
# Says whether the tracking settings are there, and what is missing. Exit 0 where nothing is, 2 otherwise.
# DagsHub needs all three; another server needs its address only. Values of secrets are never shown.
set -euo pipefail
missing=()
uri="${MLFLOW_TRACKING_URI:-}"
if [ -z "$uri" ]; then
    missing+=("MLFLOW_TRACKING_URI: the server's address, http://127.0.0.1:5000 for 'make mlflow', https://dagshub.com/OWNER/REPOSITORY.mlflow for DagsHub")
fi
case "$uri" in
    "" | https://dagshub.com/* | https://*.dagshub.com/*)
        [ -n "${DAGSHUB_USERNAME:-}" ] || missing+=("DAGSHUB_USERNAME: the DagsHub account")
        [ -n "${DAGSHUB_TOKEN:-}" ] || missing+=("DAGSHUB_TOKEN: a token of that account, from its settings page")
        ;;
    http://* | https://*) ;;
    *) missing+=("MLFLOW_TRACKING_URI: found '$uri', expected an address that begins with http:// or https://") ;;
esac
if [ ${#missing[@]} -gt 0 ]; then
    echo "tracking is not set up; missing:" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 2
fi
echo "tracking is set up: $uri"
