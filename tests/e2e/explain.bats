# grader explain: a failure step by step, from the report alone.
load helpers

# explain EXERCISE SOLUTION [ARGUMENT...]: the submission is gone by then.
explain() {
	cp -r "solutions/$1/$2" "$BATS_TEST_TMPDIR/solution"
	check "$1" "$BATS_TEST_TMPDIR/solution"
	rm -r "$BATS_TEST_TMPDIR/solution"
	run "$GRADER" explain "$REPORT" "${@:3}"
	echo "$output"
	[ "$status" -eq 0 ]
}

# narrow COLUMNS: no line of $output is wider.
narrow() {
	"$PYTHON" - "$1" 3<<<"$output" <<-'PY'
	import os, sys, unicodedata
	for line in os.fdopen(3, encoding="utf-8"):
	    line = line.rstrip("\n")
	    width = sum(2 if unicodedata.east_asian_width(c) in "WF"
	                else 1 for c in line)
	    assert width <= int(sys.argv[1]), (width, line)
	PY
}

@test "a lost update: what, the picture, the steps, why, what to do" {
	explain tickets wrong-no-lock mutex --lang en
	says "1. What is asked" "./tickets lock 10" "2. What happened" \
		"┏○┓" "┗●┛" "◀━" "over what [3]" "8 more" \
		"The steps that matter" "[4] 2.000 s" "A lost update." \
		'rename(name, "db.json");' "What to do" "under a lock" \
		"grader replay $REPORT mutex"
	narrow 88
}

@test "the same in Chinese, for a terminal of 60 columns" {
	explain tickets wrong-no-lock mutex --lang zh --width 60
	says "要求是什么" "丢失更新" "关键的几步" "怎么改" "┏○┓" "其余8个"
	narrow 60
}

@test "a missing wait, a missing end signal, an orphan" {
	explain join wrong-no-wait --lang en
	says "its parent has ended, it lives on" "Children that are not waited"
	explain producer-consumer wrong-no-end-signal --lang en
	says "╳" "━▶ waits for that one" "Nobody says that it is over"
	explain daemon wrong-orphan dies-together --lang en
	says "●!" "An orphan is left" "sleep(child_seconds);"
}

@test "one behind the other, and output doubled in a pipe" {
	explain tickets wrong-all-serial search --lang en
	says "▐ has a lock" "1 s" "3 s"
	explain queue wrong-doubled-output --lang en
	says "piped" "Fork copied output" "■ prints"
}

@test "a right run stands beside it when asked for" {
	explain tickets wrong-no-lock mutex --lang en
	says "With --right"
	run "$GRADER" explain "$REPORT" mutex --lang en --right
	[ "$status" -eq 0 ]
	says "To compare: a right program" "▐ has a lock"
}

@test "ASCII where the locale is not UTF-8 or when asked for" {
	explain producer-consumer wrong-no-end-signal ends --lang en
	says "│"
	run env LC_ALL=C "$GRADER" explain "$REPORT" ends --lang en
	says_not "│" "●" "✗" "·"
	says "|"
	run env LC_ALL=C "$GRADER" explain "$REPORT" ends --lang en --unicode
	says "│"
	run "$GRADER" explain "$REPORT" ends --lang en --ascii
	says_not "│" "●" "✗" "·"
	run env LC_ALL=xx_YY.UTF-8 "$GRADER" explain "$REPORT" ends
	says "│"
}

@test "colours obey NO_COLOR, FORCE_COLOR and the terminal" {
	explain daemon wrong-orphan
	says_not $'\033'
	FORCE_COLOR=1 run "$GRADER" explain "$REPORT"
	says $'\033[31m'
	NO_COLOR=1 FORCE_COLOR=1 run "$GRADER" explain "$REPORT"
	says_not $'\033'
	run script -qec "TERM=xterm '$GRADER' explain '$REPORT'" /dev/null
	says $'\033[31m'
	run script -qec "TERM=dumb '$GRADER' explain '$REPORT'" /dev/null
	says_not $'\033'
}

