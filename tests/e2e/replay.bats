# grader replay: the same bytes, shown step by step, and what it refuses.
load helpers

setup() {
	SOLUTION=$BATS_TEST_TMPDIR/solution
	REPORT=$BATS_TEST_TMPDIR/report.json
}

# take EXERCISE NAME [OPTION...]: a copy of the solution, graded.
take() {
	cp -r "solutions/$1/$2" "$SOLUTION"
	check "$1" "$SOLUTION" "${@:3}"
	[ "$status" -eq 1 ]
}

# Criterion, number of the finding, trace hash, criterion by criterion.
findings() {
	"$PYTHON" - "$REPORT" <<-'PY'
	import json, sys
	r = json.load(open(sys.argv[1], encoding="utf-8"))
	for c in r["criteria"]:
	    for i, f in enumerate(c["findings"], 1):
	        if f["scenario"]:
	            print(c["id"], i, f["trace_hash"])
	PY
}

@test "every finding replays to the same bytes and is no longer than found" {
	local solution criterion number hash
	for solution in tickets/wrong-slots \
		producer-consumer/wrong-two-writes \
		producer-consumer/wrong-no-end-signal daemon/wrong-setsid; do
		rm -rf "$SOLUTION"
		take "${solution%/*}" "${solution#*/}"
		valid_report
		[ "$(field "all(f['switch_count'] <= f['found_switches']
			for c in r['criteria'] for f in c['findings'])")" = True ]
		while read -r criterion number hash; do
			run "$GRADER" replay "$REPORT" "$criterion" \
				--finding "$number" --quiet \
				--trace "$BATS_TEST_TMPDIR/trace" </dev/null
			echo "$solution $criterion $number: $status $output"
			[ "$status" -eq 0 ]
			[ -z "$output" ]
			[ "$(sha256sum <"$BATS_TEST_TMPDIR/trace")" = "$hash  -" ]
		done < <(findings)
	done
}

@test "a failing schedule is shrunk to one switch, and the report says so" {
	take producer-consumer wrong-two-writes
	[ "$(field "any(f['found_switches'] > 5 and f['switch_count'] == 1 and
		f['policy'] == 'run-to-block'
		for c in r['criteria'] for f in c['findings'])")" = True ]
	run "$GRADER" check producer-consumer "$SOLUTION" --lang en
	says "1 forced switch(es) are enough" "--switches"
	run "$GRADER" check producer-consumer "$SOLUTION" --lang zh --report "$REPORT"
	says "只要 1 次强制切换就会这样" "grader replay"
}

@test "the replay command of a report gives the trace of its hash" {
	take producer-consumer wrong-two-writes
	local command hash
	command=$(field "[f['replay'] for c in r['criteria']
		for f in c['findings'] if f['switches']][0]")
	hash=$(field "[f['trace_hash'] for c in r['criteria']
		for f in c['findings'] if f['switches']][0]")
	[[ $command == *" --switches "* ]]
	[ "$(eval "\"$TOP/build/\"$command" | sha256sum)" = "$hash  -" ]
}

@test "it is shown step by step, with source lines, in both languages" {
	take producer-consumer wrong-two-writes
	run "$GRADER" replay "$REPORT" order --lang en
	[ "$status" -eq 0 ]
	says "switch 1 of 1: " " is next" "│  " \
		"byte for byte" "steps are left out"
	run "$GRADER" replay "$REPORT" order --lang zh
	[ "$status" -eq 0 ]
	says "切换 1/1：" "却轮到了" "逐字节相同" "步（--all 显示全部）"
	run "$GRADER" replay "$REPORT" order --lang zh --all
	[ "$status" -eq 0 ]
	[[ $output != *"省略了"* ]]
}

