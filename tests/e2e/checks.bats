# The project's own checks: they pass here, and they can fail.
load helpers

@test "the layers hold" {
	run bash scripts/check-layers
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a breach of the layers is found" {
	local tree=$BATS_TEST_TMPDIR
	mkdir -p "$tree/sandbox/clock" "$tree/grader/report" \
		"$tree/build/release/obj/sandbox/clock"
	run bash scripts/check-layers "$tree"
	[ "$status" -eq 0 ]

	echo '#include "grader/verdict.h"' >"$tree/sandbox/clock/a.c"
	run bash scripts/check-layers "$tree"
	[ "$status" -ne 0 ]

	echo '#include "tracer/engine.h"' >"$tree/sandbox/clock/a.c"
	run bash scripts/check-layers "$tree"
	[ "$status" -ne 0 ]

	echo '#include <seccomp.h>' >"$tree/sandbox/clock/a.c"
	run bash scripts/check-layers "$tree"
	[ "$status" -ne 0 ]

	echo 'int getpid(void); int f(void); int f(void) { return getpid(); }' \
		>"$tree/sandbox/clock/a.c"
	run bash scripts/check-layers "$tree"
	[ "$status" -eq 0 ]
	gcc -c -o "$tree/build/release/obj/sandbox/clock/a.o" \
		"$tree/sandbox/clock/a.c"
	run bash scripts/check-layers "$tree"
	[ "$status" -ne 0 ]
}

@test "functions and files are of a bearable size" {
	run bash scripts/check-style
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a function that is too long is found" {
	mkdir "$BATS_TEST_TMPDIR/grader"
	{
		printf 'int f(void)\n{\n'
		seq -f '	/* %g */' 60
		printf '}\n'
	} >"$BATS_TEST_TMPDIR/grader/a.c"
	run bash scripts/check-style "$BATS_TEST_TMPDIR"
	[ "$status" -ne 0 ]
}

@test "every message and page is there in both languages" {
	local exercise
	for exercise in exercises/*/; do
		[ -s "$exercise/handout.zh.md" ]
		[ -s "$exercise/handout.en.md" ]
		ls "$exercise"/starter/*.c
	done
}

@test "starter code compiles and is not full marks" {
	local exercise
	for exercise in exercises/*/; do
		exercise=$(basename "$exercise")
		check "$exercise" "exercises/$exercise/starter" -n 1
		[ "$status" -eq 1 ]
		[ "$(field "r['compile']['ok']")" = True ]
		[ "$(field "r['compile']['log']")" = "" ]
	done
}

@test "solutions compile without a warning" {
	local solution
	for solution in solutions/*/*/; do
		gcc -std=gnu17 -Wall -Wextra -O0 -g -pthread -fsyntax-only \
			-Werror "$solution"/*.c
	done
}
