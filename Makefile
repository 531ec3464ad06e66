# Everything a developer runs. Each target does its own set-up in .venv, once: a stamp inside .venv
# says which set of packages is there, and is older than pyproject.toml when that set may have changed.

PYTHON ?= python3
VENV := .venv
# Windows' Python puts the programs of a venv elsewhere.
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
FILES := minigraph tests $(wildcard examples docs)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Two pips at once in one .venv would break it.
.NOTPARALLEL:
.PHONY: help demo test libraries mutants lint format bench pictures docs clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed ## Work through the lecture, train on iris, draw the pictures
	@$(BIN)/minigraph demo

test: $(VENV)/.installed-test ## Run the tests and doctests, with coverage
	@$(BIN)/python -m pytest --numprocesses auto --cov --cov-report=term

# The release that the tests are known to pass with; any since 2.4 should do.
TORCH ?= torch==2.13.0
libraries: $(VENV)/.installed-test ## Install PyTorch, so that 'make test' runs its tests too
	@$(PIP) install --editable '.[libraries]' '$(TORCH)'

mutants: $(VENV)/.installed-test ## Change the engine's rules one by one, and see the tests fail
	@PYTHONPATH=tests $(BIN)/python -m mutation.run

lint: $(VENV)/.installed-lint ## Check the style, the formatting and the types
	@$(BIN)/ruff check $(FILES)
	@$(BIN)/ruff format --check $(FILES)
	@$(BIN)/pyright
	@$(BIN)/oxlint --quiet -D suspicious -A consistent-function-scoping minigraph/explain/static

format: $(VENV)/.installed-lint ## Put the code into the common format
	@$(BIN)/ruff check --fix $(FILES)
	@$(BIN)/ruff format $(FILES)

bench: $(VENV)/.installed-bench ## Time minigraph beside NumPy by hand and other libraries
	@$(BIN)/python -m pytest --override-ini=addopts= --import-mode=importlib tests/benchmarks

pictures: $(VENV)/.installed-test ## Make the pictures of README and the docs (needs Chromium)
	@cd docs/images && $(CURDIR)/$(BIN)/python ../../examples/lecture_graph.py
	@$(BIN)/python docs/figures.py
	@$(BIN)/python docs/screenshot.py

docs: $(VENV)/.installed-docs ## Build the documentation into docs/_build
	@$(BIN)/python -m sphinx --quiet --fail-on-warning docs docs/_build

clean: ## Remove .venv and everything that the tools made
	@rm -rf $(VENV) build dist docs/_build htmlcov minigraph-demo
	@rm -rf .benchmarks .coverage .coverage.* .hypothesis .pytest_cache .ruff_cache
	@find minigraph tests $(wildcard examples docs) -name __pycache__ -prune -exec rm -rf {} +

# The set-up. Groups need pip 25.1, which is newer than the pip that Python 3.11 brings.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "minigraph needs Python 3.11 or newer as '$(PYTHON)'; choose one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.created
	@echo "installing minigraph ..."
	@$(PIP) install --editable '.[explain]'
	@touch $@

# Pyright follows minigraph.testing into hypothesis, hence the tests' group for lint too.
$(VENV)/.installed-lint: GROUPS := --group lint --group test
$(VENV)/.installed-test: GROUPS := --group test
$(VENV)/.installed-docs: GROUPS := --group docs
$(VENV)/.installed-bench: GROUPS := --group test --group bench

$(VENV)/.installed-%: pyproject.toml $(VENV)/.installed
	@echo "installing what 'make $*' needs ..."
	@$(PIP) install $(GROUPS)
	@touch $@
