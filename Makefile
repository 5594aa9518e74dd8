# Two commands for a newcomer: `make demo` and `make test`. Everything they need is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check
FRONTEND := $(filter-out frontend/node_modules,$(wildcard frontend/*))
export PIP_ROOT_USER_ACTION := ignore

.PHONY: install demo test proofs check bench pictures docs lock browser

install: .venv/installed

.venv/created:
	@$(PYTHON) -m venv .venv || (rm -rf .venv && test "$$(id -u)" = 0 && apt-get update -qq \
		&& apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv) \
		|| (echo "To make a virtual environment, run as root: apt-get install -y python3-venv"; exit 1)
	@touch $@

.venv/runtime: requirements.lock build.lock | .venv/created
	@echo "Installing the pinned packages ..."
	@$(PIP) install --require-hashes -r build.lock
	@$(PIP) install --require-hashes --no-build-isolation -r requirements.lock
	@touch $@

.venv/installed: .venv/runtime pyproject.toml $(FRONTEND)
	@echo "Installing wpound and building its front end ..."
	@$(PIP) install --no-build-isolation --no-deps -e .
	@$(BIN)/wpound doctor --install
	@touch $@

.venv/tools: test.lock .venv/installed
	@echo "Installing the test tools ..."
	@$(PIP) install --require-hashes --no-build-isolation -r test.lock
	@touch $@

demo: install
	@$(BIN)/wpound demo

test: check browser
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -q -m "not proof" --ignore tests/journeys --ignore tests/faults --ignore tests/integration/jobs
	@# Browsers and workers keep event loops and threads of their own, so they have processes of their own.
	@$(BIN)/python -m pytest -n 3 --dist loadfile -q -m "not proof" tests/journeys
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q -m "not proof" tests/faults tests/integration/jobs

proofs: .venv/tools browser
	@$(BIN)/python -m pytest -q -m proof tests/integration tests/journeys tests/faults

check: .venv/tools
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

browser: .venv/tools
	@$(BIN)/wpound doctor --install --browser || echo "The page tests will be skipped where they need a browser."

bench: .venv/tools
	@$(BIN)/python tests/bench/run.py

pictures: .venv/tools browser
	@$(BIN)/python docs/pictures/make.py

docs: install
	@$(BIN)/wpound catalogue docs

lock: .venv/tools
	@$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --quiet -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --quiet -c requirements.lock -o test.lock
	@$(BIN)/uv pip compile --group pyproject.toml:build --universal --generate-hashes --quiet -o build.lock
