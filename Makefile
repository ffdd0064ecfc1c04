# An toàn số.  A newcomer types `make demo`; `make help` lists the rest.  Python 3.11 or newer is all that must be there.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
PORT ?= 8000
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$one" && break; done)
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: help build demo test bench lock texts clean check-system
.NOTPARALLEL:

help:
	@echo "make demo          fill an invented district and serve it on http://127.0.0.1:$(PORT)  (PORT=8080, FRESH=1 starts over)"
	@echo "make build         install what is pinned into $(VENV) and build the front end"
	@echo "make test          the whole suite, on SQLite and on PostgreSQL, and in a browser"
	@echo "make bench         measure pages against the limit of this machine"
	@echo "make lock          pin the newest versions of requirements*.in, with hashes"
	@echo "make texts         bring new texts of the code into the translations"
	@echo "make clean         remove what was installed and built; your data in instance/ stays"

build: $(VENV)/.installed
	@$(BIN)/python -m tools.build_assets

demo: build
	@$(BIN)/lms demo --port $(PORT) $(if $(filter-out 0,$(FRESH)),--fresh)

test: check-system build $(VENV)/.installed-dev
	@$(BIN)/python -m tools.run_tests

bench: build $(VENV)/.installed-dev
	@kept=0; for part in bench bench.cycle bench.ledger bench.audiences; do $(BIN)/python -m $$part || kept=1; echo; done; exit $$kept

lock: $(VENV)/.installed-dev
	@$(LOCK) $(UPGRADE) --output-file requirements.txt requirements.in
	@$(LOCK) $(UPGRADE) --output-file requirements-build.txt requirements-build.in
	@$(LOCK) $(UPGRADE) --output-file requirements-dev.txt requirements-dev.in

texts: $(VENV)/.installed
	@$(BIN)/python -m tools.texts

clean:
	rm -rf $(VENV) node_modules build *.egg-info lms/web/static/built lms/web/fonts .mypy_cache .ruff_cache .import_linter_cache .hypothesis

check-system: $(VENV)/bin/python
	@$(BIN)/python tools/check_system.py

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "An toàn số needs Python 3.11 or newer, and no python3 here is. Install it, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Making a Python environment in $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

# A stamp is newer than what it was installed from: nothing to do the second time.
$(VENV)/.installed: requirements.txt requirements-build.txt setup.cfg | $(VENV)/bin/python
	@echo "Installing pinned packages into $(VENV), each checked by its hash (about a minute, once) ..."
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what tests and checks need ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