@test "no line of a replay is wider than 80 columns" {
	local language
	take producer-consumer wrong-no-end-signal
	for language in zh en; do
		"$GRADER" replay "$REPORT" --lang "$language" --all \
			>"$BATS_TEST_TMPDIR/text"
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

@test "without a criterion it is the first that failed; a report may be piped" {
	take producer-consumer wrong-no-end-signal
	run "$GRADER" replay "$REPORT" --lang en
	[ "$status" -eq 0 ]
	says "consumers end by themselves"
	run bash -c "'$GRADER' replay - <'$REPORT' --lang en"
	[ "$status" -eq 0 ]
	says "consumers end by themselves"
}

@test "a hidden scenario is named as such, as in the report" {
	take tickets wrong-no-lock
	run "$GRADER" replay "$REPORT" killed-holder --lang en
	[ "$status" -eq 0 ]
	says "hidden scenario"
}

@test "the evidence of a finding is marked among the steps" {
	take tickets wrong-no-lock
	run "$GRADER" replay "$REPORT" mutex --lang en
	[ "$status" -eq 0 ]
	[ "$(grep -c "»" <<<"$output")" -ge 2 ]
}

@test "a submission that has changed is not shown unless one insists" {
	take tickets wrong-slots
	sed -i 's/购票成功/买到了/' "$SOLUTION"/*.c
	run "$GRADER" replay "$REPORT" mutex
	[ "$status" -eq 1 ]
	says "is not what the report was made from" --force
	run "$GRADER" replay "$REPORT" mutex --force --lang en
	[ "$status" -eq 1 ]
	says "this is not the run of the report" "the submission has changed"
}

@test "a submission that was moved is found by its new path" {
	take tickets wrong-slots
	mv "$SOLUTION" "$BATS_TEST_TMPDIR/moved"
	run "$GRADER" replay "$REPORT" mutex
	[ "$status" -eq 2 ]
	says "there is no file or folder" "give its PATH"
	run "$GRADER" replay "$REPORT" mutex "$BATS_TEST_TMPDIR/moved" -q
	[ "$status" -eq 0 ]
}

@test "a trace that is not the report's is told" {
	take tickets wrong-slots
	sed -i 's/"trace_hash":\t"[0-9a-f]*"/"trace_hash":\t"'"$(printf \
		'0%.0s' {1..64})"'"/' "$REPORT"
	run "$GRADER" replay "$REPORT" mutex
	[ "$status" -eq 1 ]
	says "this is not the run of the report" 0000000000000000
}

@test "what cannot be replayed is wrong use, with the way out" {
	take tickets wrong-slots
	run "$GRADER" replay "$REPORT" mutexx
	[ "$status" -eq 2 ]
	says "did you mean 'mutex'?"
	run "$GRADER" replay "$REPORT" nonsense
	[ "$status" -eq 2 ]
	says "with findings:" outcomes
	run "$GRADER" replay "$REPORT" compiles
	[ "$status" -eq 2 ]
	says "has no finding"
	run "$GRADER" replay "$REPORT" mutex --finding 99
	[ "$status" -eq 2 ]
	says "finding(s), not 99"
	run "$GRADER" replay "$BATS_TEST_TMPDIR/none.json"
	[ "$status" -eq 2 ]
	says "cannot read" "No such file"
	run "$GRADER" replay
	[ "$status" -eq 2 ]
	run "$GRADER" replay "$REPORT" mutex "$SOLUTION" more
	[ "$status" -eq 2 ]
}

@test "a damaged report is told with the line and the field" {
	take tickets wrong-slots
	local broken=$BATS_TEST_TMPDIR/broken.json
	head -c 3000 "$REPORT" >"$broken"
	run "$GRADER" replay "$broken"
	[ "$status" -eq 2 ]
	says broken.json
	sed '0,/"seed":\t"[0-9]*"/s//"seed":\t"x1"/' "$REPORT" >"$broken"
	run "$GRADER" replay "$broken"
	[ "$status" -eq 2 ]
	says "seed'" "is not a whole number below 2^64"
	sed 's/"switches":\t"[^"]*"/"switches":\t"1.2"/' "$REPORT" >"$broken"
	run "$GRADER" replay "$broken"
	[ "$status" -eq 2 ]
	says "switches'" "is not a list"
	sed 's/grader-report-1/grader-report-0/' "$REPORT" >"$broken"
	run "$GRADER" replay "$broken"
	[ "$status" -eq 2 ]
	says "is this a report?"
	echo '[]' >"$broken"
	run "$GRADER" replay "$broken"
	[ "$status" -eq 2 ]
	: >"$broken"
	run "$GRADER" replay "$broken"
	[ "$status" -eq 2 ]
}

@test "switches of no schedule are harmless" {
	run "$GRADER" trace tickets solutions/tickets/right-flock \
		--scenario lock-note --seed 1 --policy run-to-block \
		--switches 99.1:7,0.4000000000:0
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *'"switches":"99.1:7,0.4000000000:0"'* ]]
	run "$GRADER" trace tickets solutions/tickets/right-flock \
		--scenario lock-note --seed 1 --switches 1.2.3
	[ "$status" -eq 2 ]
	says "is not a list"
}
