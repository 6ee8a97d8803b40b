comma := ,
PYTHON ?= python3
BIN := .venv/bin
POSTINGS ?= ../shared/postings

# Spark is half a gigabyte and of use only where there is a Java runtime.
SPARK := $(if $(shell command -v java),$(comma)spark)

.PHONY: demo test lint build fuzz model measure bench clean
.DEFAULT_GOAL := demo

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml setup.py | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/test-ready: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[files,report,tables,web$(SPARK)]" --group test
	touch $@

.venv/lint-ready: .venv/test-ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group lint
	touch $@

demo: .venv/installed  ## classify an example posting of each language
	$(BIN)/rolelens classify data/examples/en-lying-title.txt
	@echo
	$(BIN)/rolelens classify data/examples/ko-lying-title.txt

test: .venv/test-ready  ## run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: .venv/lint-ready  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports
	$(BIN)/cog -P --check README.md

build: .venv/test-ready  ## compile the reader anew
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group build
	$(BIN)/python setup.py -q build_ext --inplace

# A build of its own: an index beyond its bounds ends it, and with SANITIZED=1 so does any bad access.
FUZZED ?= 1000000
fuzz: .venv/test-ready  ## random and hostile texts and model files, every index checked
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group build
	tools/fuzz_checked.sh $(BIN)/python $(FUZZED) $(SANITIZED)

model: .venv/installed  ## fit the shipped model from the training matrix, and write its card
	$(BIN)/rolelens train data/corpus/train.npz -o models/default
	$(BIN)/python tools/model_card.py

measure: .venv/installed  ## measure the shipped model anew; needs the labelled postings, which are not in the project
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group lint --group measure
	$(BIN)/python tools/measure.py $(POSTINGS)
	$(BIN)/python tools/model_card.py
	$(BIN)/cog -P -r README.md

bench: .venv/test-ready  ## compare with named peers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	$(BIN)/python benchmarks/cold_start.py
	PYTHONPATH=tools $(BIN)/python benchmarks/explanations.py $(wildcard $(POSTINGS)/dev.jsonl.gz)
	$(BIN)/python benchmarks/batch_throughput.py $(wildcard $(POSTINGS)/pool.jsonl.gz) --long
	$(BIN)/python benchmarks/web_load.py
	$(BIN)/python benchmarks/scale.py $(wildcard $(POSTINGS)/pool.jsonl.gz)

clean:
	rm -rf .venv dist
