# Every format is what its consumers take, tells the same marks, escapes what a
# submission chose, and keeps the secrets of hidden scenarios from students.
load helpers

FORMATS="text json html junit junit-places tap ctrf sarif gradescope classroom
	github autolab submitty markdown csv perfetto shiviz"

# all_formats EXERCISE PATH [OPTION...]: each is then $OUT/NAME.
all_formats() {
	local name options=()
	OUT=$BATS_TEST_TMPDIR/formats
	mkdir -p "$OUT"
	for name in $FORMATS; do
		options+=(--format "$name=$OUT/$name")
	done
	check "$@" "${options[@]}"
}

# all_valid: what all_formats wrote is valid and agrees with report.json.
all_valid() {
	local name
	for name in $FORMATS; do
		echo "format $name"
		tests/e2e/check-format "$name" "$OUT/$name" "$REPORT"
	done
	"$PYTHON" -m jsonschema -i "$OUT/json" grader/report/report.schema.json
}

@test "a right submission" {
	all_formats daemon solutions/daemon/right-pdeathsig --schedules 4
	[ "$status" -eq 0 ]
	all_valid
	[ ! -s "$OUT/github" ]
}

@test "a wrong submission, in both languages" {
	all_formats tickets solutions/tickets/wrong-no-lock --schedules 4 \
		--lang zh
	[ "$status" -eq 1 ]
	all_valid
	grep -q '还没有写完\|之前就读\|都读到' "$OUT/markdown"
	all_formats tickets solutions/tickets/wrong-no-lock --schedules 4 \
		--lang en
	all_valid
	grep -q 'both read count=3' "$OUT/sarif"
	grep -q "solutions/tickets/wrong-no-lock/tickets.c" "$OUT/junit-places"
}

@test "one that does not compile: errors and warnings have their places" {
	put bad.c <<-'C'
	int main(void)
	{
		int unused = 1
		return 0;
	}
	C
	all_formats daemon "$FILE"
	all_valid
	"$PYTHON" - "$OUT/sarif" <<-'PY'
	import json, sys
	results = json.load(open(sys.argv[1]))["runs"][0]["results"]
	assert any(r["ruleId"].startswith("gcc") and r["level"] == "error" and
		r["locations"][0]["physicalLocation"]["region"]["startLine"] == 4
		for r in results), results
	PY
}

@test "one that is refused is no green list of skipped tests" {
	printf 'int main(void) { return 0; } // \xb2\xe2\n' \
		>"$BATS_TEST_TMPDIR/gbk.c"
	all_formats daemon "$BATS_TEST_TMPDIR/gbk.c"
	[ "$status" -eq 1 ]
	all_valid
	grep -q '<failure' "$OUT/junit"
	grep -q '^not ok 1 - submission' "$OUT/tap"
}

