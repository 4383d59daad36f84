# make run and make test need Go, make and git; the rest installs what it needs
# into .tools.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
TOOLS := $(CURDIR)/.tools
ANVIL := $(TOOLS)/npm/node_modules/@foundry-rs/anvil
LINT := $(TOOLS)/golangci-lint-v2.15.0
DUCKDB := $(TOOLS)/compare/bin/python
# Tests on real data skip what is not there.
SCAMTRACE_DATA ?= $(abspath $(CURDIR)/../shared/data)
export SCAMTRACE_DATA
# The race detector needs a C compiler; without one the tests run without it.
RACE := $(shell command -v gcc >/dev/null 2>&1 || command -v clang >/dev/null 2>&1 && echo -race)
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
FUZZTIME ?= 5s
# Tests and benchmarks with the program itself come last.
tested = $(shell grep -rlE '^func $(1)[A-Z]' --include='*_test.go' internal cmd | xargs -n1 dirname | sort -ru | sed 's|^|./|')

# What has goroutines of its own, or tests that call it from many. The drivers are
# raced through the program, over real nodes; their own tests take minutes under
# the detector.
raced = $(shell grep -rlE '\bgo func|\.Go\b|\b(sync|atomic|errgroup)\.' --include='*.go' cmd internal | \
	grep -vE '^internal/(chaintest|chain/evm|chain/bitcoin)' | xargs -n1 dirname | sort -u | sed 's|^|./|')

.PHONY: help build run test anvil check format lint bench compare score fuzz golden clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

build: ## the program, as bin/scamtrace, one static file
	@CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/scamtrace ./cmd/scamtrace

run: build ## the main job on the bundled demo, from out/demo to out/tables
	@rm -rf out/demo
	@bin/scamtrace synth -q -c configs/demo.yaml --rows 6000 --seed 5 --format csv --out out/demo >&2
	@bin/scamtrace run -c out/demo/case.yaml --out out/tables

test: anvil ## all tests; the shorter ones once more under the race detector
	@CGO_ENABLED=0 go test -shuffle=on -timeout 20m ./...
	@$(if $(RACE),CGO_ENABLED=1 go test -race -short -shuffle=on -timeout 20m $(raced),echo "no C compiler: the race detector was left out")

check: format lint test ## format, lint with the layers, tests

format: $(LINT) ## gofumpt and import order; fails when a file changes
	@$(LINT) fmt --diff ./... >/dev/null || { $(LINT) fmt ./...; echo "format: files were changed, look at git diff"; exit 1; }

lint: $(LINT) ## golangci-lint, with the layers held by depguard
	@$(LINT) run ./...
	@go mod tidy -diff

# One package after the other, so that no benchmark disturbs another.
bench: ## benchmarks, the whole program last; SCAMTRACE_BENCH_ROWS=1000000 for a shorter one
	@for p in $(filter-out ./cmd/%,$(call tested,Benchmark)) ./cmd/scamtrace; do \
		CGO_ENABLED=0 go test -run '^$$' -bench . -benchtime 1x -benchmem -timeout 60m $$p; done

compare: build $(DUCKDB) ## what others published and what their strategies find, beside ours; our Parquet beside DuckDB's
	@CGO_ENABLED=0 go run ./internal/chaintest/cmd/compare -python $(DUCKDB)

# Without python3 or a registry DuckDB is left out of the comparison.
$(DUCKDB):
	@! command -v python3 >/dev/null || { python3 -m venv $(TOOLS)/compare && \
		$@ -m pip install --quiet --disable-pip-version-check duckdb==1.5.6; } || { rm -rf $(TOOLS)/compare; echo "no DuckDB: it is left out" >&2; }

score: build ## how good it is, against the truth; fails where the README's table was better, KEEP=-update keeps the new one
	@CGO_ENABLED=0 go run ./internal/chaintest/cmd/score $(KEEP)

fuzz: ## every fuzz target for FUZZTIME (5s)
	@for p in $(call tested,Fuzz); do \
		for f in $$(grep -rhoE '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' --exclude-dir=testdata $$p/*_test.go | cut -c6-); do \
			echo "$$p $$f"; CGO_ENABLED=0 go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p; done; done

golden: ## write the files anew that tests compare with; look at git diff after
	@go test ./internal/config -update
	@go test ./internal/synth/scenario -run Example -update
	@UPDATE_SCRIPTS=1 go test ./cmd/scamtrace -run 'TestScripts|TestReadme'

# Without npm or a registry the tests that need it are skipped.
anvil: ## a second real EVM server for the tests, where npm is installed
	@test -d $(ANVIL) || ! command -v npm >/dev/null || \
		npm install --silent --no-audit --no-fund --prefix $(TOOLS)/npm @foundry-rs/anvil@1.7.1 || echo "no anvil: its tests are skipped"

$(LINT):
	@echo "building golangci-lint (once, some minutes)"
	@mkdir -p $(TOOLS)
	@GOBIN=$(TOOLS) GOFLAGS= go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@mv $(TOOLS)/golangci-lint $(LINT)

clean: ## what was built, and the demo; archives of servers' answers stay
	@rm -rf bin out/demo out/tables
