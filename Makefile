# The only entry points: everything else is reached from here. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help run test browser coverage bench check gen screenshots setup setup-browser
# A build of the web app that fails half-way is not there.
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST)

run: web/dist/index.html ## start the server with demo data in ./data; ARGS="--listen 0.0.0.0:8000" adds flags
	cargo run --profile demo --locked -- serve --demo $(ARGS)

test: setup-browser web/dist/index.html ## run all tests
	cd web && npm run check && npm test
	cargo test --workspace --locked
	cd web && npm run e2e

browser: setup-browser web/dist/index.html ## run the browser tests alone; ARGS="sign-in --headed" chooses
	cargo build --locked
	cd web && npm run e2e -- $(ARGS)

coverage: web/dist/index.html ## measure which lines the Rust tests reach, with a build of its own; scripts/coverage -p money for some packages
	scripts/coverage

bench: setup ## measure the decision path on this machine, about 35 minutes and 12 GB; ARGS=--quick tries it out, ARGS="--only P4" measures some rows
	cargo build --release --locked
	cargo run --release --locked -p bench -- $(ARGS)

check: setup ## formatting and lints, as strict as a review
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cd web && npm run check

gen: setup ## refresh what is generated from the code: .sqlx, openapi.json and the web app's client
	scripts/gen

screenshots: setup-browser web/dist/index.html ## take docs/screenshots anew
	cargo build --locked
	cd web && npm run screenshots

# Folders too, because a file that is gone makes its folder newer.
web_sources := $(shell find web/src web/public) $(shell find web/scripts web -maxdepth 1 -type f)

web/dist/index.html: $(web_sources) | setup
	cd web && npm run build

setup:
	@scripts/setup

setup-browser:
	@scripts/setup browser
