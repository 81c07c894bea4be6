# Fieldline. `make` alone lists what there is to say; `make run` and `make test`
# set everything up by themselves.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
# Node and the drivers that the set-up put beside the sources come first.
export PATH := $(CURDIR)/build/tools/bin:$(CURDIR)/build/node/bin:$(PATH)
# So that a failure names its step (see .ci/run), and the time where it goes.
step = @printf '\n==> %s (%(%T)T)\n' '$(1)' -1
# Always the whole workspace, so that every step shares its builds: Cargo joins the
# features of what it is asked to build. The browser's engine is for wasm32 alone.
whole := --locked --workspace --exclude fieldline-web
nextest := $(shell command -v cargo-nextest >/dev/null 2>&1 && echo yes)

.PHONY: help run test check fmt format clippy rooms docs proofs svelte-check fresh types unit ui-test \
        setup setup-check setup-test web ui server app e2e sim pictures bench kill prove deny audit \
        fuzz clean

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ui server app ## a demo workspace with customers who answer, and the app signed in to it
	@scripts/run.sh

# One after another and in this order, also under -j: the first failure is the last thing said.
test: ## everything: set-up, checks, builds, tests, the built app and the browser end to end
	@$(MAKE) --no-print-directory setup-test
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory ui-test
	@$(MAKE) --no-print-directory e2e
	@printf '\nEverything passed.\n'

check: format clippy rooms docs proofs deny fresh svelte-check ## format, warnings, walls between rooms, pages and proofs that fit, licences, made files, types of the UI

format:
	$(call step,format)
	@cargo fmt --all --check

clippy: setup
	$(call step,clippy)
	@cargo clippy $(whole) --all-targets --features fieldline-tests/e2e --quiet -- \
	  -D warnings -D clippy::too_many_lines -D clippy::too_many_arguments -D clippy::dbg_macro -D clippy::todo -D clippy::unimplemented

rooms:
	$(call step,walls between the rooms)
	@scripts/lint-rooms.sh prove

docs:
	$(call step,pages fit the sources)
	@scripts/lint-docs.sh prove

proofs:
	$(call step,proofs fit the sources)
	@scripts/prove.sh fits

fresh: setup
	$(call step,generated files are fresh)
	@cargo test $(whole) --quiet --test types

svelte-check: web
	$(call step,types of the UI)
	@cd ui && npm run --silent check

fmt: ## formats the Rust
	@cargo fmt --all

types: setup ## writes the files generated from the Rust types
	@WRITE_TYPES=1 cargo test $(whole) --quiet --test types

unit: setup ui ## the Rust tests, without the end-to-end runs
	$(call step,Rust tests)
ifeq ($(nextest),yes)
	@cargo nextest run $(whole)
else
	@cargo test $(whole)
endif

ui-test: web ## the UI's own tests
	$(call step,tests of the UI and of the chat page)
	@cd ui && npm run --silent test
	@node --test crates/server/page/tests/*.test.mjs

setup:
	@scripts/setup.sh run
setup-check:
	@scripts/setup.sh check
setup-test:
	$(call step,set-up)
	@scripts/setup.sh test

web: setup ## the engine for the browser, into ui/src/wasm
	$(call step,engine of the browser)
	@scripts/build-web.sh

ui: web ## the interface, into ui/dist
	$(call step,interface)
	@cd ui && npm run --silent build

server: setup ## the server
	$(call step,server)
	@cargo build $(whole) --bin fieldline-server

app: ui ## the desktop app
	$(call step,app)
	@cargo build $(whole) --bin fieldline

e2e: setup-test server app ## the journey, in the built app and in Chromium
	$(call step,end to end)
	@scripts/e2e.sh

sim: setup ## the simulation: SEEDS=10000 SEED_START=1, of one seed also STOP=17 ALOUD=1
	@SEEDS=$(SEEDS) SEED_START=$(SEED_START) STOP=$(STOP) ALOUD=$(ALOUD) \
	  cargo test $(whole) --quiet --test sim every_seed -- --nocapture

fuzz: setup ## looks for bytes that break what holds for any: SECONDS=30 for each of TARGETS="decode names …"
	$(call step,fuzzer)
	@FUZZ_SECONDS=$(or $(SECONDS),30) scripts/fuzz.sh $(TARGETS)

prove: setup ## switches one rule off at a time: the tests that stand on it must go red
	@scripts/prove.sh $(RULES)

pictures: setup-test server app ## photographs every screen into docs/pictures
	@FIELDLINE_PICTURES=$(CURDIR)/docs/pictures scripts/e2e.sh

# Alone, so that no window and no interface is built for it.
bench: setup ## figures as ratios against the floor of the same run (docs/BENCH.md)
	@cargo bench --locked -p fieldline-tests --bench figures

kill: setup ## kill -9 of the server, then of a device, at every failpoint in turn, ROUNDS times each (1000)
	@FIELDLINE_KILL_ROUNDS=$(or $(ROUNDS),1000) cargo test $(whole) --test server whatever_is_killed
	@FIELDLINE_KILL_ROUNDS=$(or $(ROUNDS),1000) cargo test $(whole) --test kills -- --nocapture

deny: setup-check ## licences and sources of what Fieldline is built from (deny.toml)
	$(call step,licences and sources of the dependencies)
	@cargo deny --locked --log-level error check bans licenses sources

audit: setup-check ## known weaknesses of what Fieldline is built from; asks their databases anew
	$(call step,known weaknesses of the dependencies)
	@scripts/audit.sh

clean: ## removes what was built, the demo's data too
	rm -rf target build ui/dist ui/src/wasm ui/node_modules
