# navkit: `make demo` runs the main job, `make check` every test. Both set themselves up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out
READY := $(VENV)/.ready
BROWSER := $(VENV)/.browser

.PHONY: install demo runtime quick test bench-server check check-attacks check-faults check-follow check-javascript check-mutations check-python check-rest check-trust check-uploads check-voice check-walk \
  lock licences sbom format clean

# Only files with the hashes in the locks.
LOCKED := -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
# navkit itself, by the setuptools of the lock, which warns about data folders that are not packages.
ITSELF := -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation

install: $(READY)

$(READY): setup.cfg pyproject.toml requirements.lock requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "navkit needs Python 3.11 or newer; this is $$($(PYTHON) -V)."; exit 1; }
	@$(PYTHON) -c "import venv, ensurepip" 2>/dev/null \
	  || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	         apt-get update -qq && apt-get install -y -qq python3-venv; \
	       else echo "Python's venv is missing. Debian: apt-get install python3-venv"; exit 1; fi; }
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(LOCKED) -r requirements.lock -r requirements-dev.lock
	@PYTHONWARNINGS=ignore $(BIN)/python $(ITSELF) --editable .
	@command -v node >/dev/null \
	  || echo "node is missing: the phone's runtime cannot be shown or tested. Debian: apt-get install nodejs"
	@touch $@

demo: install
	@$(BIN)/python tools/demo.py $(OUT)

# The phone's runtime as an npm package for other people's pages and mini-programs: a tarball in out/.
runtime: install
	@$(BIN)/python examples/npm/pack.py $(OUT)/navkit-runtime
	@cd $(OUT) && npm pack --silent ./navkit-runtime

# For tests of the page: a browser, Chinese fonts, axe. Without them, those tests are skipped.
$(BROWSER): package-lock.json
	@command -v chromium >/dev/null && fc-list 2>/dev/null | grep -q "Noto Sans CJK" \
	  || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	         apt-get update -qq && apt-get install -y -qq chromium fontconfig fonts-noto-cjk >/dev/null; \
	       else echo "Tests of the page need: apt-get install chromium fontconfig fonts-noto-cjk"; fi; }
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund; \
	  else echo "npm is missing: the page's barriers are not looked for. Debian: apt-get install npm"; fi
	@mkdir -p $(dir $@) && touch $@

# For tests of the server on PostgreSQL. Without it, those tests are skipped.
POSTGRES := $(VENV)/.postgres

$(POSTGRES):
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
	  || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	         apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; \
	       else echo "Tests on PostgreSQL need: apt-get install postgresql"; fi; }
	@mkdir -p $(dir $@) && touch $@

# For the drill of backup and restore. Without it, its tests are skipped.
BACKUP := $(VENV)/.backup

$(BACKUP):
	@command -v sqlite3 >/dev/null && command -v rsync >/dev/null \
	  || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	         apt-get update -qq && apt-get install -y -qq sqlite3 rsync >/dev/null; \
	       else echo "Tests of backup and restore need: apt-get install sqlite3 rsync"; fi; }
	@mkdir -p $(dir $@) && touch $@

# For tests of nginx in front of the server. Without it, those tests are skipped.
NGINX := $(VENV)/.nginx

$(NGINX):
	@PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null \
	  || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	         apt-get update -qq && apt-get install -y -qq nginx >/dev/null; \
	       else echo "Tests of nginx before the server need: apt-get install nginx"; fi; }
	@mkdir -p $(dir $@) && touch $@

# Marks of tests (pyproject.toml) that run separately from the long run.
APART := alone or listening or flips or faults or uploads or attacks or mutations or rest

check: install $(BROWSER) $(POSTGRES) $(BACKUP) $(NGINX)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-python check-javascript
	@command -v node >/dev/null \
	  || echo "node is missing: the phone's runtime is not tested. Debian: apt-get install nodejs"
	@echo "== What is measured by the clock, while nothing else runs"
	@$(BIN)/python -m pytest -q -m alone $$(grep -l 'mark\.alone' tests/test_*.py)
	@echo "== Python and, driven by it, JavaScript"
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal --durations=25 -m "not ($(APART))"

check-python: install
	@echo "== format";  $(BIN)/ruff format --check .
	@echo "== lint";    $(BIN)/ruff check .
	@echo "== types";   $(BIN)/mypy

