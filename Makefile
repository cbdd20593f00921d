# Two commands on a machine with Python 3.11 and make: `make demo` and `make test`.
# `make help` lists the rest.
PYTHON ?= python3.11
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.setup-stamp
DEMO   ?= levelwise-demo

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint types imports tests prove bench format clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## create .venv and install the pinned set

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch numpy
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev --editable .
	@touch $@

demo: $(STAMP)  ## the main job on a sample archive, from reports and DICOM to a graded test table
	$(BIN)/levelwise demo --out $(DEMO)

test: $(STAMP) lint types imports tests  ## everything CI runs

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports --no-cache

tests: $(STAMP)
	$(BIN)/pytest -q -m "not prove" --numprocesses logical --maxprocesses 8 --dist worksteal

prove: $(STAMP)  ## the slow proofs
	$(BIN)/pytest -q -m prove

bench: $(STAMP)  ## install what the benchmarks compare with
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group bench

format: $(STAMP)  ## let ruff tidy the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove what make made
	rm -rf $(VENV) $(DEMO) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
