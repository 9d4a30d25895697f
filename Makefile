# SPDX-License-Identifier: MIT
#
# make          build, or say what is missing and how to get it
# make chat     install what is missing from Debian's packages, build, talk
# make web      likewise, and serve the website's demonstration at http://127.0.0.1:8080/demo
# make test     the same, then every test
# make check    the quick tests, for every edit; SAN=address,undefined or SAN=thread builds them with sanitizers
# make fuzz     fuzz each target for FUZZ_SECONDS (60); make bench: measure; make format
# make install  into PREFIX (/usr/local) below DESTDIR; make uninstall; make readme: what README.md shows, run again

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
SAN ?=
comma := ,
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
BUILD := build$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(findstring clang,$(CC)),-clang)

LIBS_CORE := libpcre2-8 jansson libutf8proc sqlite3 libxxhash
LIBS_stdin := libedit libutf8proc jansson
LIBS_web := libmicrohttpd gnutls jansson
LIBS_matrix := libcurl jansson libutf8proc
LIBS_TEST := cmocka
NEEDED := gcc make pkg-config libpcre2-dev libjansson-dev libutf8proc-dev libedit-dev libsqlite3-dev libxxhash-dev libmicrohttpd-dev libgnutls28-dev \
	libcurl4-openssl-dev
NEEDED_TEST := libcmocka-dev python3 python3-venv libfaketime libnss-wrapper clang libclang-rt-dev valgrind tmux mandoc systemd nginx-light esbuild chromium $(if $(shell command -v npm),,npm)

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
ifneq ($(CI)$(WERROR),)
WARNINGS += -Werror
endif
OPTIMIZE ?= -O2
HARDEN := $(if $(SAN),,-D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection)
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
FAQD_CFLAGS = -std=c11 -D_GNU_SOURCE -g $(OPTIMIZE) $(WARNINGS) $(HARDEN) $(SANITIZE) -MMD -MP \
	-ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(BUILD)=build -iquotesrc -DFAQD_VERSION='"$(VERSION)"' $(CFLAGS)
FAQD_LDFLAGS = -Wl,--build-id $(SANITIZE) $(if $(SAN),,-Wl,-z,relro$(comma)-z,now$(comma)-z,noexecstack) $(LDFLAGS)

SOURCES := $(sort $(wildcard src/*.c))
CORE := $(filter-out src/main.c src/cmd_%.c src/options.c,$(SOURCES))
PLUGINS := $(sort $(notdir $(patsubst %/,%,$(wildcard plugins/*/))))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

# What pkg-config does not find is missing; empty if all is there.
MISSING := $(shell for tool in $(firstword $(CC)) pkg-config; do \
	  command -v $$tool >/dev/null || printf '%s ' $$tool; done; \
	for lib in $(LIBS_CORE) $(LIBS_stdin) $(LIBS_web) $(LIBS_matrix); do pkg-config --exists $$lib 2>/dev/null || printf '%s ' $$lib; done)

.PHONY: all chat web test check fuzz bench format install uninstall clean deps deps-test ready
all: ready
	$(Q)$(MAKE) --no-print-directory build

.PHONY: build
build: $(BUILD)/faqd $(PLUGINS:%=$(BUILD)/plugins/%.so) $(if $(findstring fuzzer,$(SAN)),,$(BUILD)/images.made)
	@:

ready:
ifneq ($(strip $(MISSING)),)
	@printf 'faqd: missing: %s\nGet them as root with:\n  apt-get install %s\n' \
	  '$(strip $(MISSING))' '$(NEEDED)' >&2; exit 1
else
	@:
endif

