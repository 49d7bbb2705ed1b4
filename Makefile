# Common tasks. `make` without a target lists them.

PREFIX ?= /usr/local
DESTDIR ?=
# Space-separated options for each swift command: `make build SWIFT_OPTIONS=--jobs=1`.
SWIFT_OPTIONS ?=
# Options for Benchmarks/compare.py: `make bench BENCH_OPTIONS="--only cells"`.
BENCH_OPTIONS ?=

# Duration and data set of `make torture`: `make torture MINUTES=30 DATA=data/animals-10`.
MINUTES ?= 10
DATA ?=
# The oldest processor that `make dist` supports: `make dist MARCH=x86-64-v2`.
MARCH ?=

sweep := .build/release/sweep
# The commit of this build, followed by "+" if the checkout has changes.
commit = $(shell git rev-parse HEAD 2> /dev/null)$(shell git diff --quiet HEAD 2> /dev/null || echo +)

.PHONY: help quickstart train-quickstart publish-quickstart build test bench torture tsan asan bits dist lint format install uninstall packages clean

help:
	@echo "make quickstart  install dependencies, build, draw a small data set, train 12 networks, print the report"
	@echo "make build       install dependencies and build $(sweep)"
	@echo "make test        install dependencies, lint, build and run the tests"
	@echo "make bench       compare speed with PyTorch, which is installed into .venv (takes hours)"
	@echo "make torture     kill sweeps at random for 10 minutes and compare the results with an uninterrupted run"
	@echo "make tsan        train under ThreadSanitizer with 1, 2 and 3 threads and compare the results"
	@echo "make asan        run the tests of kernels and of random networks under AddressSanitizer"
	@echo "make bits        train with builds for several processors and vector widths and compare the results"
	@echo "make dist        package one executable for other machines in dist/"
	@echo "make man         make the manual pages that make install installs"
	@echo "make install     install sweep and its shell completions under PREFIX ($(PREFIX))"
	@echo "make uninstall   remove the installed files"
	@echo "make lint        check the formatting of the sources"
	@echo "make format      format the sources"
	@echo "make clean       remove build products"

packages:
	@scripts/install-packages

build: packages
	SWEEP_COMMIT="$(commit)" swift build -c release --product sweep $(SWIFT_OPTIONS)

# Manual pages, which `make install` installs if they are there.
man: build
	SWEEP_COMMIT="$(commit)" swift package $(SWIFT_OPTIONS) plugin generate-manual --multi-page

train-quickstart: build
	test -d data/quickstart || $(sweep) data synth data/quickstart
	$(sweep) run experiments/quickstart.json

quickstart: train-quickstart
	$(sweep) report --experiment quickstart
	$(sweep) verify results/published/quickstart --store results/sweep.sqlite

# Replaces the published results of the quickstart.
publish-quickstart: train-quickstart
	$(sweep) export --experiment quickstart --record results/published/quickstart

test: packages lint
	swift build --build-tests $(SWIFT_OPTIONS)
	swift test --skip-build $(SWIFT_OPTIONS)
	@echo "decoding again, without the SIMD code of libjpeg-turbo"
	JSIMD_FORCENONE=1 swift test --skip-build $(SWIFT_OPTIONS) --filter 'DecodingTests|RealDataTests'

bench: build
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet --requirement Benchmarks/requirements.txt
	.venv/bin/python Benchmarks/compare.py $(BENCH_OPTIONS)

torture: build
	scripts/torture $(sweep) $(MINUTES) $(DATA)

tsan: packages
	scripts/tsan

asan: packages
	scripts/asan

bits: packages
	scripts/bits $(DATA)

dist: packages
	SWEEP_COMMIT="$(commit)" MARCH="$(MARCH)" SWIFT_OPTIONS="$(SWIFT_OPTIONS)" scripts/dist

lint:
	swift-format lint --strict --parallel --recursive Package.swift Sources Tests

format:
	swift-format format --in-place --parallel --recursive Package.swift Sources Tests

# Does not build, so that root does not own the build folder: run `make build`, then `sudo make install`.
install:
	@test -x $(sweep) || { echo "$(sweep) is not built: run \`make build\` first" >&2; exit 1; }
	install -d $(DESTDIR)$(PREFIX)/bin \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d \
	  $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(sweep) $(DESTDIR)$(PREFIX)/bin/sweep
	$(sweep) --generate-completion-script bash \
	  > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sweep
	$(sweep) --generate-completion-script zsh \
	  > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sweep
	$(sweep) --generate-completion-script fish \
	  > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sweep.fish
	for page in .build/plugins/GenerateManual/outputs/sweep/*.1; do \
	  test -f "$$page" || continue; \
	  name=$$(basename "$$page" .1 | tr . -); \
	  install -m 644 "$$page" "$(DESTDIR)$(PREFIX)/share/man/man1/$$name.1"; \
	done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/share/man/man1/sweep.1 $(DESTDIR)$(PREFIX)/share/man/man1/sweep-*.1
	rm -f $(DESTDIR)$(PREFIX)/bin/sweep \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sweep \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sweep \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sweep.fish

clean:
	rm -rf .build .build-bits .build-dist dist
