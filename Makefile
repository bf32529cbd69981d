# The one command surface: what people type here is what CI runs. `make help` lists it.

PORT ?= 8000
ARGS ?=
WORKERS ?= 2

VENV := .venv
PY := $(VENV)/bin/python
TEMPLATES = $(wildcard templates */templates */*/templates)
# For every system and every Python from 3.11 on; with hashes, and without the address of any index.
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links
export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Any Python ≥ 3.11 that can make an environment and has a SQLite with full-text search.
find_python = for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys, venv, ensurepip, sqlite3; assert sys.version_info >= (3, 11); sqlite3.connect(":memory:").execute("create virtual table t using fts5(x)")' 2>/dev/null \
	&& command -v "$$python" && exit 0; done; \
	echo "Python 3.11 or newer with venv and SQLite FTS5 was not found (Debian, Ubuntu: apt-get install python3-venv)." >&2; exit 1

.DEFAULT_GOAL := help
.PHONY: help run test test-both check format bench bench-search bench-speed simulate content-coverage messages lock screenshots clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.installed .env ## Serve the site with content and sample data on http://127.0.0.1:8000 (PORT=8080 for another port)
	@$(PY) -m scripts.compile_messages
	@$(if $(filter 8000,$(PORT)),,SITE_URL=http://127.0.0.1:$(PORT) )$(PY) manage.py up --port $(PORT)

test: $(VENV)/.installed-dev ## Run every test on SQLite, then on PostgreSQL, with Elasticsearch beside (ARGS="-k word" picks)
	@$(PY) -m scripts.system_packages
	@$(PY) -m scripts.compile_messages
	@$(PY) -m scripts.elasticsearch -- $(MAKE) --no-print-directory test-both

# One Elasticsearch serves both runs.
test-both:
	@echo "=== SQLite and the browser"
	@$(PY) -m pytest -n $(WORKERS) $(ARGS)
	@echo "=== PostgreSQL"
	@$(PY) -m scripts.postgres -- $(PY) -m pytest -n $(WORKERS) -m "not browser" $(ARGS)

check: export DEBUG := true
check: $(VENV)/.installed-dev ## Format, lint, types, import order, migrations, messages, templates, lock
	@$(PY) -m scripts.system_packages gettext
	@mkdir -p var
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m scripts.check_messages
	$(VENV)/bin/djhtml --check --tabwidth 2 $(TEMPLATES)
	$(PY) -m scripts.check_repository

format: $(VENV)/.installed-dev ## Put Python files and templates into their one form
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/djhtml --tabwidth 2 $(TEMPLATES)

bench: $(VENV)/.installed-dev ## Time the main pages and searches on the content of `make run`
	@$(PY) -m scripts.compile_messages
	@DEBUG=true $(PY) manage.py up --prepare-only --verbosity 0
	@DEBUG=true $(PY) -m scripts.bench $(ARGS)

bench-search: $(VENV)/.installed-dev ## How well search finds, on the judged set (ARGS="--misses 20", ARGS="--write")
	@$(PY) -m scripts.compile_messages
	@$(PY) -m scripts.elasticsearch -- $(PY) -m scripts.bench_search $(ARGS)

bench-speed: $(VENV)/.installed-dev ## How fast search is (ARGS="--sizes 100000", ARGS="--requests")
	@$(PY) -m scripts.compile_messages
	@$(PY) -m scripts.elasticsearch -- $(PY) -m scripts.bench_speed $(ARGS)

simulate: $(VENV)/.installed-dev ## Simulate two years of freshness and write the table into docs/freshness.md (ARGS="--print --services 50")
	@DEBUG=true $(PY) -m scripts.simulate_keeping $(ARGS)

content-coverage: $(VENV)/.installed-dev ## Check what of the sources stands where, and write docs/content-coverage.md
	@$(PY) -m scripts.content_coverage $(ARGS)

messages: $(VENV)/.installed-dev ## Bring the .po files up to date with the sources; new messages come in empty
	@$(PY) -m scripts.system_packages gettext
	@$(PY) -m scripts.make_messages

lock: $(VENV)/.installed-dev ## Write requirements*.txt anew from pyproject.toml (asks the package index)
	$(COMPILE) --output-file requirements.txt pyproject.toml $(ARGS)
	$(COMPILE) --group dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml $(ARGS)

screenshots: $(VENV)/.installed-dev ## Take docs/screenshots/ from a running site (ARGS="--site http://127.0.0.1:8000")
	@$(PY) -m scripts.system_packages chromium
	@$(PY) -m scripts.screenshots $(ARGS)

clean: ## Remove the environment, caches and var/ (the local database too)
	rm -rf $(VENV) var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Settings are safe for production unless told otherwise: a checkout that is run by hand is for development.
.env:
	@printf '# Written by `make run`. What else can be set: .env.example\nDEBUG=true\n' > $@

# --- The environment: made once, brought up to date when a lock file changes -------------------------------------------

$(VENV)/bin/python:
	@python="$$($(find_python))" && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what requirements.txt names"
	@$(PY) -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

# The lock for development holds the one for running whole.
$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	@echo "Installing what requirements-dev.txt names"
	@$(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $(VENV)/.installed $@