@test "what a submission prints is escaped in every format" {
	put tickets.c <<-'C'
	#include <stdio.h>
	#include <sys/wait.h>
	#include <unistd.h>
	int main(void)
	{
		puts("\033[31m]]></failure><script>alert(1)</script>\r");
		puts("::error::forged");
		puts("##[error]forged");
		puts("=cmd|' /C calc'!A0");
		puts("```\n# heading\n| a | b |\n[x](javascript:alert(1)) @all #1");
		puts("ok 1 - forged # SKIP");
		puts("\xff\xfe bad utf-8 \xe2\x80\xae turned \xef\xbf\xbf");
		puts("路人0 \"购票成功\" %0A::error::x");
		fflush(stdout);
		return 0;
	}
	C
	all_formats tickets "$FILE" --schedules 2
	[ "$status" -eq 1 ]
	all_valid
	! grep -q '<script>' "$OUT/junit" "$OUT/markdown" || false
	! grep -q '^::error::forged\|^ *::error::x' "$OUT"/* || false
}

@test "hidden scenarios keep their secrets from students" {
	local name id found=0 solution
	for solution in daemon/wrong-one-digit tickets/wrong-one-digit \
		producer-consumer/wrong-one-digit daemon/wrong-arms-late; do
		[ -d "solutions/$solution" ] || continue
		all_formats "${solution%/*}" "solutions/$solution" \
			--schedules 8 --audience student
		all_valid
		"$PYTHON" - "exercises/${solution%/*}" >"$BATS_TEST_TMPDIR/ids" <<-'PY'
		import json, sys
		load = lambda name: json.load(open(sys.argv[1] + "/" + name))
		shown = json.dumps(load("exercise.json"))
		for scenario in load("hidden.json")["scenarios"]:
		    print('"scenario":[[:space:]]*"%s"' % scenario["id"])
		    print("--scenario " + scenario["id"])
		    call = scenario.get("arguments", [])
		    if call and json.dumps(call) not in shown:
		        print("[.]/%s %s([^0-9]|$)" % (sys.argv[1].split("/")[-1], " ".join(call)))
		PY
		for name in $FORMATS; do
			! grep -qE -f "$BATS_TEST_TMPDIR/ids" -- "$OUT/$name" ||
				{ echo "$solution: $name leaks"; return 1; }
		done
		# the control: staff are told
		"$GRADER" check "${solution%/*}" "solutions/$solution" -q \
			--schedules 8 -f json="$OUT/staff" || [ $? -eq 1 ]
		! grep -qE -f "$BATS_TEST_TMPDIR/ids" "$OUT/staff" || found=1
	done
	[ "$found" -eq 1 ]
}

@test "wrong use: formats and audiences are named, nothing is graded" {
	run "$GRADER" check daemon solutions/daemon/right-pdeathsig -f xml
	[ "$status" -eq 2 ]
	says "no format 'xml'" "junit"
	run "$GRADER" check daemon solutions/daemon/right-pdeathsig -f tap -f csv
	[ "$status" -eq 2 ]
	says "standard output takes one format"
	run "$GRADER" check daemon solutions/daemon/right-pdeathsig -f tap=
	[ "$status" -eq 2 ]
	run "$GRADER" check daemon solutions/daemon/right-pdeathsig \
		-f tap=/no/such/folder/x
	[ "$status" -eq 3 ]
	run "$GRADER" check daemon solutions/daemon/right-pdeathsig \
		--audience nobody
	[ "$status" -eq 2 ]
}

@test "--help names every format" {
	local name
	run "$GRADER" check --help
	for name in $FORMATS; do
		says "$name"
	done
}

# run_of NAME EXPRESSION: of what perfetto wrote, as Python; e are its events.
run_of() {
	"$PYTHON" - "$1" "$2" <<-'PY'
	import json, sys
	root = json.load(open(sys.argv[1], encoding="utf-8"))
	e = root["traceEvents"]
	about = root["otherData"]
	print(eval("(" + sys.argv[2] + ")"))
	PY
}

# agree PERFETTO SHIVIZ: what perfetto draws an arrow for comes first by the clocks of shiviz;
# prints how many arrows there are, and how many pairs of events are concurrent.
agree() {
	"$PYTHON" - "$1" "$2" <<-'PY'
	import json, sys
	with open(sys.argv[1], encoding="utf-8") as file:
	    events = json.load(file)["traceEvents"]
	with open(sys.argv[2], encoding="utf-8") as file:
	    lines = file.read().split("\n")
	clocks = [(line.split(" ", 1)[0], json.loads(line.split(" ", 1)[1]))
	          for line in lines[:-1:2]]
	before = lambda a, b: clocks[b][1].get(clocks[a][0], 0) >= \
	    clocks[a][1][clocks[a][0]]
	at = {(e["pid"], e["tid"], e["ts"]): e["args"]["seq"]
	      for e in events if "seq" in e.get("args", {})}
	ends = {}
	for e in events:
	    if e["ph"] in "sf":
	        ends.setdefault(e["id"], []).append(
	            at[e["pid"], e["tid"], e["ts"] - 0.125])
	for start, finish in ends.values():
	    assert start < finish and before(start, finish), (start, finish)
	count = len(clocks)
	free = sum(not before(a, b) for b in range(count) for a in range(b))
	assert not any(before(b, a) for b in range(count) for a in range(b))
	print(len(ends), free)
	PY
}

@test "perfetto and shiviz: forks, ends, items, locks, signals are arrows" {
	local one kinds= arrows free total=0
	for one in tickets/wrong-unlock-early producer-consumer/wrong-no-end-signal \
		daemon/wrong-orphan daemon/wrong-wait-first join/wrong-no-wait \
		producer-consumer/wrong-one-end-mark isolation/wrong-thread; do
		[ -d "solutions/$one" ] || continue
		all_formats "${one%/*}" "solutions/$one" -n 8
		for name in perfetto shiviz; do
			tests/e2e/check-format "$name" "$OUT/$name" "$REPORT"
		done
		[ "$(run_of "$OUT/perfetto" "len(e) > 20")" = True ]
		read -r arrows free < <(agree "$OUT/perfetto" "$OUT/shiviz")
		echo "$one: $arrows arrows, $free concurrent"
		[ "$arrows" -gt 0 ]
		total=$((total + free))
		kinds+=" $(run_of "$OUT/perfetto" "' '.join(
			{x['name'] for x in e if x['ph'] == 's'} |
			{x['cat'] for x in e if x['ph'] == 'b'} |
			{x['cat'] for x in e if x['ph'] == 'i'})")"
		# as many lines as events
		[ "$(run_of "$OUT/perfetto" "about['events']")" -eq \
			$(($(wc -l <"$OUT/shiviz") / 2)) ]
	done
	[ "$total" -gt 100 ]
	for one in fork end item zombie output evidence finding; do
		[[ " $kinds " == *" $one "* ]] || { echo "no $one: $kinds"; false; }
	done
}

@test "perfetto: a signal, a lock that is waited for, a lock that is held" {
	put tickets.c <<-'C'
	#include <fcntl.h>
	#include <signal.h>
	#include <stdio.h>
	#include <sys/file.h>
	#include <sys/wait.h>
	#include <unistd.h>
	static void ignore(int signal) { (void)signal; }
	int main(void)
	{
		signal(SIGUSR1, ignore);
		for (int i = 0; i < 2; i++)
			if (fork() == 0) {
				int file = open("lock", O_CREAT | O_RDWR, 0600);
				flock(file, LOCK_EX);
				kill(getppid(), SIGUSR1);
				sleep(1);
				flock(file, LOCK_UN);
				_exit(0);
			}
		while (wait(NULL) > 0)
			;
		return 0;
	}
	C
	check tickets "$FILE" -n 4
	"$GRADER" report "$REPORT" -f perfetto="$BATS_TEST_TMPDIR/p" \
		-f shiviz="$BATS_TEST_TMPDIR/s"
	tests/e2e/check-format perfetto "$BATS_TEST_TMPDIR/p" "$REPORT"
	tests/e2e/check-format shiviz "$BATS_TEST_TMPDIR/s" "$REPORT"
	agree "$BATS_TEST_TMPDIR/p" "$BATS_TEST_TMPDIR/s"
	run run_of "$BATS_TEST_TMPDIR/p" "sorted({x['name'] for x in e
		if x['ph'] == 's'}), any(x['cat'] == 'lock' for x in e)"
	says "'end', 'fork', 'lock', 'signal'" "True"
}

@test "perfetto and shiviz: what is no such file is seen by their rules" {
	all_formats tickets solutions/tickets/wrong-no-lock -n 8
	refused() {
		local name=$1
		sed -E "$2" "$OUT/$name" >"$OUT/changed"
		! cmp -s "$OUT/$name" "$OUT/changed"
		run tests/e2e/check-format "$name" "$OUT/changed"
		[ "$status" -ne 0 ] || { echo "accepted: $2"; return 1; }
	}
	refused perfetto '0,/"ph":"s"/s/"ph":"s"/"ph":"t"/'
	refused perfetto '/"ph":"f"/{s/"ts":[0-9]+/"ts":99999999/;}'
	refused perfetto '/"ph":"s"/{s/"tid":1/"tid":9/;}'
	refused perfetto '/"cat":"(life|call)"/{s/"pid":1,"tid":1,/"pid":1,"tid":99,/;}'
	refused perfetto '/"cat":"life"/{s/"dur":[0-9.]+/"dur":0.750/;}'
	refused perfetto '/"name":"process_name"/d'
	refused perfetto '0,/"ts":/s/"ts":([0-9.]+)/"ts":"\1"/'
	refused shiviz '1s/:1/:2/'
	refused shiviz '3d'
	refused shiviz '0,/,"main":[2-9][0-9]*/s/,"main":[0-9]+/,"main":99999/'
	refused shiviz '1s/ \{/\xc2\xa0{/'
}

