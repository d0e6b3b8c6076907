# make study opens the app; make test runs every check. Both need only python3 with venv and pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: study test test-all lint bench fuzz screenshots keys clean

study: $(VENV)/.app
	@$(BIN)/studykit

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.app: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing studykit into $(VENV) (about a minute, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.app
	@echo "Installing the test tools into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev
	@touch $@

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/pytest -n auto

# The long batteries: every family on 500 tickets a level, every mistake typed and marked.
test-all: lint
	STUDYKIT_TEST_TICKETS=500 STUDYKIT_TEST_MARKED=100 $(BIN)/pytest -n auto --timeout 3000

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

# Coverage-guided fuzzing of the answer reader, five minutes.
fuzz: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group fuzz
	$(BIN)/python -m tests.fuzz

# The pictures of the guide, taken of the real app after sixty simulated days.
screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.screenshots

# docs/keys.md, from the app's own table of commands.
keys: $(VENV)/.dev
	$(BIN)/python -m tests.key_table

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis
