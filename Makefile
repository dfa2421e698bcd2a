# Two commands do everything: `make run` and `make test`.
# The others are for those who work on Bellwether.

CARGO ?= cargo
NODE_STAMP = ui/node_modules/.package-lock.json
UI = ui/dist/manifest.json
UI_SOURCES = $(shell find ui -name node_modules -prune -o -name dist -prune -o -type f -print)

.PHONY: run test build release dev bench chaos lint fmt check ui clean

# Builds everything and starts one process on http://127.0.0.1:8080 with its data in ./data.
# `--workspace` although one program is wanted: so it shares its parts with the tests.
run: $(UI)
	$(CARGO) build --workspace --bin bellwether --locked
	exec target/debug/bellwether serve

# The build that `make run` and the tests share: dependencies optimised, our own code quick to compile.
build: $(UI)
	$(CARGO) build --workspace --locked

ui: $(UI)

$(NODE_STAMP): ui/package.json ui/package-lock.json
	cd ui && npm ci --no-audit --no-fund
	touch $(NODE_STAMP)

$(UI): $(NODE_STAMP) $(UI_SOURCES)
	cd ui && node build.mjs

# Everything that proves something, without a hand. What had to be left out is listed at the end.
test: $(UI)
	tests/run

# The binary that ships.
release: $(UI)
	$(CARGO) build --release --locked -p bellwether-server
	@ls -l target/release/bellwether

# Rebuilds and restarts when a file changes.
dev: $(UI)
	scripts/dev

# Numbers, with the command and machine that they come from.
bench: release
	bench/run

# The long chaos: `make chaos ARGS="--seed 7 --resume"`.
chaos: $(UI)
	$(CARGO) build --workspace --locked
	target/debug/chaos $(ARGS)

lint: $(UI)
	$(CARGO) fmt --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	$(CARGO) run -q -p xtask --locked -- check
	cd ui && npm run -s check

fmt:
	$(CARGO) fmt

check: lint

clean:
	$(CARGO) clean
	rm -rf ui/dist ui/node_modules
