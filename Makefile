# Everything a contributor runs. `make` alone lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
JOBS   ?= auto
BIN    := $(VENV)/bin
SHARED := ../shared
# A MySQL for the tests: the one named by the environment, else the script beside the checkout, else a mysqld on the PATH.
MYSQL_SERVER := $(wildcard $(SHARED)/tools/mysql-server)
ifdef SCHEMACONV_TEST_MYSQL_URL
MYSQL := SCHEMACONV_TEST_MYSQL_URL=$(SCHEMACONV_TEST_MYSQL_URL)
else ifneq ($(MYSQL_SERVER),)
MYSQL = SCHEMACONV_TEST_MYSQL_URL=$$($(MYSQL_SERVER) start)
endif

.DEFAULT_GOAL := help
.PHONY: help setup test lint types cases corpus scoreboard bench package clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.ready  ## make .venv with the package (editable) and what its tests need

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[test,postgres,mysql]'
	@touch $@

$(VENV)/.lint: $(VENV)/.ready
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[lint]'
	@touch $@

test: setup  ## run the tests: live ones too where a server can be had
	$(MYSQL) $(BIN)/python -m pytest -n $(JOBS) $(ARGS)

lint: $(VENV)/.lint  ## ruff
	$(BIN)/ruff check .

types: $(VENV)/.lint  ## mypy in strict mode
	$(BIN)/mypy

cases: setup  ## rewrite the expected outputs under tests/cases (PATTERN=name for some); read the diff
	$(BIN)/python -m pytest tests/test_cases.py -n 0 --update-cases $(PATTERN)

corpus: setup  ## every script of the corpus through the converter; nothing may be lost
	SCHEMACONV_CORPUS=all $(BIN)/python -m pytest tests/test_corpus.py -n $(JOBS)

scoreboard: setup  ## compare with the hand-written schemas of the corpus; writes docs/scoreboard.md (ARGS="--source sqlserver")
	$(MYSQL) $(BIN)/python tests/scoreboard.py $(ARGS)

bench: setup  ## time a 5 MB script beside sqlglot.transpile, pure and compiled (ARGS="--source teradata")
	@test -x $(VENV)/fast/bin/python || { $(PYTHON) -m venv $(VENV)/fast && \
	  $(VENV)/fast/bin/python -m pip install -q --disable-pip-version-check -e '.[fast]'; }
	$(BIN)/python tests/bench.py --also $(VENV)/fast/bin/python $(ARGS)

package: setup  ## build wheel and source package into dist/
	$(BIN)/python -m build --no-isolation --outdir dist .

clean:  ## remove environments, caches and builds
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
