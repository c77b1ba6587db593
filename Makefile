# The only entry points: everything else is reached from here. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help run test bench check gen setup

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST)

run: setup ## start the server with demo data in ./data; ARGS="--listen 0.0.0.0:8000" adds flags
	cargo run --release --locked -- serve --demo $(ARGS)

test: setup ## run all tests
	cargo test --workspace --locked

bench: setup ## measure the decision path on this machine, about 35 minutes and 12 GB; ARGS=--quick tries it out
	cargo build --release --locked
	cargo run --release --locked -p bench -- $(ARGS)

check: ## formatting and lints, as strict as a review
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

gen: setup ## refresh what is generated from the code: .sqlx and openapi.json
	scripts/gen

setup:
	@scripts/setup
