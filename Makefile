# Countersign. Needs Python >= 3.11 and make; every verb first makes .venv from uv.lock. `make` lists the verbs.
PYTHON ?= python3
FACES  ?=
NAME   ?=
# Processes that share the tests; a file's tests stay together.
WORKERS ?= auto
BIN    := .venv/bin
STAMP  := .venv/.installed
ASSETS := src/countersign/web/assets/.built
UV     := UV_PYTHON_DOWNLOADS=never $(BIN)/uv
# Rooms where trust lives: every branch is tested.
PROVEN := ledger governance operations search evaluation

.DEFAULT_GOAL := help
.PHONY: demo test lint docs bench long mutate-governance lock audit build clean help
.NOTPARALLEL:

demo: $(STAMP) $(ASSETS)  ## Walk through the main job; FACES=folder uses your own images
	@$(BIN)/countersign demo $(if $(FACES),--faces "$(FACES)")

test: lint docs $(ASSETS)  ## Run every check and every test
	$(call title,changelog)
	@$(BIN)/towncrier build --draft --version check >/dev/null
	$(call title,tests with branch coverage)
	@$(BIN)/coverage erase
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --cov --cov-report=
	@$(BIN)/coverage report
	@for room in $(PROVEN); do \
	    printf '%-11s branch coverage (100 asked): ' $$room; \
	    $(BIN)/coverage report --include="*/countersign/$$room/*" --format=total --fail-under=100 || exit 1; \
	done

lint: $(STAMP)  ## Check style, types and who imports whom
	$(call title,ruff)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	$(call title,mypy)
	@$(BIN)/mypy
	$(call title,import-linter)
	@$(BIN)/lint-imports --no-logo

docs: $(STAMP)  ## Build the pages into docs/_build; a warning is an error
	$(call title,docs)
	@$(BIN)/sphinx-build -W --keep-going -q -E -b html docs docs/_build
	@echo "docs/_build/index.html"

bench: $(STAMP)  ## Time ours against peers; NAME=x runs one benchmark
	@for file in benchmarks/$(if $(NAME),$(subst -,_,$(NAME)),*).py; do PYTHONPATH=. $(BIN)/python "$$file" || exit 1; done

long: $(STAMP)  ## Run long tests at full length; NAME=words selects (mutants, kill loops, power cuts)
	@COUNTERSIGN_LONG=1 $(BIN)/pytest -m long $(if $(NAME),-k "$(NAME)")

mutate-governance: $(STAMP)  ## Disable each rule in turn and expect red; NAME=AUT-02 runs one row, NAME=all every row
	@$(BIN)/python -m tests.assurance.mutate $(NAME)

lock: $(STAMP)  ## Renew uv.lock, and the hashes of the pinned uv
	@$(UV) lock
	@{ head -n 1 requirements-bootstrap.txt; grep -o '^uv==[^ ]*' requirements-bootstrap.txt \
	    | $(UV) pip compile --generate-hashes --no-header --no-annotate -q -; } > requirements-bootstrap.new
	@mv requirements-bootstrap.new requirements-bootstrap.txt

audit: $(STAMP)  ## Ask the public advisory database about every locked package
	@$(UV) export --frozen --all-extras --all-groups --no-emit-project -q -o .venv/audit.txt
	@$(BIN)/pip-audit --disable-pip -r .venv/audit.txt

build: $(STAMP) $(ASSETS)  ## Build the wheel and the source archive into dist/, once the tests against live use pass
	$(call title,tests against live use)
	@$(BIN)/python -m tests.assurance.against_live_use
	@$(UV) build --out-dir dist

clean:  ## Remove what was built; keys, data directories and .venv stay
	@rm -rf build dist docs/_build htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	    .import_linter_cache benchmarks/results

help:  ## List the verbs
	@grep -E '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

$(STAMP): uv.lock pyproject.toml requirements-bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "expected Python 3.11 or newer, got $$($(PYTHON) --version 2>&1); say which: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bootstrap.txt
	@$(UV) sync --frozen --inexact --compile-bytecode --all-extras --all-groups -q
	@touch $@

$(ASSETS): $(STAMP) $(wildcard frontend/*.* frontend/scripts/*.js frontend/pictures/*.svg)
	@$(BIN)/python frontend/build.py
	@touch $@

define title
@printf '\n== %s\n' "$(1)"
endef
