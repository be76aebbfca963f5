# make run    install what it needs and play the whole story on a demo desk
# make test   every gate and every test, on SQLite and on PostgreSQL
.DEFAULT_GOAL := help
.PHONY: help run test check test-sqlite test-postgresql bench conformance format lock clean

bin := .venv/bin
# The gates load the settings; their desk is not yours.
export VALETKEY_HOME_FOR_GATES := $(CURDIR)/var/gates

help: ## What there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what it needs, play the story, leave a demo desk to look around in
	@scripts/install run
	@$(bin)/valetkey demo --desk var/demo

test: ## Every gate and every test, on SQLite and on PostgreSQL
	@scripts/install test
	@scripts/with-postgresql true  # what cannot be had is said before the long part, not after it
	@$(MAKE) --no-print-directory check test-sqlite test-postgresql

check: ## The gates: format, lint, types, imports, Django's own checks, spelling
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/lint-imports
	VALETKEY_HOME=$(VALETKEY_HOME_FOR_GATES) $(bin)/mypy
	VALETKEY_HOME=$(VALETKEY_HOME_FOR_GATES) $(bin)/django-admin check --deploy --fail-level WARNING --settings valetkey.settings
	VALETKEY_HOME=$(VALETKEY_HOME_FOR_GATES) $(bin)/django-admin makemigrations --check --dry-run --settings valetkey.settings
	$(bin)/codespell

test-sqlite: ## All tests, on SQLite
	$(bin)/pytest -n auto

test-postgresql: ## The tests that use a database, on a PostgreSQL that is started for them
	scripts/with-postgresql $(bin)/pytest -n auto -m "django_db and not real"

bench: ## Measure, side by side, on both databases
	@scripts/install test
	@mkdir -p $(VALETKEY_HOME_FOR_GATES)
	@VALETKEY_HOME=$(VALETKEY_HOME_FOR_GATES) DJANGO_SETTINGS_MODULE=valetkey.settings $(bin)/python bench/history.py
	@VALETKEY_KEYS=$$($(bin)/python -c 'from valetkey.vault import new_key; print(new_key())') \
		DJANGO_SETTINGS_MODULE=valetkey.settings DURABLE=1 scripts/with-postgresql $(bin)/python bench/history.py

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
