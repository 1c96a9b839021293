# The command line: help, mistakes in its use, exit statuses, output.
load helpers

@test "help names every command and the way to begin" {
	run "$GRADER" help
	[ "$status" -eq 0 ]
	says list check run trace replay record validate pack doctor "grader check tickets tickets.c"
	run "$GRADER" help check
	[ "$status" -eq 0 ]
	says --json --seed --schedules --lang --report --require-grade
	run "$GRADER" --version
	[ "$status" -eq 0 ]
	says "grader 0."
}

@test "no command is wrong use and shows the help" {
	run "$GRADER"
	[ "$status" -eq 2 ]
	says Usage
}

@test "an unknown command is met with the nearest one" {
	run "$GRADER" chekc
	[ "$status" -eq 2 ]
	says "did you mean 'check'?"
}

@test "an unknown exercise is met with the nearest one" {
	run "$GRADER" check tickest solutions/tickets/right-flock
	[ "$status" -eq 2 ]
	says "did you mean 'tickets'?"
	run "$GRADER" check ../exercises solutions/tickets/right-flock
	[ "$status" -eq 2 ]
}

@test "wrong options have exit status 2" {
	local arguments
	while read -r arguments; do
		# word splitting is wanted
		# shellcheck disable=SC2086
		run "$GRADER" $arguments
		echo "$arguments: $status $output"
		[ "$status" -eq 2 ]
		[ -n "$output" ]
	done <<-'END'
	check
	check tickets
	check tickets a b
	check --nonsense tickets a
	check --seed -1 tickets a
	check --seed 1x tickets a
	check --seed 18446744073709551616 tickets a
	check --schedules 0 tickets a
	check --lang fr tickets a
	check --require-grade D tickets a
	trace tickets solutions/tickets/right-flock
	trace tickets solutions/tickets/right-flock --scenario none --seed 1
	trace tickets a --scenario x --seed 1 --policy none
	trace tickets a --scenario x --seed 1 --switches 1:2
	replay
	replay /nonexistent/report.json
	replay --finding 0 report.json
	replay --lang fr report.json
	replay a b c d
	help nonsense
	END
}

@test "list shows the exercises in both languages" {
	run "$GRADER" list --lang zh
	[ "$status" -eq 0 ]
	says daemon tickets producer-consumer spawn join isolation process-info queue joinable-queue unix-daemon "./tickets lock 10"
	LC_ALL=zh_CN.UTF-8 run "$GRADER" list
	[ "$status" -eq 0 ]
	local zh=$output
	LC_ALL=en_US.UTF-8 run "$GRADER" list
	[ "$zh" != "$output" ]
}

@test "doctor shows every layer and the compiler" {
	run "$GRADER" doctor
	[ "$status" -eq 0 ]
	says "system call filter" Landlock gcc "Grade "
	run "$GRADER" doctor --require-grade C
	[ "$status" -eq 0 ]
}

@test "without a compiler it is trouble of the grader and says what to install" {
	GRADER_GCC=/nonexistent/gcc run "$GRADER" check daemon \
		solutions/daemon/right-pdeathsig
	[ "$status" -eq 3 ]
	says "is not the absolute path of a compiler"
}

@test "a broken compiler is never the student's fault" {
	put broken-gcc <<-'END'
	#!/bin/sh
	exit 1
	END
	chmod +x "$FILE"
	GRADER_GCC=$FILE run "$GRADER" check daemon \
		solutions/daemon/right-pdeathsig
	[ "$status" -eq 3 ]
}

@test "exercises that are not there are trouble, not wrong use" {
	GRADER_EXERCISES=/nonexistent run "$GRADER" list
	[ "$status" -eq 3 ]
	says GRADER_EXERCISES
}

@test "--json prints the report and nothing else" {
	"$GRADER" check daemon solutions/daemon/right-pdeathsig --json \
		>"$BATS_TEST_TMPDIR/report.json"
	REPORT=$BATS_TEST_TMPDIR/report.json
	valid_report
}

