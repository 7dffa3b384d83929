# Two commands: `make demo` and `make test`. Both begin with `make setup`, which is quick when nothing changed.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.dealix-setup

export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Dealix needs Python 3.11 to 3.13, this is {v.major}.{v.minor}. Name another one: make $(MAKECMDGOALS) PYTHON=python3.11")'
	@echo "Setting up $(VENV) from requirements.lock (once; a few minutes on a slow line)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(STAMP)  ## the virtual environment with the pinned packages and the dealix command

demo: setup  ## the whole path on the example lists, step by step
	@$(VENV)/bin/python -m python_jobs.demo

test: lint dbt-test pytest  ## everything: linters, dbt build with its tests and unit tests, pytest

lint: setup  ## ruff and sqlfluff
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --quiet --check .
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	DEALIX_WAREHOUSE=$$scratch/lint.duckdb $(VENV)/bin/sqlfluff lint --processes 2 models tests > $$scratch/log 2>&1 \
	    || { cat $$scratch/log; exit 1; }
	@echo "lint: ruff and sqlfluff found nothing"

dbt-test: setup  ## dbt build with all tests and unit tests: on an empty lake, then on the fictional lists
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	export DEALIX_WAREHOUSE=$$scratch/dealix.duckdb; \
	dbt="$(VENV)/bin/dbt --quiet"; where="--target-path $$scratch/target --log-path $$scratch/logs"; \
	$$dbt build $$where; \
	$(VENV)/bin/dealix import examples/fictional/crm_export_fictional.csv --source-name crm --source-type owned \
	    --allowed-use customer_relationship --consent-status owned --risk-level low > /dev/null; \
	$(VENV)/bin/dealix import examples/fictional/paid_list_fictional.csv --source-name vendor --source-type paid \
	    --allowed-use business_contact_research_only --risk-level high > /dev/null; \
	$$dbt build $$where; \
	$$dbt docs generate $$where
	@echo "dbt-test: dbt build and its tests pass, on an empty lake and on the fictional lists"

pytest: setup  ## the Python tests
	@$(VENV)/bin/python -m pytest

.PHONY: help setup demo test lint dbt-test pytest
