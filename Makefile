# make run    sets everything up and opens the page on the bundled sample
# make test   sets everything up and runs the tests
# make check  what CI runs besides the tests: lint, format and types
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
NPM = $(shell command -v npm 2>/dev/null)

.PHONY: run test check gazetteer clean

run: $(VENV)/.run-time static/.assets gazetteer
	$(BIN)/python -m extract.sample
	$(BIN)/python -m streamlit run dashboard.py

test: $(VENV)/.development static/.assets gazetteer
	$(BIN)/python -m pytest

check: $(VENV)/.development
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

gazetteer: $(VENV)/.run-time
	$(BIN)/python -c 'from extract import Gazetteer; Gazetteer.open()'

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Dateline needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-time: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.development: requirements-dev.txt requirements.txt $(VENV)/.run-time
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

# Leaflet and the base map come from npm; without npm the page falls back to the CDN and says so.
static/.assets: package.json package-lock.json $(VENV)/.run-time
ifdef NPM
	npm ci --no-audit --no-fund --silent
	$(BIN)/python -m view.assets
else
	@echo "npm is not installed: the page will load Leaflet from the CDN"
endif
	mkdir -p static
	touch $@

clean:
	rm -rf $(VENV) static node_modules
