# The schemas of reports and traces hold for all that grader writes, and refuse
# what it would not write.  (That of exercises: exercise.bats.)
load helpers

valid() {
	run tests/e2e/schemas valid "$@"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "the schemas are whole, each for itself, and have versions" {
	run tests/e2e/schemas sound
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "kinds of events in the schema are those of the table" {
	local made=$BATS_TEST_TMPDIR
	cp grader/trace.schema.json grader/report/report.schema.json "$made"
	"${BUILD:-build/release}/event_table" | scripts/update-trace-schema \
		"$made/trace.schema.json" "$made/report.schema.json"
	cmp "$made/trace.schema.json" grader/trace.schema.json
	cmp "$made/report.schema.json" grader/report/report.schema.json
	# the control: another table gives another schema
	"${BUILD:-build/release}/event_table" | sed 's/^zombie/undead/' |
		scripts/update-trace-schema \
		"$made/trace.schema.json" "$made/report.schema.json"
	run cmp "$made/trace.schema.json" grader/trace.schema.json
	[ "$status" -eq 1 ]
}

@test "recorded runs of every exercise fit the schema of traces" {
	local runs=(exercises/*/reference/*.run.json)
	[ "${#runs[@]}" -gt 20 ]
	valid trace "${runs[@]}"
}

@test "traces fit it line by line and as a whole" {
	local made=$BATS_TEST_TMPDIR one solution scenario seed n=0
	for one in tickets/wrong-no-lock/lock-note/3 \
		producer-consumer/wrong-no-end-signal/note/1 \
		daemon/right-lifeline-thread/short/2 \
		joinable-queue/right-shm-semaphores/note/2; do
		IFS=/ read -r exercise solution scenario seed <<<"$one"
		n=$((n + 1))
		"$GRADER" trace "$exercise" "solutions/$exercise/$solution" \
			--scenario "$scenario" --seed "$seed" \
			--policy random >"$made/$n.jsonl"
	done
	put threads.c <<-'C'
	#include <pthread.h>
	#include <stdio.h>
	static void *work(void *none) { puts("work"); return none; }
	int main(void)
	{
		pthread_t one;
		pthread_create(&one, NULL, work, NULL);
		return pthread_join(one, NULL);
	}
	C
	"$GRADER" run "$FILE" -q --trace "$made/run.jsonl" </dev/null
	valid trace "$made"/*.jsonl
	grep -q '"thread":true' "$made/run.jsonl"
}

@test "a changed trace is refused" {
	local made=$BATS_TEST_TMPDIR
	"$GRADER" trace tickets solutions/tickets/wrong-no-lock \
		--scenario lock-note --seed 1 >"$made/good.jsonl"
	valid trace "$made/good.jsonl"
	refused() {
		sed "$1" "$made/good.jsonl" >"$made/bad.jsonl"
		! cmp -s "$made/good.jsonl" "$made/bad.jsonl"
		run tests/e2e/schemas valid trace "$made/bad.jsonl"
		[ "$status" -eq 1 ]
	}
	refused '1s/grader-trace-1/grader-trace-2/'
	refused '1s/"seed":"1"/"seed":1/'
	refused '2s/"seq":0/"seq":-1/'
	refused '2s/"kind":"start"/"kind":"begin"/'
	refused '2s/"kind":"start"/"kind":"start","text":"no field of its kind"/'
	refused 's/"value":[0-9]*,//'
	refused '2s/"task":0/"task":"main"/'
	run tests/e2e/schemas differ trace \
		exercises/tickets/reference/lock-note.run.json
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "reports of all kinds fit the schema of reports" {
	local made=$BATS_TEST_TMPDIR
	keep() { cp "$REPORT" "$made/$1.report"; }
	check tickets solutions/tickets/right-flock -n 4 && keep right
	check tickets solutions/tickets/wrong-no-lock -n 8 && keep lost-update
	check producer-consumer solutions/producer-consumer/wrong-no-end-signal \
		-n 4 && keep deadlock
	[ "$(field "any(e['kind'] == 'deadlock' for t in r['traces']
		for e in t['events'])")" = True ]
	check daemon solutions/daemon/wrong-arms-late -n 8 && keep hidden
	check tickets solutions/tickets/wrong-one-digit -n 4 && keep hidden-2
	put a/broken.c <<<'int main(void) { return 0 }'
	check daemon "$FILE" && keep broken
	put a/gbk.c < <(printf 'int main(void) { return 0; } // \xb2\xe2\n')
	check daemon "$FILE" && keep refused
	[ "$(field "r['verdict']")" = refused ]
	put a/call.c <<-'C'
	#include <sys/inotify.h>
	#include <stdio.h>
	int main(void)
	{
		printf("%d\n", inotify_init());
		return 0;
	}
	C
	check daemon "$FILE" -n 2 && keep refused-call
	[ "$(field "any(w['kind'] == 'denied' for w in r['warnings'])")" = True ]
	put a/ticket/tickets.c <solutions/tickets/wrong-no-lock/tickets.c
	valid report "$made"/*.report
	[ "$(find "$made" -name '*.report' | wc -l)" -eq 8 ]
	# what writes it again writes it as well
	"$GRADER" report "$made/deadlock.report" -f json="$made/again.report"
	valid report "$made/again.report"
	run tests/e2e/schemas differ report "$made/lost-update.report"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "installed, and named by the manual" {
	local name
	for name in report trace exercise; do
		grep -q "$name.schema.json" Makefile man/grader-$name.5.scd
		grep -q "urn:grader:schema:$name:1" man/grader-$name.5.scd
	done
}
