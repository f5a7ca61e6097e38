# Two commands matter: `make report` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PYTHONHASHSEED := 0
# What is compiled is kept, whatever the environment says: each process would compile the package and its tests again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help:  ## Show what can be done here
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; v <= (3, 15) or print(f"Python {v[0]}.{v[1]} is newer than those this was tried on (3.11 to 3.15)"); sys.exit(0 if v >= (3, 11) else f"Python 3.11 or newer is needed; $(PYTHON) is {v[0]}.{v[1]} (set PYTHON=...)")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned dependencies into $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $(READY)

.PHONY: setup
setup: $(READY)  ## Create the virtual environment (once)

.PHONY: report
report: $(READY)  ## Run the notebooks and write the reports
	@$(BIN)/cdppe report

.PHONY: lab
lab: $(READY)  ## Open JupyterLab on the notebooks; begin with 00-prise-en-main
	@$(BIN)/jupyter lab notebooks

.PHONY: docs
docs: $(READY)  ## Write the reference of the package, a page a module
	@$(BIN)/python docs/reference.py

.PHONY: simulator
simulator: $(READY)  ## Try another rule: one page, opened in the browser
	@$(BIN)/cdppe simulator

.PHONY: data
data: $(READY)  ## Write the data package: CSV, Parquet, GeoPackage, README
	@$(BIN)/cdppe data --out build/donnees

.PHONY: test
test: $(READY)  ## Pass the tests, notebooks included
	@$(BIN)/python -m pytest

.PHONY: test-slow
test-slow: $(READY)  ## Pass the slow tests, which no change of one room touches
	@$(BIN)/python -m pytest -m slow

.PHONY: coverage
coverage: $(READY)  ## Pass the tests and see which branches they take; fail under the floor of pyproject.toml
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

.PHONY: bench
bench: $(READY)  ## Time the engine against its peers, and write benchmarks/results
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1 $(BIN)/python benchmarks/kernel.py
	@$(BIN)/python benchmarks/simulation.py

ROOM ?= allocation
SAMPLE ?= 150

.PHONY: mutants
mutants: $(READY)  ## Put small faults into a room (ROOM=allocation), and see which its tests notice
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1 $(BIN)/python benchmarks/mutants.py $(ROOM) --sample $(SAMPLE)

.PHONY: lint
lint: $(READY)  ## Check lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

.PHONY: shapes
shapes: $(READY)  ## Build the contours again from IGN Admin Express
	@$(BIN)/python shapes/build.py shapes/source/departements-admin-express-2018.geojson.xz

RESOLVE := uv pip compile pyproject.toml --all-extras --universal --fork-strategy requires-python --python-version 3.11 --no-annotate --quiet

.PHONY: lock
lock: $(READY)  ## Pin the dependencies again, with hashes (needs uv)
	$(RESOLVE) --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock
	@mkdir -p build
	$(RESOLVE) --constraint requirements.lock --format pylock.toml --output-file build/pylock.toml
	@$(BIN)/python tests/wheels.py build/pylock.toml tests/data/wheels.csv

.PHONY: clean
clean:  ## Remove what was built, not the virtual environment
	@rm -rf reports build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
