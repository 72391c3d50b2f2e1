# Two commands matter most: `make app` and `make test`. `make help` lists the others.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: app bench check clean data docs goldens help lab lock messages reports system test test-long wheel

# The first Python here that is new enough.
PYTHON ?= $(shell for p in python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$p" && break; done)
BIN := .venv/bin
UV := .tools/bin/uv
REPORTS ?= country_brief
OUT ?= out
ARGS ?=

# Jupyter's files stay in this folder, not in the home of whoever runs it.
STATE := $(CURDIR)/.venv/var
export JUPYTER_CONFIG_DIR := $(STATE)/jupyter/config
export JUPYTER_DATA_DIR := $(STATE)/jupyter/data
export JUPYTER_RUNTIME_DIR := $(STATE)/jupyter/runtime
export IPYTHONDIR := $(STATE)/ipython
export JUPYTERLAB_SETTINGS_DIR := $(STATE)/jupyter/lab/settings
export JUPYTERLAB_WORKSPACES_DIR := $(STATE)/jupyter/lab/workspaces
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS ?= true
export PIP_ROOT_USER_ACTION := ignore
export PIP_DISABLE_PIP_VERSION_CHECK := 1

app: .venv/.run ## Set everything up and start the apps; prints the address (ARGS= passed on)
	@$(BIN)/canheal app $(ARGS)

test: .venv/.dev ## Set everything up, check the code and run every test
	@$(MAKE) --no-print-directory system
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n 2 --dist loadfile --durations=10 \
		--nbval-lax --nbval-cell-timeout=60 -m "not long" tests notebooks/guides

test-long: .venv/.dev ## Run what takes too long for every change: full batches, loads
	@$(MAKE) --no-print-directory system
	$(BIN)/python -m pytest --durations=10 -m long tests
	$(BIN)/python -m pytest --nbval-lax --nbval-cell-timeout=60 notebooks/apps

# `make test-access` and so on: one slice, without its browser tests.
test-%: .venv/.dev ## (test-access, test-funding ...) Run the tests of one slice
	@test -d tests/$* || { echo "There is no slice $*; there is:" $$(cd tests && ls -d */ | tr -d /); exit 2; }
	$(BIN)/python -m pytest -n 2 --dist loadfile --durations=5 -m "not long" tests/$*

check: .venv/.dev ## Lint, types, layers, dependencies, stripped notebooks (seconds)
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry canheal_nb build
	$(BIN)/nbstripout --verify --keep-id $$(git ls-files 'notebooks/*.ipynb')

data: .venv/.dev ## Make data/built and the registry again (needs npm), then check every table
	$(BIN)/python build/geometry.py
	$(BIN)/python build/population.py
	$(BIN)/python build/lattice.py
	$(BIN)/python build/travel_fit.py
	$(BIN)/python build/journeys.py
	$(BIN)/python build/registry.py
	@$(BIN)/canheal data verify

docs: .venv/.run ## Make the data dictionary and the reference of the public names again
	@$(BIN)/python build/dictionary.py
	@$(BIN)/python build/api.py

goldens: .venv/.dev ## Write what screens, reports and commands show again (ARGS="screens/atlas ...")
	@PYTHONPATH=tests $(BIN)/python -m goldens $(ARGS)

reports: .venv/.run ## Make every country brief, HTML and PDF (REPORTS="a b" OUT=out ARGS=--dry-run)
	@$(BIN)/canheal report $(REPORTS) --all --out $(OUT) $(ARGS)

# A BLAS kernel forced from outside would slow the packages that we are measured against.
bench: .venv/.bench ## Measure access against other packages; writes bench/results.json
	@env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE $(BIN)/python -m bench.run $(ARGS)

lab: .venv/.run ## Open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --LabApp.extension_manager=readonly \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate $(ARGS) notebooks

wheel: .venv/.run ## Build the wheel, with data and notebooks inside, in dist/
	@$(BIN)/python -m hatchling build --target wheel

messages: .venv/.dev ## Collect the texts for translators and compile every catalogue
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --sort-by-file \
		--project canheal_nb --output canheal_nb/text/locale/canheal.pot canheal_nb
	@for po in $$(ls canheal_nb/text/locale/*/LC_MESSAGES/canheal.po 2>/dev/null); do \
		lang=$$(basename $$(dirname $$(dirname $$po))); \
		$(BIN)/pybabel --quiet update --ignore-pot-creation-date --domain canheal \
			--input-file canheal_nb/text/locale/canheal.pot --output-dir canheal_nb/text/locale \
			--locale $$lang || exit 1; \
		$(BIN)/pybabel --quiet compile --input-file $$po --output-file $${po%.po}.mo || exit 1; \
	done

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(ARGS)

lock: $(UV) ## Write the four locks again (ARGS=--upgrade for newer versions)
	@$(COMPILE) --group bootstrap -o requirements-bootstrap.txt > /dev/null
	@$(COMPILE) pyproject.toml --group install -o requirements.txt > /dev/null
	@$(COMPILE) pyproject.toml --group install --group build --group dev -c requirements.txt \
		-o requirements-dev.txt > /dev/null
	@$(COMPILE) --group build --group bench -c requirements-dev.txt \
		-o requirements-bench.txt > /dev/null

clean: ## Remove everything that the other commands made
	rm -rf .venv .tools dist $(OUT) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## List these commands
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# --- how things get installed -------------------------------------------------------------

# uv is unpacked beside the environment: no virtual environment is needed to get it.
$(UV): requirements-bootstrap.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or say PYTHON=path."; exit 1; }
	@$(PYTHON) -m pip install --quiet --no-warn-script-location \
		--require-hashes --upgrade --target .tools -r requirements-bootstrap.txt \
		&& touch $(UV) || echo "uv is not to be had here; pip will do the same, only slower."

# $(1): the lock. uv is quick; pip does the same where uv cannot.
define install
	@{ $(UV) venv --quiet --allow-existing --python "$(PYTHON)" .venv \
		&& $(UV) pip sync --quiet --require-hashes --python .venv $(1) \
		&& $(UV) pip install --quiet --no-deps --no-build-isolation --python .venv -e . ; } \
	|| { echo "uv could not do it; trying pip, which takes a minute or two."; \
		$(PYTHON) -m venv .venv \
		&& $(BIN)/python -m pip install --quiet --require-hashes -r $(1) \
		&& $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . ; }
endef

# An environment that already has the tools for tests keeps them.
.venv/.run: requirements.txt pyproject.toml | $(UV)
	$(call install,$(if $(wildcard .venv/.dev),requirements-dev.txt,requirements.txt))
	@mkdir -p $(STATE)/ipython && touch $@

.venv/.dev: requirements-dev.txt pyproject.toml | $(UV)
	$(call install,requirements-dev.txt)
	@mkdir -p $(STATE)/ipython && touch .venv/.run $@

# Beside the tools for tests, which the next change of their lock leaves alone again.
.venv/.bench: requirements-bench.txt .venv/.dev .venv/.run | $(UV)
	@$(UV) pip install --quiet --require-hashes --python .venv -r requirements-bench.txt \
		|| $(BIN)/python -m pip install --quiet --require-hashes -r requirements-bench.txt
	@touch $@

# What pip cannot bring (Pango, fonts, Chromium): as root through apt, else the line to run.
DEBIAN = $(BIN)/python -c "from canheal_nb import doctor; print(*doctor.debian_packages(doctor.examine()))"

system: .venv/.dev
	@missing=$$($(DEBIAN)) || exit 1; \
	test -z "$$missing" && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && apt-get install -qq --yes --no-install-recommends $$missing \
			< /dev/null > /dev/null && test -z "$$($(DEBIAN))" && exit 0; \
	fi; \
	echo "The tests need these Debian packages; run this line, then make test again:"; \
	echo "  sudo apt-get update && sudo apt-get install --yes --no-install-recommends $$missing"; \
	exit 1