# $(call install,PACKAGES): what dpkg does not know yet.
define install
	@want=$$(for p in $(1); do \
	    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || printf '%s ' $$p; done); \
	[ -z "$$want" ] && exit 0; \
	if ! command -v apt-get >/dev/null; then \
	    printf 'faqd: missing: %s\nThese are names of Debian; there is no apt-get here: install what holds them.\n' "$$want" >&2; exit 1; fi; \
	if [ "$$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as='sudo -n'; else \
	    printf 'faqd: missing packages: %s\nInstall them as root:\n  apt-get install %s\n' "$$want" "$$want" >&2; exit 1; fi; \
	echo "faqd: installing $$want"; log=$$(mktemp) || exit 1; \
	$$as env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -q && apt-get install -q -y --no-install-recommends $$want" \
	    > "$$log" 2>&1 || { cat "$$log" >&2; rm -f "$$log"; exit 1; }; \
	rm -f "$$log"
endef

deps:
	$(if $(strip $(MISSING)),$(call install,$(NEEDED)))
deps-test:
	$(call install,$(if $(strip $(MISSING)),$(NEEDED)) $(NEEDED_TEST))

chat: deps
	$(Q)$(MAKE) --no-print-directory all
	@exec $(BUILD)/faqd chat

web: deps
	$(Q)$(MAKE) --no-print-directory all
	@echo 'faqd: look at http://127.0.0.1:8080/demo and http://127.0.0.1:8080/chat; Ctrl-C ends it'
	@exec $(BUILD)/faqd run -c src/dist/faqd-web.json.example

test: deps-test
	$(Q)$(MAKE) --no-print-directory ready build tests
	@BUILD='$(BUILD)' exec tests/run

check: ready
	$(Q)$(MAKE) --no-print-directory build tests
	@SAN='$(SAN)' BUILD='$(BUILD)' exec tests/run quick

# ---- the program ----
$(BUILD)/obj/%.o: %.c Makefile
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(FAQD_CFLAGS) -fPIE -c $< -o $@

$(BUILD)/libfaqd.a: $(CORE:%.c=$(BUILD)/obj/%.o)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/faqd: $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out $(CORE),$(SOURCES))) $(BUILD)/libfaqd.a
	$(call say,LD,$@)
	$(Q)$(CC) -pie $(FAQD_LDFLAGS) $^ -o $@ $$(pkg-config --libs $(LIBS_CORE)) -ldl -lm -lpthread

# ---- the website's files, put into its plugin ----
ASSETS := $(sort $(wildcard plugins/web/assets/*))
MADE_web := $(BUILD)/web/assets.o

$(BUILD)/web/assets.c: plugins/web/embed $(ASSETS)
	$(call say,EMBED,$@)
	@mkdir -p $(@D)
	$(Q)plugins/web/embed $@ $(ASSETS)

$(BUILD)/web/assets.o: $(BUILD)/web/assets.c
	$(Q)$(CC) $(FAQD_CFLAGS) -fPIC -fvisibility=hidden -Iplugins/web -c $< -o $@

# ---- the plugins: every folder of plugins/ is one ----
$(BUILD)/pic/%.o: %.c Makefile
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(FAQD_CFLAGS) -fPIC -fvisibility=hidden $$(pkg-config --cflags $(LIBS_$(word 2,$(subst /, ,$*))) 2>/dev/null) \
	    -c $< -o $@

# What they share: the linker takes what a plugin uses of it.
SHARED := $(wildcard plugins/*.c) src/near.c

$(BUILD)/pic/shared.a: $(SHARED:%.c=$(BUILD)/pic/%.o)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

define plugin
$(BUILD)/plugins/$(1).so: $(patsubst %.c,$(BUILD)/pic/%.o,$(sort $(wildcard plugins/$(1)/*.c))) $(MADE_$(1)) $(BUILD)/pic/shared.a
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -shared $$(FAQD_LDFLAGS) $$^ -o $$@ $(if $(LIBS_$(1)),$$$$(pkg-config --libs $(LIBS_$(1)))) -lpthread
endef
$(foreach p,$(PLUGINS),$(eval $(call plugin,$(p))))

# ---- the shipped packs as images, which the first start maps instead of reading JSON. A pack's folder is newer when a
# file came or went. Content that is refused (78) is an error; where the program cannot be run there are no images, and it
# works without. It is not tried on another kind of machine (an ELF file's e_machine), where a shell takes it for a script,
# nor in a build for fuzzing, whose plugins ask for what only a fuzz target has ----
PACKS := $(sort $(patsubst intents/%/pack.json,%,$(wildcard intents/*/pack.json)))

