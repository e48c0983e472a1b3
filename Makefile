# Only make, git and Python 3.11 with venv are needed; everything else goes into .venv.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test lint format fixtures bench clean

# Where other programs use the cores too, OpenMP threads that spin while they wait for each other
# make Whisper four times slower (measured on two cores); the results are the same.
export GOMP_SPINCOUNT ?= 2000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/installed
PARTS := $(patsubst %/__init__.py,%,$(wildcard */__init__.py))

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(INSTALLED) ## score the recordings in fixtures/calls into results/
	$(BIN)/calltone score fixtures/calls --out results

test: lint ## lint, then run all tests
	$(BIN)/python -m pytest

lint: $(INSTALLED) build/typed ## check style, format and types
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(INSTALLED) ## put the code into shape
	$(BIN)/python -m ruff check --fix-only .
	$(BIN)/python -m ruff format .

fixtures: $(INSTALLED) ## build fixtures/calls and fixtures/odd again
	@command -v festival >/dev/null || { echo "No festival here: install the Debian packages named at the top of fixtures/make.py." >&2; exit 1; }
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[fixtures]'
	$(BIN)/python fixtures/make.py

bench: $(INSTALLED) ## measure time, memory and errors against Whisper alone, into docs/performance.md
	$(BIN)/python benchmarks/bench.py $(BENCH)

clean: ## remove what make made, but not results/
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Made once, and again when a requirement changes. Anything left in build/ would get into a wheel.
$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	rm -rf build
	$(BIN)/python -m pip install -c constraints.txt -e '.[offline,fast,dev]'
	touch $@

# The checkout is the package calltone, but mypy needs a folder of that name; it does not follow
# the editable install.
.PHONY: build/typed
build/typed:
	@rm -rf build && mkdir -p $@/calltone
	@for part in *.py py.typed $(PARTS); do ln -s "../../../$$part" "$@/calltone/$$part"; done
