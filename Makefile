SHELL := bash
TARGET := $(or $(CARGO_TARGET_DIR),target)
# A build needs no database: the answers it would ask one for are in .sqlx.
export SQLX_OFFLINE := true
# Logs stay free of escape sequences.
ifdef CI
export CARGO_TERM_COLOR := never
endif

# The Debian packages of docker/packages/*.txt; no work when they are there.
PACKAGES := @docker/install-packages.sh

# The web map, which cargo makes part of the program.
MAP := crates/server/web/map

.DEFAULT_GOAL := help
.PHONY: help run web test bench fmt lint sqlx-data image-check object-store-check edits-check conformance clean rust

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.* ## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: rust web ## install what is missing, build, serve data/ until Ctrl-C
	$(PACKAGES) run build
	cargo build --release --locked -p cli
	@exec $(TARGET)/release/cadastre serve --load data

web: $(MAP)/dist/assets ## build the web map, when its sources changed

$(MAP)/dist/assets: $(MAP)/node_modules/.package-lock.json $(wildcard $(MAP)/src/* $(MAP)/*.*)
	cd $(MAP) && npm run --silent build
	@touch $@

$(MAP)/node_modules/.package-lock.json: $(MAP)/package-lock.json
	@which node npm >/dev/null || docker/install-packages.sh web
	cd $(MAP) && npm ci --loglevel=error
	@touch $@

test: rust web ## install what is missing, check everything, print the totals
	$(PACKAGES) run build test
	@which node npm >/dev/null || docker/install-packages.sh web
	@which chromium >/dev/null || docker/install-packages.sh browser
	@tests/run.sh

bench: rust web ## measure
	$(PACKAGES) run build bench
	cargo build --release --locked -p cli
	@CADASTRE=$(abspath $(TARGET))/release/cadastre bash tests/bench/run.sh

fmt: rust ## bring the sources into form
	cargo fmt --all

lint: rust web ## ask the compiler, clippy and tests/tidy.sh
	cargo clippy --workspace --all-targets --locked -- -D warnings
	@tests/tidy.sh

sqlx-data: rust ## renew .sqlx after a change of a query or a migration
	$(PACKAGES) run build
	@tests/sqlx-data.sh write

image-check: ## perform the steps of docker/Dockerfile without a container engine (as root)
	docker/check-in-chroot.sh

object-store-check: web ## keep rasters in an object store and read them back (wants PyPI)
	$(PACKAGES) run build
	cargo build --release --locked -p cli
	@tests/object-store.sh $(TARGET)/release/cadastre

edits-check: web ## 16 editors make 10 000 edits at once: none is lost, history and seals hold
	$(PACKAGES) run build test
	@trap 'tests/database.sh stop' EXIT; eval "$$(tests/database.sh start)"; \
	EDITS=10000 cargo test --locked -p server --test api no_update_is_lost

conformance: web ## hold the service against checkers that others wrote (wants PyPI)
	$(PACKAGES) run build test
	cargo build --release --locked -p cli
	@tests/conformance/run.sh $(TARGET)/release/cadastre

clean: ## remove what was built; the private database in .cadastre stays
	cargo clean

rust:
	@command -v cargo >/dev/null || { echo "Rust is missing: install rustup, see https://rustup.rs" >&2; exit 1; }
	@cargo --version >/dev/null || rustup toolchain install