check-javascript: $(BROWSER)
	@if command -v npm >/dev/null; then \
	  echo "== lint of JavaScript" && npm run --silent lint && \
	  echo "== types of JavaScript" && npm run --silent types; \
	else echo "npm is missing: JavaScript is neither linted nor typed. Debian: apt-get install npm"; fi

# A minute: what needs no process, browser or server, and computes no longer than a moment. A test that starts
# a process there fails until it is marked.
quick: install
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -n 2 --quick -m "not (process or slow or $(APART))"

# The tests that ARGS names, by any options of pytest: make test ARGS="tests/test_join.py -x"
test: install
	@$(BIN)/python -m pytest $(ARGS)

# Minutes, and 1.2 GB of disk: Kokoro and recognisers that listen to it, in a venv of their own.
VOICE_VENV := .venv-voice

check-voice:
	@$(PYTHON) -m venv $(VOICE_VENV)
	@$(VOICE_VENV)/bin/python $(LOCKED) \
	  -r requirements.lock -r requirements-dev.lock -r requirements-voice.lock
	@PYTHONWARNINGS=ignore $(VOICE_VENV)/bin/python $(ITSELF) --editable .
	@$(VOICE_VENV)/bin/navkit voice install kokoro
	@NAVKIT_CACHE=$(VOICE_VENV)/clips $(VOICE_VENV)/bin/python -m pytest -q -m listening

# Minutes: every bit of what phones fetch, flipped.
check-trust: install
	@$(BIN)/python -m pytest -q -m flips tests/test_trust.py

# Minutes: a server killed 500 times while working, and every write failing once.
check-faults: install
	@$(BIN)/python -m pytest -q -m faults tests/test_server_faults.py

# Half an hour: 500 times one thing is taken out of the example, and must be found or named; 2,000 damaged
# files of each format.
check-mutations: install
	@$(BIN)/python -m pytest -q -n 2 -m mutations tests/test_mutations.py tests/test_damaged.py

# Minutes: the cases of which `make check` takes a sample.
check-rest: install $(BROWSER)
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m rest

# Minutes: 600 routes of the example and 300 of each real plan, walked by what is said of them; PICTURES=FOLDER
# draws the steps that lead astray.
PLANS := ../shared/floorplans

check-walk: install
	@$(BIN)/python -m tools.walking $(PLANS) $(if $(PICTURES),--pictures $(PICTURES))

# Minutes: a thousand walks in a rough world, followed; then the table of docs/position.md.
check-follow: install
	@$(BIN)/python -m pytest -q -m rest tests/test_position.py
	@$(BIN)/python tests/following.py $(PLANS)

# A quarter of an hour: bad files by the hundred, uploaded to a running server.
check-uploads: install
	@$(BIN)/python -m pytest -q -s -m uploads tests/test_uploads.py tests/test_big_load.py

# Minutes: hostile files, uploaded; TUF's conformance cases and our own attacks on what is
# signed; requests by the description; dripping clients, locked databases, damaged disks, proxies,
# sign-ins and cookies.
ATTACKED := attacks server_access server_addresses server_attacked server_closures \
  server_described server_people server_proxies server_rot server_signing server_typed \
  trust_attacks trust_conformance

check-attacks: install $(NGINX)
	@$(BIN)/python -m pytest -q -s -m "not (listening or flips or faults or uploads)" \
	  $(ATTACKED:%=tests/test_%.py)

# Three minutes, on an idle machine: load limits of the server behind nginx.
bench-server: install $(NGINX)
	@command -v wrk >/dev/null \
	  || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	         apt-get update -qq && apt-get install -y -qq wrk >/dev/null; fi; }
	@$(BIN)/python tests/load.py

# Tools for the locks, the table of licences and the parts list.
INVENTORY := $(VENV)/.inventory

$(INVENTORY): $(READY) requirements-inventory.lock
	@$(BIN)/python $(LOCKED) -r requirements-inventory.lock
	@touch $@

# After a change of dependencies in setup.cfg. Pinned versions stay, except with `make lock UPGRADE=--upgrade`.
lock: $(INVENTORY)
	@$(BIN)/python -m tools.locks $(UPGRADE)

# Everything installed or shipped, with its licence: the tables of docs/licences.md.
licences: $(INVENTORY)
	@$(BIN)/python -m tools.inventory licences docs/licences.md

# A parts list (CycloneDX) of what runs: Python's packages and the JavaScript on the page.
sbom: $(INVENTORY)
	@$(BIN)/python -m tools.inventory sbom $(OUT)/sbom.json

format: install
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(VOICE_VENV) $(OUT) node_modules
