# The commands a person needs; README.md says when. Everything happens inside this folder.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# libtorrent has no wheels for other Pythons yet.
SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(SUITS)' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
TEMPLATES := $(or $(PASSALONG_TEMPLATES_DIR),$(or $(PASSALONG_DATA_DIR),data)/templates)

.PHONY: help run test check format lint types contracts django postgresql brokers client client-windows \
	consumers lock bench screenshots texts

help:  ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run  ## start the site: environment, client, `manage.py serve` (ARGS="--port 8080")
	@$(BIN)/python -m installer.freeze --templates "$(TEMPLATES)" --if-missing \
		|| echo "The site starts without the client: its pages offer the torrents instead."
	@ls "$(TEMPLATES)"/Passalong-*-windows.exe >/dev/null 2>&1 \
		|| echo "Visitors with Windows get torrents only; docs/windows.md says how to make a program for them."
	@exec $(BIN)/python manage.py serve $(ARGS)

test: .venv/test node_modules/made  ## run the whole test suite (ARGS="-k ticket")
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

texts: .venv/test  ## collect the site's texts for translating, and compile what is translated
	@cd server && ../$(BIN)/python -m django makemessages --locale de --no-location --no-wrap --no-obsolete
	@set -e; for folder in server/*/de/LC_MESSAGES; do \
		msgfmt --check-format --output-file $$folder/django.mo $$folder/django.po; done

screenshots: .venv/test  ## draw all pages of the site into build/screenshots/
	@$(BIN)/python -m pytest --quiet tests/browser/screenshots.py $(ARGS)

check: format lint types contracts django test postgresql brokers  ## all that CI runs

format: .venv/test
	@$(BIN)/ruff format --check .

lint: .venv/test
	@$(BIN)/ruff check .

types: .venv/test
	@$(BIN)/mypy

contracts: .venv/test
	@$(BIN)/lint-imports

# The deployment checks run as an admin behind https would run the site.
django: .venv/test
	@DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run
	@SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		PASSALONG_SITE_URL=https://example.org PASSALONG_TRUSTED_PROXIES=127.0.0.1 \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

# pg_virtualenv, from Debian's postgresql-common, makes a PostgreSQL that lasts as long as its command.
postgresql: .venv/test  ## run the site's tests on PostgreSQL as well
	@if command -v pg_virtualenv >/dev/null; then \
		pg_virtualenv sh -c 'DATABASE_URL="postgres://$$PGUSER:$$PGPASSWORD@$$PGHOST:$$PGPORT/postgres" \
			$(BIN)/python -m pytest --quiet --numprocesses auto --dist loadfile tests/server $(ARGS)'; \
	else \
		echo "Not run on PostgreSQL; this enables it: sudo apt-get install postgresql"; test -z "$$CI"; \
	fi

# Most of these tests wait for one of a site's programs, so there may be more of them than cores.
brokers: .venv/test  ## run the tests of the worker with Redis and RabbitMQ as well
	@if command -v redis-server >/dev/null && command -v rabbitmq-server >/dev/null; then \
		$(BIN)/python -m tests.brokers $(BIN)/python -m pytest --quiet -m broker --numprocesses 6 \
			$$(grep -rl --include "test_*.py" mark.broker tests) $(ARGS); \
	else \
		echo "Not run with Redis and RabbitMQ; this enables it:" \
			"sudo apt-get install redis-server rabbitmq-server"; test -z "$$CI"; \
	fi

client: .venv/run  ## freeze the client for this computer's platform
	@$(BIN)/python -m installer.freeze --templates "$(TEMPLATES)"

client-windows: .venv/run  ## freeze the Windows client, on Linux with Wine (docs/windows.md)
	@$(BIN)/python -m installer.freeze --platform windows --templates "$(TEMPLATES)"

bench: .venv/test  ## the benchmarks that need minutes, not hours
	@set -e; for script in benchmarks/*/*.py; do echo "== $$script"; \
		$(BIN)/python -m "$$(echo "$${script%.py}" | tr / .)"; done

consumers: .cache/flexget/made  ## install FlexGet, which one test reads our feed with (170 MB)

# An environment of its own: its dependencies are none of ours.
.cache/flexget/made: tests/consumers/requirements-flexget.txt | .venv/test
	@echo "Installing FlexGet ..."
	@$(BIN)/uv venv --quiet --clear $(@D)
	@VIRTUAL_ENV=$(@D) $(BIN)/uv pip sync --quiet --require-hashes $<
	@touch $@

lock: .venv/test  ## pin the newest dependencies that requirements*.in permit
	@set -e; for name in requirements requirements-dev tests/consumers/requirements-flexget; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
			--no-emit-index-url --custom-compile-command "make lock" $$name.in -o $$name.txt; done; \
	for name in packages python; do \
		$(BIN)/uv pip compile --quiet --python-platform x86_64-pc-windows-msvc --python-version 3.11 \
			--generate-hashes --upgrade --no-emit-index-url --custom-compile-command "make lock" \
			--constraints requirements.txt installer/freeze/windows/$$name.in \
			-o installer/freeze/windows/$$name.txt; done

# What the tests look at pages and announce with. Without Node.js those tests are skipped here, and fail in CI.
node_modules/made: package-lock.json
	@if command -v npm >/dev/null; then npm ci --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error; \
	else mkdir -p node_modules; fi
	@touch $@

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Passalong needs Python 3.11, 3.12 or 3.13, and none was found here." \
		"Install one, or name it: make PYTHON=/path/to/python3.13"; exit 1; }
	@echo "Making the Python environment in .venv ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python could not make an environment." \
		"On Debian and Ubuntu this mends it: sudo apt-get install python3-venv"; exit 1; }

.venv/run: requirements.txt | .venv/bin/python
	@echo "Installing what the site needs: about half a minute ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/test: requirements-dev.txt .venv/run
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
