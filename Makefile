# make            build/grader
# make demo       set up, build, and grade samples of the three exercises
# make test       set up, build, run every test
# make check      format, layers and static analysis
# make format     lays the sources out as make check wants them
# make sanitize   the unit tests under AddressSanitizer and UBSan
# make fuzz       every reader of outside data under libFuzzer (needs clang)
#                 FUZZ_RUNS=10000000 FUZZ_TIME=900 FUZZ_TARGETS="trace calls"
# make soak       long campaigns
# make test-slurm a class as an array of jobs of a real Slurm, of one node
# make bench      what a run costs
# make gradescope EXERCISE=tickets   an autograder to upload
# make docs       the examples of all formats in docs/, made anew
# make po         brings the translations up to the texts in the sources
# make schema     rules and kinds of events in the schemas, from their tables
# make install    PREFIX=/usr/local DESTDIR=
#
# V=1 shows the commands; VARIANT names the folder below build/.

VARIANT ?= release
PREFIX ?= /usr/local
V ?= 0
CC = gcc
SHELL = /bin/bash
CLANG_FORMAT ?= clang-format-14
VERSION = 0.1.0

B = build/$(VARIANT)
ifeq ($(V),0)
Q = @
say = @printf '  %-7s %s\n' $(1) $(2)
endif

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wvla -Wundef \
	-Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual \
	-Wwrite-strings -Wimplicit-fallthrough -Wnull-dereference -Wconversion \
	-Wno-sign-conversion
ifneq ($(CI),)
WARNINGS += -Werror
endif
HARDENING = -fstack-protector-strong -fstack-clash-protection -fPIE \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
OPTIMISE ?= -O2 -g
CPPFLAGS_ALL = -D_GNU_SOURCE= -DGRADER_VERSION='"$(VERSION)"' \
	-Isandbox -I. -isystem /usr/include/libxml2 $(CPPFLAGS)
CFLAGS_ALL = -std=gnu11 $(OPTIMISE) $(HARDENING) $(WARNINGS) $(CFLAGS)
LDFLAGS_ALL = -pie -Wl,-z,relro,-z,now $(LDFLAGS)
LIBRARIES = -lseccomp -lcjson -lpcre2-8 -lcrypto -lutf8proc -lxml2 -lsqlite3 \
	-larchive -ldw -lelf -lrt -lm -pthread

SOURCES = $(wildcard sandbox/*.c sandbox/*/*.c grader/*.c grader/*/*.c)
OBJECTS = $(SOURCES:%.c=$(B)/obj/%.o) $(B)/obj/sandbox/hooks/object.o \
	$(B)/obj/grader/report/page.o \
	$(B)/obj/grader/skeleton.o
LIBRARY_OBJECTS = $(filter-out $(B)/obj/grader/main.o,$(OBJECTS))
HEADERS = $(wildcard sandbox/*.h sandbox/*/*.h sandbox/hooks/guest/*.h \
	grader/*.h grader/*/*.h)
UNIT_SOURCES = $(wildcard tests/unit/test_*.c)
UNIT_TESTS = $(UNIT_SOURCES:tests/unit/%.c=$(B)/tests/%)
UNIT_OBJECTS = $(UNIT_SOURCES:%.c=$(B)/obj/%.o)
FUZZ_SOURCES = $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_SHARED = $(B)/obj/tests/fuzz/tracee.o
FUZZ_REPLAYS = $(FUZZ_SOURCES:tests/fuzz/%.c=$(B)/tests/%)
FUZZERS = $(FUZZ_SOURCES:tests/fuzz/%.c=$(B)/%)
FUZZ_OBJECTS = $(FUZZ_SOURCES:%.c=$(B)/obj/%.o) $(FUZZ_SHARED) \
	$(B)/obj/tests/fuzz/replay.o
CATALOGUES = $(patsubst po/%.po,build/locale/%/LC_MESSAGES/grader.mo,\
	$(wildcard po/zh_*.po))
