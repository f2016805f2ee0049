# Two commands do everything, system packages included:
#   make run    reads and decides the sample dossiers, then serves the site until Ctrl-C
#   make test   every check and every test
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-ready
DEV := $(VENV)/.dev-ready
ROOMS := schemas extractors dossiers storage flows portal liasse
CODE := $(ROOMS) samples bench tests deploy
export PYTHONDONTWRITEBYTECODE ?= 1

.DEFAULT_GOAL := help
.PHONY: help run cluster test check quick bench samples pictures clean pins

help:
	@sed -n 's/^#   //p' Makefile
	@echo "make cluster  the same with PostgreSQL, an S3 server and two workers, all on this machine"
	@echo "make quick  the tests that start no server"
	@echo "make bench  accuracy and speed, as tables"
	@echo "make samples  the committed samples again (the same bytes with the same Chromium and fonts)"
	@echo "make pictures  the pictures of docs/portal.md again, from the sample dossiers"
	@echo "make clean  removes the environment and everything that was processed"

$(BIN)/uv: requirements/installer.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || \
	  { echo python3-venv > $(CURDIR)/.venv-package && ./requirements/install-system.sh .venv-package; \
	    status=$$?; rm -f .venv-package; exit $$status; }
	@echo "Making the Python environment in $(VENV)"
	@"$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/installer.txt
	@touch $@

# uv installs in seconds what takes pip a minute or two; where uv cannot reach the index that pip is set up for, pip does it.
define install
	@echo "Installing Python packages ($(1))"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements/$(1) || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/$(1)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable . || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@
endef

$(RUNTIME): requirements/runtime.txt pyproject.toml $(BIN)/uv
	$(call install,runtime.txt)

$(DEV): requirements/dev.txt pyproject.toml $(BIN)/uv
	$(call install,dev.txt)
	@touch $(RUNTIME)

.PHONY: system-run system-test
system-run:
	@./requirements/install-system.sh requirements/system-run.txt
system-test:
	@./requirements/install-system.sh requirements/system-run.txt requirements/system-test.txt

run: system-run $(RUNTIME)
	@exec $(BIN)/liasse run

cluster: system-test $(DEV)
	@exec $(BIN)/python -m deploy.cluster

check: $(DEV)
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports

test: system-test $(DEV) check
	$(BIN)/pytest -n auto --dist loadgroup --cov --cov-report=term:skip-covered

quick: system-test $(DEV)
	$(BIN)/pytest -n auto -m "not service"

bench: system-test $(DEV)
	$(BIN)/python -m bench

samples: system-test $(DEV)
	@./requirements/install-system.sh requirements/system-samples.txt
	$(BIN)/python -m samples.generate samples/set --seed 4 --count 34 --dossiers 46
	$(BIN)/python -m samples.bad samples/set/bad

pictures: system-test $(DEV)
	$(BIN)/python -m bench.screenshots

# New pins from the .in files; exact versions, no addresses.
pins: $(BIN)/uv
	cd requirements && ../$(BIN)/uv pip compile --quiet --upgrade --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 runtime.in -o runtime.txt
	cd requirements && ../$(BIN)/uv pip compile --quiet --upgrade --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 dev.in -o dev.txt

clean:
	rm -rf $(VENV) .data .cache build liasse.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
	  .hypothesis .coverage .coverage.* bench/results
