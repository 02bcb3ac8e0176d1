# Every install step of the project is here or in pyproject.toml.
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= python3
SHELL := /bin/bash

.PHONY: run test check bench train docs screenshots clean

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

# Two processes: whole programs and browsers in one, all else in the other, and help where there is none left.
PYTEST := OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadgroup --durations=25

test: $(VENV)/.dev chromium
	$(PYTEST)

check: $(VENV)/.dev chromium
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

screenshots: $(VENV)/.dev chromium
	$(PY) -m docs.screenshots

clean:
	rm -rf $(VENV) build *.egg-info var