@test "a full disk leaves no half report and is trouble of the grader" {
	run "$GRADER" check daemon solutions/daemon/right-pdeathsig -n 1 -q \
		--report /dev/full
	[ "$status" -eq 3 ]
	says "cannot write '/dev/full'" "No space left"
	[ -c /dev/full ]
	run bash -c "'$GRADER' check daemon solutions/daemon/right-pdeathsig \
		-n 1 >/dev/full"
	[ "$status" -eq 3 ]
}

@test "a full file system leaves the old report as it was" {
	[ "$(id -u)" -eq 0 ] || skip "needs root for a small file system"
	local folder=$BATS_TEST_TMPDIR/small old
	mkdir "$folder"
	old='{"schema": "grader-report-1", "exercise": "daemon", "titles":
		{"zh": "", "en": ""}, "submission": "x", "submission_hash":
		"'$(printf %064d 0)'", "verdict": "fail", "criteria": []}'
	echo "$old" >"$BATS_TEST_TMPDIR/old.json"
	run unshare -m bash -c "
		mount -t tmpfs -o size=16k none '$folder' || exit 77
		cp '$BATS_TEST_TMPDIR/old.json' '$folder/report.json'
		'$GRADER' check daemon solutions/daemon/wrong-join -q \
			--report '$folder/report.json'
		echo status \$?
		ls '$folder'
		cat '$folder/report.json'"
	[ "$status" -ne 77 ] || skip "cannot mount here"
	says "status 3" "No space left"
	[ "$(tail -n 4 <<<"$output")" = "$(printf 'report.json\n%s' "$old")" ]
}

@test "a report goes where it was told, through a link, readable by others" {
	local folder=$BATS_TEST_TMPDIR
	: >"$folder/target.json"
	ln -s target.json "$folder/link.json"
	umask 022
	run "$GRADER" check daemon solutions/daemon/right-pdeathsig -n 1 -q \
		--report "$folder/link.json"
	[ -L "$folder/link.json" ]
	grep -q grader-report-1 "$folder/target.json"
	[ "$(stat -c %a "$folder/target.json")" = 644 ]
	run "$GRADER" check daemon solutions/daemon/right-pdeathsig -n 1 -q \
		--report "$folder/none/report.json"
	[ "$status" -eq 3 ]
	says "No such file or directory"
}

@test "colour only where it is wanted" {
	local escape=$'\033'
	run "$GRADER" check daemon solutions/daemon/right-pdeathsig -n 1
	[[ $output != *"$escape"* ]]
	FORCE_COLOR=1 run "$GRADER" check daemon \
		solutions/daemon/right-pdeathsig -n 1
	[[ $output == *"$escape[32m"* ]]
	NO_COLOR=1 FORCE_COLOR=1 run "$GRADER" check daemon \
		solutions/daemon/right-pdeathsig -n 1
	[[ $output != *"$escape"* ]]
}

@test "the report is in the language asked for" {
	run "$GRADER" check daemon solutions/daemon/wrong-join -n 1 --lang zh
	[ "$status" -eq 1 ]
	says 下一步 重现
	run "$GRADER" check daemon solutions/daemon/wrong-join -n 1 --lang en
	[ "$status" -eq 1 ]
	says Next replay
}

@test "no line of a report is wider than 80 columns" {
	local language
	for language in zh en; do
		"$GRADER" check tickets solutions/tickets/wrong-no-lock \
			--lang "$language" >"$BATS_TEST_TMPDIR/text" || true
		"$PYTHON" - "$BATS_TEST_TMPDIR/text" <<-'PY'
		import sys, unicodedata
		for line in open(sys.argv[1], encoding="utf-8"):
		    line = line.rstrip("\n")
		    width = sum(2 if unicodedata.east_asian_width(c) in "WF"
		                else 1 for c in line)
		    assert width <= 80, (width, line)
		PY
	done
}
