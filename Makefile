# Everything a change must pass. `make check` is what CI runs (.ci/run installs what it needs first).

GO          ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: check format vet static test fuzz bench screens demo build

check: format vet static test

format:
	@wrong=$$(gofmt -l .); if [ -n "$$wrong" ]; then echo "not gofmt-ed:"; echo "$$wrong"; exit 1; fi

vet:
	$(GO) vet ./...
	$(GO) vet -tags measure ./names ./linkage ./places

# Run by version, so that the tool never enters go.mod.
static:
	$(GO) run $(STATICCHECK) ./...

# The floors, the catalogs, the data, both databases and the pages in a browser are all tests.
# Some of them wait for the browser, so that three packages run side by side on two processors.
# HOMEWARD_REQUIRE_ALL=1 turns a missing PostgreSQL or chromium from a skipped test into a failure.
test:
	$(GO) test -timeout 20m -p 3 ./...

# Each parser, for a short while. FUZZTIME=5m make fuzz for longer.
FUZZTIME ?= 20s
fuzz:
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

# The numbers of docs/benchmarks.md.
bench:
	$(GO) run ./internal/bench

# The pictures of docs/screens.
screens:
	$(GO) test ./internal/web/desk -run TestScreens -update-screens

demo:
	$(GO) run ./cmd/homeward demo

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o homeward ./cmd/homeward