$(BUILD)/images.made: $(BUILD)/faqd $(PACKS:%=intents/%) $(foreach p,$(PACKS),$(wildcard intents/$(p)/*.json)) \
    | $(PLUGINS:%=$(BUILD)/plugins/%.so)
	$(call say,IMAGE,$(BUILD)/images)
	$(Q)rm -rf $(BUILD)/images && : > $@
	$(Q)s=1; ! cmp -s -n 2 $(BUILD)/faqd /bin/sh 18 18 || \
	    { $(abspath $(BUILD)/faqd) compile $(PACKS:%=intents/%) --into $(BUILD)/images > $@; s=$$?; }; \
	[ $$s = 0 ] && exit; rm -rf $(BUILD)/images; [ $$s != 78 ] || { rm -f $@; exit 1; }; \
	echo 'faqd: no images were made: the first start of each user reads the pack'

# ---- the tests' programs: each tests/unit/test_*.c with the helpers beside it; plugins for the packs of the tests ----
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
UNIT_HELP := $(filter-out tests/unit/test_%.c,$(wildcard tests/unit/*.c))
PLUGINS_TEST := $(basename $(wildcard tests/plugins/*.c tests/bad/plugins/*.c))

.PHONY: tests
tests: $(UNIT:%=$(BUILD)/tests/unit/%) $(PLUGINS_TEST:%=$(BUILD)/%.so)
	@:

$(BUILD)/tests/unit/help.a: $(UNIT_HELP:%.c=$(BUILD)/obj/%.o) $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard plugins/*.c))
	$(call say,AR,$@)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^

# test_web_oom drives the website's connector, which is linked into it, but for web.c, which it includes.
$(BUILD)/tests/unit/test_web_oom: UNIT_LIBS := $(LIBS_web)
$(BUILD)/tests/unit/test_web_oom: $(patsubst %.c,$(BUILD)/pic/%.o,$(filter-out %/web.c,$(wildcard plugins/web/*.c))) \
    $(MADE_web) $(BUILD)/pic/shared.a

$(UNIT:%=$(BUILD)/tests/unit/%): $(BUILD)/%: $(BUILD)/obj/%.o $(BUILD)/tests/unit/help.a $(BUILD)/libfaqd.a
	$(call say,LD,$@)
	$(Q)$(CC) -pie $(FAQD_LDFLAGS) $^ -o $@ \
	    $$(pkg-config --libs $(LIBS_TEST) $(LIBS_CORE) $(LIBS_stdin) $(UNIT_LIBS)) -ldl -lm -lpthread

$(PLUGINS_TEST:%=$(BUILD)/%.so): $(BUILD)/%.so: $(BUILD)/pic/%.o
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -shared $(FAQD_LDFLAGS) $^ -o $@

# ---- fuzz targets: each of tests/fuzz/*.c but its helpers. clang's libFuzzer looks for inputs (make fuzz), replay.c tries
# those of tests/fuzz/corpus (tests/run; make fuzz-replay: with gcc's sanitizers). FUZZ_SAN= fuzzes without sanitizers ----
FUZZ_SECONDS ?= 60
FUZZ_SAN ?= address,undefined
FUZZ_HELP := fuzz vetted
FUZZ ?= $(filter-out replay $(FUZZ_HELP),$(basename $(notdir $(wildcard tests/fuzz/*.c))))
FUZZ_ENGINE := $(if $(findstring fuzzer,$(SAN)),,$(BUILD)/obj/tests/fuzz/replay.o)

.PHONY: fuzz-build fuzz-run fuzz-replay fuzz-replay-run
fuzz: ready
	$(Q)$(MAKE) --no-print-directory CC=clang OPTIMIZE=-O2 SAN=fuzzer-no-link$(FUZZ_SAN:%=$(comma)%) \
	    BUILD=$(BUILD)-fuzz$(if $(FUZZ_SAN),,-fast CFLAGS=-fno-sanitize-coverage=trace-cmp) fuzz-run

fuzz-replay: ready
	$(Q)$(MAKE) --no-print-directory SAN=address,undefined BUILD=$(BUILD)-address-undefined fuzz-replay-run

fuzz-build: build $(FUZZ:%=$(BUILD)/fuzz/%)
tests: $(FUZZ:%=$(BUILD)/fuzz/%)

fuzz-run: fuzz-build
	@tests/fuzz/run $(BUILD) $(FUZZ_SECONDS) $(FUZZ)

fuzz-replay-run: fuzz-build
	@for target in $(FUZZ); do echo "$$target:"; \
	    $(BUILD)/fuzz/$$target tests/fuzz/corpus/$$target 2> $(BUILD)/fuzz/$$target.log || \
	    { tail -60 $(BUILD)/fuzz/$$target.log; exit 1; }; done

# http drives the website's connector, which is linked into it, but for web.c, which it includes.
$(BUILD)/fuzz/http: FUZZ_LIBS := $(LIBS_web)
$(BUILD)/fuzz/http: $(patsubst %.c,$(BUILD)/pic/%.o,$(filter-out %/web.c,$(wildcard plugins/web/*.c))) $(MADE_web) \
    $(BUILD)/pic/shared.a

$(FUZZ:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_HELP:%=$(BUILD)/obj/tests/fuzz/%.o) \
    $(FUZZ_ENGINE) $(BUILD)/libfaqd.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -pie $(FAQD_LDFLAGS) $(if $(FUZZ_ENGINE),,-fsanitize=fuzzer -rdynamic) $^ -o $@ \
	    $$(pkg-config --libs $(LIBS_CORE) $(FUZZ_LIBS)) -ldl -lm -lpthread

# ---- the benchmark: make bench prints its tables; bench-full: with what takes long; bench-count: just the instructions
# that valgrind counts ----
BENCH := $(filter-out tests/bench/count.c,$(wildcard tests/bench/*.c))
# Engines that are measured beside ours if they are there (libhyperscan-dev, libre2-dev); see tests/bench/scale/scale.h
BENCH_PEERS := $(shell for lib in libhs $(if $(shell command -v $(CXX)),re2); do pkg-config --exists $$lib 2>/dev/null && echo $$lib; done)
SCALE := $(filter-out $(if $(filter libhs,$(BENCH_PEERS)),,%/hyperscan.c),$(wildcard tests/bench/scale/*.c)) \
	$(if $(filter re2,$(BENCH_PEERS)),tests/bench/scale/re2.cc) \
	tests/bench/clock.c tests/bench/hostile.c tests/bench/hostile_words.c
SCALE_DEFINES := $(if $(filter libhs,$(BENCH_PEERS)),-DHAVE_HYPERSCAN) $(if $(filter re2,$(BENCH_PEERS)),-DHAVE_RE2)

.PHONY: bench-build bench-count bench-full bench-scale figures
bench: ready
	$(Q)$(MAKE) --no-print-directory bench-build
	@tests/bench/run $(BUILD)

bench-full: ready
	$(Q)$(MAKE) --no-print-directory bench-build
	@tests/bench/run $(BUILD) full

# What README.md shows of the benchmark, and its drawings, measured again
figures: ready
	$(Q)$(MAKE) --no-print-directory bench-build
	@tests/bench/figures $(BUILD)

bench-count: ready
	$(Q)$(MAKE) --no-print-directory bench-build
	@tests/bench/run $(BUILD) count

bench-build: build $(BUILD)/bench/bench $(BUILD)/bench/count bench-scale
bench-scale: $(BUILD)/bench/scale

$(BUILD)/bench/bench: $(BENCH:%.c=$(BUILD)/obj/%.o) $(BUILD)/libfaqd.a
$(BUILD)/bench/count: $(BUILD)/obj/tests/bench/count.o $(BUILD)/libfaqd.a
$(BUILD)/bench/scale: $(patsubst %.cc,$(BUILD)/obj/%.o,$(SCALE:%.c=$(BUILD)/obj/%.o)) $(BUILD)/libfaqd.a
$(BUILD)/obj/tests/bench/scale/%.o: FAQD_CFLAGS += -Itests/bench $(SCALE_DEFINES)
$(BUILD)/obj/%.o: %.cc Makefile
	$(call say,CXX,$<)
	@mkdir -p $(@D)
	$(Q)$(CXX) -std=c++17 -g $(OPTIMIZE) -Wall -Wextra -Itests/bench -MMD -MP -c $< -o $@
$(BUILD)/bench/bench $(BUILD)/bench/count:
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -pie $(FAQD_LDFLAGS) $^ -o $@ $$(pkg-config --libs $(LIBS_CORE)) -ldl -lm -lpthread
$(BUILD)/bench/scale:
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(if $(filter re2,$(BENCH_PEERS)),$(CXX),$(CC)) -pie $(FAQD_LDFLAGS) $^ -o $@ \
	    $$(pkg-config --libs $(LIBS_CORE) $(BENCH_PEERS)) -ldl -lm -lpthread

# ---- make bench-web: the website's connector under load, beside nginx and nlp.js; bench-matrix: the Matrix connector
# beside a bot on an SDK, both on a real homeserver ----
.PHONY: bench-web bench-matrix
bench-matrix: ready
	$(Q)$(MAKE) --no-print-directory build tests
	@BUILD='$(BUILD)' tests/bench/matrix/run

bench-web: ready
	$(Q)$(MAKE) --no-print-directory build $(BUILD)/bench/canned
	@tests/bench/web/run $(BUILD)

$(BUILD)/bench/canned: $(BUILD)/obj/tests/bench/web/canned.o
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -pie $(FAQD_LDFLAGS) $^ -o $@ -ldl -lpthread

# ---- install: the program finds its plugins and packs from where it lies; uninstall goes by the same list ----
# source:place below PREFIX:mode
INSTALLED = $(BUILD)/faqd:bin/faqd:755 \
	$(foreach p,$(PLUGINS),$(BUILD)/plugins/$(p).so:lib/faqd/plugins/$(p).so:755) \
	$(foreach f,$(wildcard intents/*/*.json),$(f):share/faqd/$(f):644) \
	$(foreach p,$(PACKS),$(BUILD)/images/$(p).image:lib/faqd/images/$(p).image:644) \
	src/faqd_plugin.h:include/faqd_plugin.h:644 \
	src/dist/faqd.pc.in:lib/pkgconfig/faqd.pc:644 \
	$(foreach f,faqd.service faqd@.service,src/dist/$(f):lib/systemd/system/$(f):644) \
	src/dist/faqd.1:share/man/man1/faqd.1:644 \
	$(foreach f,faqd-pack.5 faqd.json.5,src/dist/$(f):share/man/man5/$(f):644) \
	src/dist/faqd.bash:share/bash-completion/completions/faqd:644 \
	src/dist/faqd.zsh:share/zsh/site-functions/_faqd:644 \
	src/dist/faqd.fish:share/fish/vendor_completions.d/faqd.fish:644 \
	$(foreach f,README.md LICENSE src/dist/faqd.json.example src/dist/faqd-web.json.example,$(f):share/doc/faqd/$(notdir $(f)):644)
