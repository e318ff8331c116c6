#!/usr/bin/env bash
# Tests the judged model, with its opponents beside it.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec "${PYTHON:-.venv/bin/python}" -m src.evaluation
