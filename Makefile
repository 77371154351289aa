# What people and machines do with Kith. Each target says what it does and how far it is.
#
#   make run                    build, this morning's report, and the pages on http://127.0.0.1:7447 (first run: the sample tenant)
#   make run FILES="a.csv b.xlsx"   build, import these files, report on them
#   make web                    the pages in web/dist (npm ci, build); `make run` does it when something changed
#   make test                   every test, the long proofs in a short round
#   make check                  what must be clean before a commit
#   make dist                   the archive that most users download
#   make bench | crash | fuzz   the long proofs (docs/crash-safety.md)
#   make clean-store            delete the store in ./kith-data

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run web test check dist bench crash fuzz clean-store

CARGO ?= cargo
# Where rustup puts cargo, for shells that were opened before it was installed.
export PATH := $(PATH):$(HOME)/.cargo/bin
export KITH_STORE ?= ./kith-data
target := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),target)
tools := $(target)/tools

help:
	@sed -n 's/^#   //p' Makefile

web: web/dist/index.html

web/dist/index.html: web/package-lock.json web/index.html web/vite.config.ts $(shell find web/src web/public web/scripts -type f 2>/dev/null)
	@scripts/setup.sh web
	@cd web && npm ci && npm run build

run:
	@echo "1/3 looking for what the build needs, and building the pages if they changed"
	@scripts/setup.sh build
	@$(MAKE) --no-print-directory web
	@echo "2/3 building (the first time compiles the query engine: see docs/install-and-run.md for how long)"
	@$(CARGO) build --workspace --bins
	@echo "3/3 kith run $(FILES) (the store is $(KITH_STORE))"
	@$(target)/debug/kith run $(FILES)

test:
	@echo "1/4 looking for what the tests need, and building the pages"
	@scripts/setup.sh test
	@$(MAKE) --no-print-directory web
	@echo "2/4 compiling the tests (the first time compiles the query engine)"
	@$(CARGO) test --workspace --no-run
	@$(CARGO) build --workspace --bins
	@echo "3/4 running every test: the kill tests 20 times each (5 on PostgreSQL), fuzzing for a minute in all"
	@$(CARGO) test --workspace --no-fail-fast
	@echo "4/4 the pages: form and types, their own tests, and stories in a real browser against the real binary"
	@cd web && npm run check && npm test && KITH_BINARY=$(abspath $(target))/debug/kith npm run e2e

check:
	@echo "1/6 form: cargo fmt"
	@$(CARGO) fmt --all --check
	@echo "2/6 lints: cargo clippy"
	@$(CARGO) clippy --workspace --all-targets -- -D warnings
	@echo "3/6 tests: make test"
	@$(MAKE) --no-print-directory test
	@echo "4/6 documents: cargo doc"
	@RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --document-private-items
	@echo "5/6 licences, sources and known weaknesses: cargo deny"
	@scripts/tool.sh cargo-deny 0.20.2 $(tools)
	@$(tools)/bin/cargo-deny check --hide-inclusion-graph licenses bans sources
	@scripts/advisories.sh $(tools)/bin/cargo-deny
	@echo "6/6 dependencies that nobody uses: cargo machete"
	@scripts/tool.sh cargo-machete 0.9.2 $(tools)
	@$(tools)/bin/cargo-machete
	@echo "all clean"

dist:
	@echo "1/3 looking for what the build needs"
	@scripts/setup.sh build
	@echo "2/3 building with the profile \`dist\` (optimised and linked as a whole: this takes long)"
	@$(CARGO) build --profile dist --bin kith
	@echo "3/3 packing"
	@scripts/pack.sh $(target)

bench:
	@echo "1/3 looking for what the build needs"
	@scripts/setup.sh build
	@echo "2/3 building the release binary (the first time compiles the query engine at opt-level 3)"
	@$(CARGO) build --release --workspace --bins
	@echo "3/3 racing side by side with the peers (BENCHMARKS.md)"
	@bench/run.sh

crash:
	@echo "1/2 looking for the kill tests (this compiles them)"
	@scripts/count-tests.sh kill
	@echo "2/2 killing a real process 200 times at every kind of work, on each database (docs/crash-safety.md)"
	@KITH_KILLS=200 $(CARGO) test --workspace kill -- --nocapture

fuzz:
	@echo "1/2 looking for the fuzz tests (this compiles them)"
	@scripts/count-tests.sh fuzz
	@echo "2/2 feeding noise to every parser, 600 seconds each"
	@KITH_FUZZ_SECONDS=600 $(CARGO) test --workspace fuzz -- --nocapture

clean-store:
	@echo "1/1 deleting the store in ./kith-data"
	@rm -rf ./kith-data