OWN_FOLDERS = lib/faqd/plugins lib/faqd/images lib/faqd $(patsubst %/,share/faqd/%,$(wildcard intents/*/)) share/faqd/intents share/faqd \
	share/doc/faqd

install: all
	@for each in $(INSTALLED); do (IFS=:; set -- $$each; case $$1 in *.image) [ -e "$$1" ] || exit 0;; esac; install -D -m $$3 "$$1" '$(DESTDIR)$(PREFIX)'/"$$2") || exit 1; done
	@sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' src/dist/faqd.pc.in > '$(DESTDIR)$(PREFIX)/lib/pkgconfig/faqd.pc'
	@sed -i 's|/usr/local/|$(PREFIX)/|' $(foreach f,faqd.service faqd@.service,'$(DESTDIR)$(PREFIX)/lib/systemd/system/$(f)')
	$(call say,DONE,$(DESTDIR)$(PREFIX)/bin/faqd)

uninstall:
	@for each in $(INSTALLED); do (IFS=:; set -- $$each; rm -f '$(DESTDIR)$(PREFIX)'/"$$2") || exit 1; done
	@for each in $(OWN_FOLDERS); do rmdir '$(DESTDIR)$(PREFIX)'/"$$each" 2>/dev/null || :; done

.PHONY: readme
readme: ready
	$(Q)$(MAKE) --no-print-directory build
	@BUILD='$(BUILD)' tests/readme

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf build build-*

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