@test "without a criterion it is what the next step of check names" {
	cp -r solutions/tickets/wrong-no-lock "$BATS_TEST_TMPDIR/solution"
	REPORT=$BATS_TEST_TMPDIR/report.json
	run "$GRADER" check tickets "$BATS_TEST_TMPDIR/solution" \
		--report "$REPORT" --lang en
	[[ $output =~ "grader explain $REPORT "([a-z-]+) ]]
	says "See it explained:"
	local named=${BASH_REMATCH[1]}
	[ "$(grep -c "^  remedy" <<<"$output")" -eq 1 ]
	run "$GRADER" explain - --lang en <"$REPORT"
	[ "$status" -eq 0 ]
	says "✗ $named "
	# without the report's name, the run itself is to be replayed
	says "grader trace tickets"
}

@test "check shows advice on one failure, and on all with --hints" {
	REPORT=$BATS_TEST_TMPDIR/report.json
	run "$GRADER" check tickets solutions/tickets/wrong-all-serial --lang en
	[ "$(grep -cE "^  (remedy|hint) " <<<"$output")" -eq 1 ]
	says "Mend one thing" "grader check --hints"
	says_not "grader explain $REPORT"
	run "$GRADER" check tickets solutions/tickets/wrong-all-serial --lang en \
		--hints
	[ "$(grep -cE "^  (remedy|hint) " <<<"$output")" -gt 1 ]
	says_not "Mend one thing"
}

@test "students are told nothing of hidden scenarios" {
	explain tickets wrong-no-lock killed-holder --lang en
	says "./tickets lock 6" "hidden scenario"
	run "$GRADER" explain "$REPORT" killed-holder --lang en \
		--audience student
	[ "$status" -eq 0 ]
	says_not "lock 6" "路人"
	run "$GRADER" explain "$REPORT" mutex --lang en --audience student
	says_not "lock 4"
}

@test "what did not fail is not explained" {
	explain join right-fork-wait --lang en
	says "full marks"
	explain tickets wrong-no-lock compiles --lang en
	says "nothing to explain"
	printf 'int main(void) { return x; }\n' >"$BATS_TEST_TMPDIR/bad.c"
	check daemon "$BATS_TEST_TMPDIR/bad.c"
	run "$GRADER" explain "$REPORT" --lang en
	[ "$status" -eq 0 ]
	says "error:" "bad.c:1"
	mkdir "$BATS_TEST_TMPDIR/empty"
	printf 'int x;\n' >"$BATS_TEST_TMPDIR/empty/$(printf '\r')x.c"
	check daemon "$BATS_TEST_TMPDIR/empty"
	run "$GRADER" explain "$REPORT" --lang en
	[ "$status" -eq 0 ]
	says "Next"
}

@test "wrong use is told" {
	explain daemon wrong-orphan
	run "$GRADER" explain "$REPORT" dies-togethr
	[ "$status" -eq 2 ]
	says "did you mean 'dies-together'"
	run "$GRADER" explain "$REPORT" dies-together --finding 99
	[ "$status" -eq 2 ]
	says "finding(s), not 99"
	run "$GRADER" explain "$REPORT" one more
	[ "$status" -eq 2 ]
	run "$GRADER" explain "$REPORT" --lang fr
	[ "$status" -eq 2 ]
	run "$GRADER" explain "$REPORT" --width 3
	[ "$status" -eq 2 ]
	run "$GRADER" explain "$BATS_TEST_TMPDIR/none.json"
	[ "$status" -eq 2 ]
	says "cannot read"
	echo '{}' >"$BATS_TEST_TMPDIR/none.json"
	run "$GRADER" explain "$BATS_TEST_TMPDIR/none.json"
	[ "$status" -eq 2 ]
	run "$GRADER" explain
	[ "$status" -eq 2 ]
	says "needs REPORT"
}
