#!/usr/bin/env bash
# Trains the model on the prepared history, and promotes it.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec "${PYTHON:-.venv/bin/python}" -m src.training
