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

.PHONY: help setup