MAN_PAGES = $(patsubst man/%.scd,build/man/%,$(wildcard man/*.scd))
OUR_C = $(SOURCES) $(GUEST_SOURCES) $(HEADERS) $(wildcard tests/unit/*.c tests/unit/*.h \
	tests/bench/*.c tests/fuzz/*.c tests/fuzz/*.h \
	tests/attacks/runner/*.[ch] tests/attacks/*.[ch])

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all setup-build gradescope demo test test-slurm unit-tests check format \
	format-check layers analyze tidy cppcheck sanitize fuzz fuzzers soak bench \
	schema docs docs-check po po-check man install uninstall clean setup force

all: build/grader compile_commands.json

build/grader: $(B)/grader $(CATALOGUES)
	$(Q)ln -f $< $@

$(B)/grader: $(OBJECTS) $(B)/flags
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(OBJECTS) $(LIBRARIES)

# What grader says in other languages.
build/locale/%/LC_MESSAGES/grader.mo: po/%.po
	$(call say,PO,$<)
	$(Q)mkdir -p $(@D)
	$(Q)msgfmt --check --output-file=$@ $<

# Changes when the flags do, and only then, so that all is built again.
$(B)/flags: force
	$(Q)mkdir -p $(B)
	$(Q)echo '$(CC) $(subst ','\'',$(CPPFLAGS_ALL) $(CFLAGS_ALL) \
		$(LDFLAGS_ALL) $(LIBRARIES)) $(words $(OBJECTS))' >$@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(B)/obj/%.o: %.c $(B)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# What students' programs are linked with: no part of grader itself.
GUEST_SOURCES = $(wildcard sandbox/hooks/guest/*.c)
GUEST_OBJECTS = $(GUEST_SOURCES:%.c=$(B)/guest/%.o)
GUEST_FLAGS = -std=gnu11 -O2 -fno-builtin -fno-stack-protector -fno-pie \
	-U_FORTIFY_SOURCE $(WARNINGS) -Wno-missing-prototypes -Isandbox
$(B)/guest/%.o: %.c $(B)/flags
	$(call say,GUEST,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(GUEST_FLAGS) -MMD -MP -c -o $@ $<

$(B)/guest/hooks.o: $(GUEST_OBJECTS)
	$(Q)ld -r -o $@ $^

$(B)/obj/sandbox/hooks/object.o: sandbox/hooks/object.S $(B)/guest/hooks.o
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -DHOOKS_OBJECT='"$(B)/guest/hooks.o"' -c -o $@ $<

# What the page of a report is made with.
$(B)/obj/grader/report/page.o: grader/report/page.S \
		$(wildcard grader/report/page/*)
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -DPAGE_CSS='"grader/report/page/page.css"' \
		-DPAGE_JS='"grader/report/page/page.js"' -c -o $@ $<

# What grader new-exercise makes; the folders are there for files that go.
$(B)/obj/grader/skeleton.S: scripts/embed $(shell find grader/skeleton)
	$(Q)mkdir -p $(@D)
	$(Q)bash scripts/embed grader/skeleton skeleton_files >$@

$(B)/obj/grader/skeleton.o: $(B)/obj/grader/skeleton.S
	$(call say,AS,$<)
	$(Q)$(CC) -c -o $@ $<

$(B)/tests/%: $(B)/obj/tests/unit/%.o $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES) -lcriterion

# A fuzz target without a fuzzer: goes through its corpus.
$(B)/tests/fuzz_%: $(B)/obj/tests/fuzz/fuzz_%.o $(B)/obj/tests/fuzz/replay.o \
		$(FUZZ_SHARED) $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

# The attacks, and what must come of each: tests/attacks/table.
ATTACKS_SOURCES = $(wildcard tests/attacks/runner/*.c)
ATTACKS_OBJECTS = $(ATTACKS_SOURCES:%.c=$(B)/obj/%.o)
$(B)/attacks: $(ATTACKS_OBJECTS) $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

COMPILE = $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c
compile_commands.json: export COMPILE_TEXT = $(COMPILE)
compile_commands.json: Makefile $(SOURCES)
	$(Q)text=$${COMPILE_TEXT//\"/\\\"}; for source in $(SOURCES); do \
		printf '{"directory": "%s", "file": "%s", "command": "%s"},\n' \
		"$(CURDIR)" "$$source" "$$text $$source"; \
	done | sed '1s/^/[/; $$s/,$$/]/' >$@

setup:
	@bash scripts/setup

# For who only wants to run it: a step of continuous integration, an image.
setup-build:
	@bash scripts/setup scripts/packages-run
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) build/grader

# The autograder of an exercise for Gradescope: make gradescope EXERCISE=tickets
gradescope:
	$(Q)bash scripts/make-gradescope $(EXERCISE) \
		build/gradescope/$(EXERCISE).zip

demo: setup
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) build/grader
	$(Q)bash scripts/demo

test: setup
	@bash scripts/setup scripts/packages-page || \
		echo "without them no browser looks at the pages"
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all unit-tests
	$(Q)bash scripts/run-tests $(B)

# Small programs that the engine's test runs natively and traced.
TRACEES = $(patsubst tests/tracees/%.c,$(B)/tracees/%,$(wildcard tests/tracees/*.c))
$(B)/tracees/%: tests/tracees/%.c tests/tracees/tracee.h
	$(call say,TRACEE,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O0 -g -static -pthread -o $@ $<

unit-tests: $(UNIT_TESTS) $(TRACEES) $(FUZZ_REPLAYS) $(B)/attacks \
	$(B)/event_table

check:
	@bash scripts/setup scripts/packages scripts/packages-check
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) format-check layers \
		po-check docs-check analyze tidy cppcheck

format:
	$(Q)$(CLANG_FORMAT) -i $(OUR_C)

format-check:
	$(call say,FORMAT,"$(words $(OUR_C)) files")
	$(Q)$(CLANG_FORMAT) --dry-run -Werror $(OUR_C)

layers: $(LIBRARY_OBJECTS)
	$(call say,LAYERS,sandbox grader)
	$(Q)bash scripts/check-layers
	$(Q)bash scripts/check-style

po:
	$(Q)bash scripts/update-po

po-check:
	$(call say,PO,"every text translated")
	$(Q)bash scripts/check-po

analyze:
	$(Q)$(MAKE) --no-print-directory VARIANT=analyze \
		CFLAGS='-fanalyzer -Werror $(CFLAGS)' build/analyze/objects

build/analyze/objects: $(OBJECTS)
	$(Q)touch $@

# Off: memcpy_s() does not exist here; cert-err33-c wants every printf()
# looked at, and main() looks at stdout once; cert-err34-c forbids sscanf(),
# which here reads what the kernel wrote; the sizes of constants such as
# 1024 * 1024 fit an int, and sizeof(pointer) is meant where it stands.
TIDY = -*,bugprone-*,cert-*,clang-analyzer-*,-clang-analyzer-unix.Malloc,$\
	-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,$\
	-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,$\
	-bugprone-sizeof-expression,-bugprone-suspicious-string-compare,$\
	-bugprone-implicit-widening-of-multiplication-result,$\
	-cert-err33-c,-cert-err34-c,-cert-dcl37-c,-cert-dcl51-cpp
tidy: $(SOURCES:%=build/tidy/%.ok) $(GUEST_SOURCES:%=build/tidy/%.ok)
build/tidy/%.ok: % $(HEADERS)
	$(call say,TIDY,$<)
	$(Q)mkdir -p $(@D)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' \
		--checks='$(TIDY)' \
		$< -- -std=gnu11 $(CPPFLAGS_ALL) 2>/dev/null
	$(Q)touch $@

cppcheck:
	$(call say,CPPCHECK,"$(words $(SOURCES) $(GUEST_SOURCES)) files")
	$(Q)cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
		--enable=warning,portability,performance \
		--suppress=missingIncludeSystem -Isandbox -I. \
		$(SOURCES) $(GUEST_SOURCES)

# The checks that UBSan adds for null make gcc warn of formats that might be.
sanitize:
	$(Q)$(MAKE) --no-print-directory VARIANT=sanitize \
		OPTIMISE='-O1 -g -fsanitize=address,undefined \
		-fno-omit-frame-pointer' HARDENING=-fPIE \
		CFLAGS='-Wno-format-overflow -Wno-format-truncation $(CFLAGS)' \
		unit-tests
	$(Q)bash scripts/run-sanitized build/sanitize

# Comparisons are not traced: it costs half of the speed, and the strings are
# seen all the same.
FUZZ_CLANG ?= clang
FUZZ_SANITIZERS = address,undefined
fuzz:
	@bash scripts/setup scripts/packages scripts/packages-fuzz
	$(Q)$(MAKE) --no-print-directory VARIANT=fuzz CC=$(FUZZ_CLANG) \
		OPTIMISE='-O2 -g -fsanitize=$(FUZZ_SANITIZERS),fuzzer-no-link \
		-fno-sanitize-recover=undefined -fno-omit-frame-pointer \
		-fno-sanitize-coverage=trace-cmp' HARDENING=-fPIE \
		CFLAGS='-Wno-format-nonliteral -Wno-string-conversion \
		$(CFLAGS)' fuzzers
	$(Q)bash scripts/fuzz build/fuzz

fuzzers: $(FUZZERS)
$(B)/fuzz_%: $(B)/obj/tests/fuzz/fuzz_%.o $(FUZZ_SHARED) $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) \
		-fsanitize=$(FUZZ_SANITIZERS),fuzzer -o $@ $^ $(LIBRARIES)

# Needs to be root, as slurmd does.
test-slurm: setup
	@bash scripts/setup scripts/packages-slurm || \
		echo "without them these tests are skipped"
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) build/grader
	$(Q)timeout 600 bats tests/slurm/class.bats

soak: setup
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) build/grader \
		$(B)/determinism $(B)/found $(B)/attacks
	$(Q)bash tests/soak.sh

$(B)/bench_run: $(B)/obj/tests/bench/bench_run.o $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

$(B)/determinism: $(B)/obj/tests/bench/determinism.o $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

$(B)/found: $(B)/obj/tests/bench/found.o $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

$(B)/bench_start: $(B)/obj/tests/bench/bench_start.o $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

bench: setup
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) $(B)/bench_run \
		$(B)/bench_start
	$(Q)$(MAKE) --no-print-directory build/grader
	$(Q)$(B)/bench_run
	$(Q)$(B)/bench_start
	$(Q)tests/bench/bench-class

$(B)/rule_table: $(B)/obj/tests/bench/rule_table.o $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

$(B)/event_table: $(B)/obj/tests/bench/event_table.o $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

schema: $(B)/rule_table $(B)/event_table
	$(Q)$(B)/rule_table | scripts/update-schema grader/exercise.schema.json
	$(Q)$(B)/event_table | scripts/update-trace-schema \
		grader/trace.schema.json grader/report/report.schema.json

# Examples of every format, in docs/.
docs: build/grader
	$(Q)scripts/make-docs docs

docs-check: build/grader
	$(call say,DOCS,"every example as it is written now")
	$(Q)rm -rf build/docs && scripts/make-docs build/docs && \
		diff -r --exclude=exercises docs build/docs || \
		{ echo "docs: not as grader writes now; make docs" >&2; exit 1; }

man: $(MAN_PAGES)
build/man/%: man/%.scd
	$(call say,MAN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)scdoc <$< >$@

DATA = $(DESTDIR)$(PREFIX)/share/grader
install: build/grader man
	install -d $(DESTDIR)$(PREFIX)/bin $(DATA)
	install -m 755 build/grader $(DESTDIR)$(PREFIX)/bin/grader
	install -m 644 grader/report/report.schema.json \
		grader/exercise.schema.json grader/trace.schema.json $(DATA)
	cd exercises && find . -type f -exec \
		install -D -m 644 {} $(abspath $(DATA))/exercises/{} \;
	for catalogue in $(CATALOGUES:build/%=%); do \
		install -D -m 644 build/$$catalogue \
		$(DESTDIR)$(PREFIX)/share/$$catalogue || exit 1; done
	for page in $(MAN_PAGES); do \
		install -D -m 644 $$page \
		$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/} \
		|| exit 1; done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/grader
	rm -rf $(DATA)
	for catalogue in $(CATALOGUES:build/%=%); do \
		rm -f $(DESTDIR)$(PREFIX)/share/$$catalogue; done
	for page in $(MAN_PAGES); do rm -f \
		$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; \
	done

clean:
	rm -rf build compile_commands.json

-include $(wildcard $(B)/obj/tests/bench/*.d) \
	$(OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d) $(FUZZ_OBJECTS:.o=.d) \
	$(ATTACKS_OBJECTS:.o=.d) $(GUEST_OBJECTS:.o=.d)
