# `make demo` starts Yiwang with a demonstration district; `make test` runs every test.
# Nothing but Python 3.11+ with pip and venv, make and git is needed.

PYTHON ?= python3
BIN := .venv/bin
# uv installs faster where it is; pip does the same from the same hashes.
UV := $(shell command -v uv 2>/dev/null)

.PHONY: demo test test-sqlite test-postgres lint lock clean

demo: .venv/core
	@$(BIN)/yiwang start

test: lint test-sqlite test-postgres

lint: .venv/dev
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports
	@$(BIN)/yiwang language check
	@$(BIN)/yiwang makemigrations --check --dry-run -v 0
	@$(BIN)/yiwang pack check dadong

test-sqlite: .venv/dev
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

# The tests that use the database once more, on PostgreSQL (Debian: apt-get install postgresql).
test-postgres: .venv/dev
	@if ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || command -v pg_ctl >/dev/null; then \
	  $(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" --db=postgres; \
	else echo "PostgreSQL is not installed: its run of the tests is left out (apt-get install postgresql)."; fi

test-slow: .venv/dev
	@$(BIN)/python -m pytest -m slow

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Yiwang needs Python 3.11 or newer; set PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/core: requirements/core.lock pyproject.toml | .venv/made
	@echo "Installing packages, checked against their hashes …"
	@$(call install,requirements/core.lock)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements/dev.lock requirements/core.lock pyproject.toml | .venv/made
	@echo "Installing packages, checked against their hashes …"
	@$(call install,requirements/dev.lock)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/core

ifdef UV
install = $(UV) pip install -q --python $(BIN)/python --require-hashes -r $(1)
else
install = $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r $(1)
endif

# Makes the hashed requirements anew from requirements/*.in (needs uv).
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header requirements/core.in -o requirements/core.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header -c requirements/core.lock requirements/dev.in -o requirements/dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header -c requirements/core.lock requirements/bench.in -o requirements/bench.lock

clean:
	rm -rf .venv var
