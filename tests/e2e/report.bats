# report.json: valid, complete, and the same in every grading.
load helpers

# same_twice EXERCISE PATH...: two gradings differ under `run` alone.
same_twice() {
	check "$@"
	cp "$REPORT" "$BATS_TEST_TMPDIR/first.json"
	check "$@"
	"$PYTHON" - "$BATS_TEST_TMPDIR/first.json" "$REPORT" <<-'PY'
	import re, sys
	a, b = (open(p, encoding="utf-8").read() for p in sys.argv[1:])
	cut = lambda s: re.sub(r'\n\t"run":.*', "", s, flags=re.S)
	assert cut(a) != a and cut(a) == cut(b)
	PY
}

@test "reports of right and wrong submissions fit the schema" {
	local solution
	for solution in daemon/right-pdeathsig daemon/wrong-orphan \
		tickets/right-flock tickets/wrong-no-lock \
		producer-consumer/right-pipe-eof \
		producer-consumer/wrong-no-end-signal; do
		check "${solution%/*}" "solutions/$solution"
		valid_report
	done
}

@test "the schema refuses a report that lacks something" {
	check daemon solutions/daemon/right-pdeathsig -n 1
	valid_report
	sed -i 's/"max_score"/"max_points"/' "$REPORT"
	run valid_report
	[ "$status" -ne 0 ]
}

@test "two gradings of a right submission give the same bytes" {
	same_twice tickets solutions/tickets/right-flock
}

@test "two gradings of a wrong submission give the same bytes" {
	same_twice tickets solutions/tickets/wrong-no-lock
	same_twice producer-consumer \
		solutions/producer-consumer/wrong-no-end-signal
	same_twice daemon solutions/daemon/wrong-orphan
}

@test "a load beside changes nothing" {
	local i busy=()
	for i in 1 2 3 4; do
		(while :; do :; done) 3>&- &
		busy+=($!)
	done
	run same_twice tickets solutions/tickets/wrong-no-lock
	kill "${busy[@]}"
	[ "$status" -eq 0 ]
}

@test "a finding tells what, where, in which schedule, and how to see it" {
	check tickets solutions/tickets/wrong-no-lock
	[ "$status" -eq 1 ]
	[ "$(field "any(f['events'] and any(e['place'] for e in f['events'])
		for c in r['criteria'] for f in c['findings'])")" = True ]
	local command first
	command=$(field "[f['replay'] for c in r['criteria']
		for f in c['findings']][0]")
	[[ $command == "grader trace tickets "* ]]
	first=$(eval "\"$TOP/build/\"$command" | sha256sum)
	[ "$first" = "$(eval "\"$TOP/build/\"$command" | sha256sum)" ]
	eval "\"$TOP/build/\"$command" | head -n 1 | grep -q grader-trace-1
}

@test "a sweep finds the one step at which main must not be killed" {
	check daemon solutions/daemon/wrong-arms-late --schedules 30
	[ "$(field "[c['id'] for c in r['criteria']
		if c['verdict'] != 'pass']")" = "['killed-main', 'answer']" ]
	[ "$(field "[(f['scenario'], f['policy']) for c in r['criteria']
		if c['id'] == 'killed-main' for f in c['findings']]")" = \
		"[('main-killed-anywhere', 'run-to-block')]" ]
	local command trace
	command=$(field "[f['replay'] for c in r['criteria']
		for f in c['findings']][0]")
	trace=$(eval "\"$TOP/build/\"$command")
	[ "$trace" = "$(eval "\"$TOP/build/\"$command")" ]
	[[ $trace == *'"kind":"fault","object":"kill"'* ]]
	[[ $trace == *'"kind":"left"'* ]]
}

@test "a recognised mistake has a story, in both languages, and a remedy" {
	check tickets solutions/tickets/wrong-no-lock --lang en
	valid_report
	[ "$(field "[f['cause'] for c in r['criteria'] if c['id'] == 'mutex'
		for f in c['findings']][0]")" = lost-update ]
	[[ $(field "[f['story'] for c in r['criteria'] if c['id'] == 'mutex'
		for f in c['findings']][0]") == *"both read count=3"*tickets.c:* ]]
	[ "$(field "all(f['stories']['zh'] and f['remedies']['zh']
		for c in r['criteria'] for f in c['findings'] if f['cause'])")" \
		= True ]
	run "$GRADER" check tickets solutions/tickets/wrong-no-lock --lang en
	says "read count=3 from db.json" "the same as above (lost-update)" "remedy"
}

@test "another master seed gives other schedules" {
	check tickets solutions/tickets/right-flock --seed 1
	local first
	first=$(field "r['exploration']")
	check tickets solutions/tickets/right-flock --seed 2
	[ "$first" != "$(field "r['exploration']")" ]
}

@test "points add up" {
	check tickets solutions/tickets/wrong-no-lock
	[ "$(field "sum(c['points'] for c in r['criteria']
		if not c['extra']) == r['score']")" = True ]
	[ "$(field "sum(c['max_points'] for c in r['criteria']
		if not c['extra']) == r['max_score'] == 100")" = True ]
}
