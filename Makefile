# `make demo` runs the main job on the example organisation, `make test` all tests; both install what they need.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs wheel clean eval-code eval-saas bench-code bench-cloud bench-saas bench-fleet bench-scope

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

demo: $(STAMP)  ## scan, reconcile and report the example organisation
	@$(BIN)/python -m scanner.demo

test: $(STAMP)  ## run all tests
	$(BIN)/python -m pytest -n auto

check: $(STAMP)  ## lint, types, knowledge base, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/aimscope catalog check
	$(BIN)/python -m scanner.reference --check

docs: $(STAMP)  ## write the generated reference anew
	$(BIN)/python -m scanner.reference

eval-code: $(STAMP)  ## how well AI is found in real packages, beside other scanners (docs/evaluation-code.md)
	$(BIN)/python -m benchmarks.eval_code

eval-saas: $(STAMP)  ## how well typed product names are recognised, beside other name lists (docs/evaluation-saas.md)
	$(BIN)/python -m benchmarks.eval_saas

bench-cloud: $(STAMP)  ## how completely and quickly cloud accounts are scanned (docs/benchmark-cloud.md)
	$(BIN)/python -m benchmarks.bench_cloud

bench-saas: $(STAMP)  ## how fast a 1 GB proxy log is imported and a large tenant is scanned (docs/benchmark-saas.md)
	$(BIN)/python -m benchmarks.bench_saas
	$(BIN)/python -m benchmarks.bench_saas.tenant

bench-scope: $(STAMP)  ## how fast 100,000 systems are held against 10,000 entries (docs/benchmark-scope.md)
	$(BIN)/python -m benchmarks.bench_scope

bench-fleet: $(STAMP)  ## how fast 500 repositories of a code host are scanned, beside git clone (docs/scan-code-hosts.md)
	$(BIN)/python -m benchmarks.bench_fleet

bench-code: $(STAMP)  ## how fast checkouts are scanned, beside ripgrep and another scanner (docs/benchmark-code.md)
	$(BIN)/python -m benchmarks.bench_code

wheel: $(STAMP)  ## build the wheel, with the compiled knowledge base in it
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

format: $(STAMP)  ## put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove what the targets made
	rm -rf $(VENV) dist demo-output benchmarks/results .mypy_cache .pytest_cache .ruff_cache
