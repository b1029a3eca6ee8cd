# Tollgate's tasks. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help run web test fuzz bench fmt lint deny docs pictures

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and start Tollgate and its simulator (with MySQL set: SIMULATOR=1 for the latter)
	@deploy/dev/run.sh

web: ## Build the pages into web/dist, which the next build of the server takes in
	@deploy/dev/web.sh build

test: ## Install what is missing and run every test: SQLite, MariaDB, SDKs, nginx, browser
	@deploy/dev/test.sh

fuzz: ## Give made-up bytes to each decoder and translator for MINUTES=1 (TARGETS=… for some alone)
	@deploy/dev/fuzz.sh

bench: ## Measure Tollgate beside nginx, everything on (ROUNDS=3 LOAD_SECONDS=4 BINARIES=…); see bench/README.md
	@bench/speed.sh

fmt: ## Format the code
	cargo fmt --all

lint: ## Formatting, clippy and the pages' rules and types, warnings refused
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	@# By themselves, without what tests turn on in their crates: as they are released.
	cargo check --locked --workspace --bins
	deploy/dev/web.sh lint

deny: ## Licences, banned crates and sources of what we link
	cargo deny check --hide-inclusion-graph bans licenses sources

docs: ## The crates' documentation, warnings refused
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

pictures: web ## Take the pictures in the documents anew, of the running product
	cargo build --locked --package tollgate-server --package tollgate-simulator
	deploy/dev/web.sh pictures
