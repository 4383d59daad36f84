# make run and make test need Go, make and git; the rest installs what it needs
# into .tools.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
TOOLS := $(CURDIR)/.tools
LINT := $(TOOLS)/golangci-lint-v2.15.0
OUT ?= $(CURDIR)/out
SCAMTRACE_DATA ?= $(abspath $(CURDIR)/../shared/data)
export SCAMTRACE_DATA
# The race detector needs a C compiler; without one the tests run without it.
RACE := $(shell command -v gcc >/dev/null 2>&1 || command -v clang >/dev/null 2>&1 && echo -race)
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
BUILD := CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)"

.PHONY: help build run test check format lint bench fuzz golden clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

build: ## the program, as bin/scamtrace, one static file
	$(BUILD) -o bin/scamtrace ./cmd/scamtrace

run: build ## the main job on the bundled demo
	@rm -rf $(OUT)/demo
	@go run ./internal/chaintest/cmd/democompound -out $(OUT)/demo
	@bin/scamtrace run -c configs/demo.yaml --set out=$(OUT)/tables \
		--set seeds=$(OUT)/demo/seeds.csv --set labels=$(OUT)/demo/labels.yaml \
		--source ethereum=dataset:$(OUT)/demo/ethereum --source bitcoin=dataset:$(OUT)/demo/bitcoin

test: ## all tests
	CGO_ENABLED=$(if $(RACE),1,0) go test $(RACE) -shuffle=on -timeout 20m ./...

check: format lint test ## format, lint with the layers, tests

format: $(LINT) ## gofumpt and import order; fails when a file changes
	@$(LINT) fmt --diff ./... >/dev/null || { $(LINT) fmt ./...; echo "format: files were changed, look at git diff"; exit 1; }

lint: $(LINT) ## golangci-lint, with the layers held by depguard
	$(LINT) run ./...
	@go mod tidy -diff

$(LINT):
	@echo "building golangci-lint (once, some minutes)"
	@mkdir -p $(TOOLS)
	@GOBIN=$(TOOLS) GOFLAGS= go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@mv $(TOOLS)/golangci-lint $(LINT)

clean: ## what was built and written
	rm -rf bin out