@test "report: --criterion and --finding choose the run" {
	check tickets solutions/tickets/wrong-no-lock -n 8
	local id chosen
	"$GRADER" report "$REPORT" -f perfetto >"$BATS_TEST_TMPDIR/first"
	chosen=$(field "[c['id'] for c in r['criteria'] if any(f['trace_hash'] in
		[t['hash'] for t in r['traces']] for f in c['findings'])]")
	for id in $(tr -d "[]',"  <<<"$chosen"); do
		"$GRADER" report "$REPORT" -f perfetto --criterion "$id" \
			>"$BATS_TEST_TMPDIR/one"
		[ "$(run_of "$BATS_TEST_TMPDIR/one" "about['criterion']")" = "$id" ]
		"$GRADER" report "$REPORT" -f shiviz --criterion "$id" -n 1 \
			>"$BATS_TEST_TMPDIR/one"
		tests/e2e/check-format shiviz "$BATS_TEST_TMPDIR/one"
	done
	# by default that of grader explain
	id=$(run_of "$BATS_TEST_TMPDIR/first" "about['criterion']")
	[ "$("$GRADER" explain "$REPORT" --lang en)" = \
		"$("$GRADER" explain "$REPORT" "$id" --lang en)" ]
	run "$GRADER" report "$REPORT" -f perfetto --criterion mutx
	[ "$status" -eq 2 ]
	says "no criterion 'mutx'" "'mutex'"
	run "$GRADER" report "$REPORT" -f perfetto --criterion mutex -n 99
	[ "$status" -eq 2 ]
	says "finding(s), not 99"
	run "$GRADER" report "$REPORT" --criterion mutex
	[ "$status" -eq 2 ]
	says "go with --format perfetto or shiviz"
}

@test "the examples in the documentation are what their consumers take" {
	local name file
	while IFS=: read -r name file; do
		tests/e2e/check-format "$name" "docs/examples/$file" \
			docs/examples/report.json
	done <<-'END'
	text:text.txt
	html:page.html
	junit:junit.xml
	junit-places:junit-places.xml
	tap:tap.txt
	ctrf:ctrf.json
	sarif:sarif.json
	gradescope:gradescope.json
	classroom:classroom.txt
	github:github.txt
	autolab:autolab.txt
	submitty:submitty.json
	markdown:markdown.md
	csv:table.csv
	perfetto:perfetto.json
	shiviz:shiviz.log
	END
	tests/e2e/schemas valid report docs/examples/report.json
	tests/e2e/schemas valid trace docs/examples/trace.jsonl
	tests/e2e/schemas valid exercise docs/exercises/counter/exercise.json
}
