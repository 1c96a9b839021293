# Every format is what its consumers take, tells the same marks, escapes what a
# submission chose, and keeps the secrets of hidden scenarios from students.
load helpers

FORMATS="text json html junit junit-places tap ctrf sarif gradescope classroom
	github autolab submitty markdown csv"

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
