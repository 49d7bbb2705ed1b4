# What people do with this repository. `make` alone lists it.

PREFIX ?= /usr/local
DESTDIR ?=
# Space-separated options for every swift command, `make build SWIFT_OPTIONS=--jobs=1`.
SWIFT_OPTIONS ?=
# Options for Benchmarks/compare.py, `make bench BENCH_OPTIONS="--only cells"`.
BENCH_OPTIONS ?=

# How long and on which images `make torture` runs, `make torture MINUTES=30 DATA=data/animals-10`.
MINUTES ?= 10
DATA ?=
# The oldest processor that `make dist` builds for, `make dist MARCH=x86-64-v4`.
MARCH ?=

sweep := .build/release/sweep
# The commit that the program is built from, "+" after it where the checkout has changes.
commit = $(shell git rev-parse HEAD 2> /dev/null)$(shell git diff --quiet HEAD 2> /dev/null || echo +)

.PHONY: help quickstart build test bench torture tsan dist lint format install uninstall packages clean

help:
	@echo "make quickstart  install what is missing, build, draw a small data set, train 12 networks, report"
	@echo "make build       install what is missing and build $(sweep)"
	@echo "make test        install what is missing, lint, build and run the tests"
	@echo "make bench       build, install PyTorch into .venv, measure both side by side: takes hours"
	@echo "make torture     kill sweeps at random for 10 minutes, compare what is left with a clean run's"
	@echo "make tsan        train under ThreadSanitizer with 1, 2 and 3 threads, alone and in company, compare the bytes"
	@echo "make dist        pack one executable for other machines into dist/"
	@echo "make install     put sweep and its shell completions under PREFIX ($(PREFIX))"
	@echo "make uninstall   take them away again"
	@echo "make lint        check the style of the sources"
	@echo "make format      mend it"
	@echo "make clean       remove what was built"

packages:
	@scripts/install-packages

build: packages
	SWEEP_COMMIT="$(commit)" swift build -c release --product sweep $(SWIFT_OPTIONS)

quickstart: build
	test -d data/quickstart || $(sweep) data synth data/quickstart
	$(sweep) run experiments/quickstart.json
	$(sweep) report --experiment quickstart

test: packages lint
	swift build --build-tests $(SWIFT_OPTIONS)
	swift test --skip-build $(SWIFT_OPTIONS)

bench: build
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet --requirement Benchmarks/requirements.txt
	.venv/bin/python Benchmarks/compare.py $(BENCH_OPTIONS)

torture: build
	scripts/torture $(sweep) $(MINUTES) $(DATA)

tsan: packages
	scripts/tsan

dist: packages
	SWEEP_COMMIT="$(commit)" MARCH="$(MARCH)" SWIFT_OPTIONS="$(SWIFT_OPTIONS)" scripts/dist

lint:
	swift-format lint --strict --parallel --recursive Package.swift Sources Tests

format:
	swift-format format --in-place --parallel --recursive Package.swift Sources Tests

# Installing as root must not build as root: build first, then `sudo make install`.
install:
	@test -x $(sweep) || { echo "$(sweep) is not built: run \`make build\` first" >&2; exit 1; }
	install -d $(DESTDIR)$(PREFIX)/bin \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 $(sweep) $(DESTDIR)$(PREFIX)/bin/sweep
	$(sweep) --generate-completion-script bash \
	  > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sweep
	$(sweep) --generate-completion-script zsh \
	  > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sweep
	$(sweep) --generate-completion-script fish \
	  > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sweep.fish

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/sweep \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sweep \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sweep \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sweep.fish

clean:
	rm -rf .build .build-dist dist
