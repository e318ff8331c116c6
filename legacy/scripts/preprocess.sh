#!/usr/bin/env bash
# Checks the historical file, archives its rows and writes them prepared.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec "${PYTHON:-.venv/bin/python}" -m src.data_preparation
