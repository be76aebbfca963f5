# make run    install what it needs and open a demo desk in pages
# make test   every gate and every test, on SQLite and on PostgreSQL
.DEFAULT_GOAL := help
.PHONY: help run story test check test-sqlite test-postgresql test-browser screenshots bench conformance format lock clean

bin := .venv/bin
# The gates load the settings; their desk is not yours.
export VALETKEY_HOME_FOR_GATES := $(CURDIR)/var/gates
# Compiled modules are kept, whatever the environment says: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=

help: ## What there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what it needs and serve a demo desk, with three people to sign in as
	@scripts/install run
	@exec $(bin)/valetkey demo --pages --desk var/demo $(if $(PORT),--port $(PORT))

story: ## The same story, told in the terminal
	@scripts/install run
	@$(bin)/valetkey demo --desk var/story

test: ## Every gate and every test, on SQLite and on PostgreSQL
	@scripts/install test
	@scripts/with-postgresql true  # what cannot be had is said before the long part, not after it
	@scripts/with-chromium true
	@$(MAKE) --no-print-directory check test-sqlite test-postgresql test-browser

check: ## The gates: format, lint, types, imports, Django's own checks, spelling
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/lint-imports
	VALETKEY_HOME=$(VALETKEY_HOME_FOR_GATES) $(bin)/mypy
	VALETKEY_HOME=$(VALETKEY_HOME_FOR_GATES) VALETKEY_URL=https://desk.example.org $(bin)/django-admin check --deploy --fail-level WARNING --settings valetkey.settings
	VALETKEY_HOME=$(VALETKEY_HOME_FOR_GATES) $(bin)/django-admin makemigrations --check --dry-run --settings valetkey.settings
	$(bin)/codespell

test-sqlite: ## All tests, on SQLite
	$(bin)/pytest -n auto

test-postgresql: ## The tests that use a database, on a PostgreSQL that is started for them
	scripts/with-postgresql $(bin)/pytest -n auto -m "django_db and not real and not browser"

test-browser: ## The tests that click through the pages, in headless Chromium
	scripts/with-chromium $(bin)/pytest -n auto --dist loadfile -m browser tests/browser

screenshots: ## Take the pictures of the README anew
	@scripts/install test
	scripts/with-chromium $(bin)/python -m tests.browser.screenshots docs/pictures

bench: ## Measure, side by side, on both databases
	@scripts/install test
	@mkdir -p $(VALETKEY_HOME_FOR_GATES)
	@VALETKEY_HOME=$(VALETKEY_HOME_FOR_GATES) DJANGO_SETTINGS_MODULE=valetkey.settings $(bin)/python bench/history.py
	@VALETKEY_KEYS=$$($(bin)/python -c 'from valetkey.vault import new_key; print(new_key())') \
		DJANGO_SETTINGS_MODULE=valetkey.settings DURABLE=1 scripts/with-postgresql $(bin)/python bench/history.py
	@VALETKEY_HOME=$(VALETKEY_HOME_FOR_GATES) DJANGO_SETTINGS_MODULE=valetkey.settings $(bin)/python bench/sweep.py
	@VALETKEY_KEYS=$$($(bin)/python -c 'from valetkey.vault import new_key; print(new_key())') \
		DJANGO_SETTINGS_MODULE=valetkey.settings DURABLE=1 scripts/with-postgresql $(bin)/python bench/sweep.py
	@mkdir -p var/bench && VALETKEY_HOME=$(CURDIR)/var/bench DJANGO_SETTINGS_MODULE=valetkey.settings $(bin)/python bench/record.py

conformance: ## The connector against the real platform; changes a real post (docs/connectors.md)
	@scripts/install test
	$(bin)/pytest -m real tests/connectors/tiktok/test_conformance.py

format: ## Format the code
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

lock: ## Write the locked requirement files anew
	scripts/lock

clean: ## Remove what was installed and the demo desk
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
