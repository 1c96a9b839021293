# grader report --html: the page in a real browser.
load helpers

# page EXERCISE SOLUTION [OPTION...]: makes $PAGE.
page() {
	check "$1" "solutions/$1/$2"
	PAGE=$BATS_TEST_TMPDIR/page.html
	run "$GRADER" report "$REPORT" --html "$PAGE" "${@:3}"
	[ "$status" -eq 0 ]
}

# looks_right [OPTION...]: see look-at-page.
looks_right() {
	run "$PYTHON" "$TOP/tests/e2e/look-at-page" "$PAGE" "$@"
	echo "$output"
	if [ "$status" -eq 77 ] && [ -z "${GRADER_MUST_WORK:-}" ]; then
		skip "no chromium"
	fi
	[ "$status" -eq 0 ]
}

@test "the page of a lost update" {
	page tickets wrong-no-lock
	looks_right
}

@test "beside the failing run stands a right one" {
	page tickets wrong-no-lock
	grep -q '<figure class="right">' "$PAGE"
	field '[t["scenario"] for t in r["traces"] if t["right"]]'
	[ "$(field 'sum("place" in e for t in r["traces"] if t["right"]
		for e in t["events"])')" -eq 0 ]
	valid_report
}

@test "the page of a missing wait, begun in Chinese" {
	page join wrong-no-wait --lang zh
	looks_right
}

@test "the page of a missing end signal" {
	page producer-consumer wrong-no-end-signal
	looks_right
}

@test "the page of an orphan" {
	page daemon wrong-orphan
	looks_right
}

@test "a run of 26 processes and 2,000 events stays readable" {
	check daemon solutions/daemon/wrong-orphan
	"$PYTHON" - "$REPORT" <<-'PY'
	import json, sys
	report = json.load(open(sys.argv[1], encoding="utf-8"))
	trace = report["traces"][0]
	both = lambda text: {"zh": text, "en": text}
	trace["tasks"] = [{"parent": min(i, 1) - 1, "process": i, "born_us": 0,
	                   "died_us": -1, "name": "process %d" % i}
	                  for i in range(26)]
	events = [{"seq": i, "time_us": 0, "task": 0, "kind": "fork",
	           "other": i + 1, "messages": both("forks")} for i in range(25)]
	events += [{"seq": i, "time_us": i * 1000, "task": 1 + i % 25,
	            "kind": ("read", "write", "output")[i % 3], "object": "file",
	            "text": "路人" * 40, "messages": both("does it " * 12)}
	           for i in range(25, 2000)]
	trace["events"], trace["event_total"] = events, 2000
	finding = next(f for c in report["criteria"] for f in c["findings"])
	for i, event in enumerate(finding["events"]):
	    event["seq"] = 900 + 500 * i
	json.dump(report, open(sys.argv[1], "w"))
	PY
	valid_report
	PAGE=$BATS_TEST_TMPDIR/page.html
	run "$GRADER" report "$REPORT" --html "$PAGE"
	[ "$status" -eq 0 ]
	looks_right
	[ "$(stat -c %s "$PAGE")" -lt 1000000 ]
	[ "$(sed -n '/<figure class="failing"/,/<\/figure>/p' "$PAGE" |
		grep -c '<text class="words')" -le 45 ]
}

@test "the page of a right program" {
	page daemon right-pdeathsig
	looks_right --no-diagram
}

@test "the page of a program that does not compile" {
	printf 'int main(void) { return "</script>" }\n' \
		>"$BATS_TEST_TMPDIR/bad.c"
	check daemon "$BATS_TEST_TMPDIR/bad.c"
	PAGE=$BATS_TEST_TMPDIR/page.html
	run "$GRADER" report "$REPORT" --html "$PAGE"
	[ "$status" -eq 0 ]
	looks_right --no-diagram
}

@test "the look finds what is wrong with a page" {
	local fault
	page daemon wrong-orphan
	looks_right
	cp "$PAGE" "$BATS_TEST_TMPDIR/good.html"
	for fault in 's|<main>|<main><img src="http://127.0.0.1:9/x">|' \
		's/id="c[0-9][0-9]*"/id="source"/' 's/class="diagram"/class="other"/' \
		's/<label for="language-en"/<b/' \
		's/--soft: #55606e/--soft: #aab0be/' \
		's/max-width: 72rem/min-width: 72rem/'; do
		sed "$fault" "$BATS_TEST_TMPDIR/good.html" >"$PAGE"
		run cmp -s "$PAGE" "$BATS_TEST_TMPDIR/good.html"
		[ "$status" -eq 1 ]
		# the policy knows the style by its hash
		sed -i "s/style-src 'sha256-[^']*'/style-src 'unsafe-inline'/" \
			"$PAGE"
		run "$PYTHON" "$TOP/tests/e2e/look-at-page" "$PAGE"
		echo "$fault: $output"
		[ "$status" -eq 1 ]
	done
}

@test "nothing of a hidden scenario is on the page" {
	page tickets wrong-no-lock
	"$PYTHON" - "$REPORT" "$PAGE" <<-'PY'
	import html, json, re, sys
	report = json.load(open(sys.argv[1], encoding="utf-8"))
	page = open(sys.argv[2], encoding="utf-8").read()
	page = html.unescape(re.sub(r"<[^>]*>", "", page))
	told, hidden = set(), set()
	for criterion in report["criteria"]:
	    for finding in criterion["findings"]:
	        words = {finding["command"], finding["scenario"],
	                 *finding["messages"].values(),
	                 *finding.get("stories", {}).values()}
	        words.discard(None)
	        (hidden if finding["hidden"] else told).update(words)
	assert len(hidden - told) > 5
	assert sum(secret in page for secret in told) > 5
	assert not [secret for secret in hidden - told if secret in page]
	PY
}

@test "a page needs the report alone, and is the same twice" {
	page daemon wrong-orphan
	cd "$BATS_TEST_TMPDIR"
	run "$GRADER" report - --html other.html <"$REPORT"
	[ "$status" -eq 0 ]
	[ -z "$output" ] # the page was asked for, and no text
	run "$GRADER" report - --html - <"$REPORT"
	[ "$status" -eq 0 ]
	cmp <(printf '%s\n' "$output") other.html
}

@test "what is no report is told, and no page is left" {
	local page=$BATS_TEST_TMPDIR/page.html
	echo '{"schema": "other"}' >"$BATS_TEST_TMPDIR/r.json"
	run "$GRADER" report "$BATS_TEST_TMPDIR/r.json" --html "$page"
	[ "$status" -eq 2 ]
	says "is this a report"
	run "$GRADER" report /nowhere/r.json --html "$page"
	[ "$status" -eq 2 ]
	[ ! -e "$page" ]
	run "$GRADER" report
	[ "$status" -eq 2 ]
	says "--html"
}

@test "a report in other formats: the text, and several at once" {
	check spawn solutions/spawn/wrong-no-wait --schedules 2 --lang en
	run "$GRADER" report "$REPORT"
	[ "$status" -eq 0 ]
	says "85 / 100" "spawn"
	run "$GRADER" report "$REPORT" -f junit="$BATS_TEST_TMPDIR/j.xml" \
		-f tap="$BATS_TEST_TMPDIR/t" -f json="$BATS_TEST_TMPDIR/again"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	tests/e2e/check-format junit "$BATS_TEST_TMPDIR/j.xml" "$REPORT"
	tests/e2e/check-format tap "$BATS_TEST_TMPDIR/t" "$REPORT"
	cmp "$REPORT" "$BATS_TEST_TMPDIR/again"
}
