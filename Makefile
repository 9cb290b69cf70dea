# The list of verbs that people, hooks and CI all call.

PYTHON ?= python3
BIN := .venv/bin
# Extra arguments, for example: make test ARGS="-k settings", make demo ARGS=--once
ARGS ?=

DEPENDENCIES := .venv/.dependencies
INSTALLED := .venv/.installed

# $(call timed,NAME,BUDGET,COMMAND): run it, say how long it took of how many seconds; over the budget is said, not failed.
define timed
	@echo "── $(1) (budget $(2) s)"; begun=$$(date +%s); $(3) || { echo "── $(1) FAILED after $$(( $$(date +%s) - begun )) s"; exit 1; }; \
	took=$$(( $$(date +%s) - begun )); over=; test $$took -le $(2) || over=", OVER ITS BUDGET"; \
	echo "── $(1): $$took s of $(2) s$$over"
endef

.PHONY: setup java programs test check format pure integration bench soak kafka demo picture pages

setup: $(INSTALLED)

$(DEPENDENCIES): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Install it, or say which: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { \
	  echo "No virtual environment could be made. On Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(INSTALLED): $(DEPENDENCIES) pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

# Java and Maven, for a real Kafka.
java:
	@.ci/programs kafka

# The same, and Prometheus and Alertmanager.
programs:
	@.ci/programs

test: check pure integration
	@echo "── all parts passed"

check: setup
	$(call timed,format,20,$(BIN)/ruff format --check .)
	$(call timed,lint,20,$(BIN)/ruff check .)
	$(call timed,types,90,$(BIN)/mypy)
	$(call timed,imports,30,$(BIN)/lint-imports)

pure: setup
	$(call timed,pure tests,240,$(BIN)/pytest -q -m "not integration" -n 2 --durations=10 $(ARGS))

integration: setup programs
	$(call timed,tests with a real Kafka,780,$(BIN)/pytest -q -m integration --durations=10 $(ARGS))

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Pages that are made from the code, committed, and compared by tests.
pages: setup
	$(BIN)/python -m simulators.world.limits_table
	$(BIN)/python -m streams.settings_page > docs/settings.md
	$(BIN)/python -m streams.metrics_page > docs/metrics.md
	$(BIN)/python -m streams.indicators_page > docs/indicators.md
	$(BIN)/python -m streams.schemas docs/schemas
	$(BIN)/python -m streams.asyncapi > docs/asyncapi.yaml
	$(BIN)/python -m dashboards.schemas docs/printed
	$(BIN)/python -m streams.cli dashboards build
	$(BIN)/python -m dashboards.alerting.files

bench: setup java
	$(BIN)/python -m tests.bench $(ARGS)

# Random rounds of faults; before them the pure tests with other random examples, and every row of the benchmark once.
soak: setup java
	HYPOTHESIS=random $(BIN)/pytest -q -m "not integration" -n 2
	$(BIN)/python -m tests.bench --quick
	$(BIN)/python -m tests.soak $(ARGS)

kafka: setup java
	$(BIN)/motcua kafka $(ARGS)

demo: setup
	$(BIN)/motcua demo $(ARGS)

# The picture in the README: the screen of the demo.
picture: setup
	$(BIN)/motcua demo --once --picture docs/demo.svg $(ARGS)
