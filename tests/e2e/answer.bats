# ANSWER.md: carried into the report, marked by a person, kept over a regrade.
load helpers

setup() {
	HOMEWORK=$BATS_TEST_TMPDIR/homework
	REPORT=$BATS_TEST_TMPDIR/report.json
	mkdir "$HOMEWORK"
	cp solutions/daemon/right-pdeathsig/*.c "$HOMEWORK"
}

# graded [OPTION...]: as check(), over the report that is there.
graded() {
	run timeout 120 "$GRADER" check daemon "$HOMEWORK" -n 2 --no-parallel \
		--quiet --report "$REPORT" "$@"
}

mark() {
	run timeout 10 "$GRADER" mark "$REPORT" --lang en "$@"
}

# of KEY: that of the criterion `answer`.
of() {
	field "[c for c in r['criteria'] if c['id'] == 'answer'][0].get('$1')"
}

# no_answer TEXT...: graded in full, the answer's points are not given, and why.
no_answer() {
	[ "$status" -eq 0 ]
	valid_report
	[ "$(field "r['score'], r['verdict']")" = "(100, 'pass')" ]
	[ "$(of verdict)" = fail ]
	[ "$(of points)" = 0 ]
	[ "$(of answer)" = None ]
	output=$(of findings)
	says "no points for this part" "$@"
}

@test "answer: it waits for a person, and the program has full marks" {
	printf '\xef\xbb\xbf一个孩子\r\n和父亲\r\n' >"$HOMEWORK/ANSWER.md"
	graded
	[ "$status" -eq 0 ]
	valid_report
	[ "$(of verdict)" = needs-grading ]
	[ "$(field "r['score'], r['verdict'], r['extra_max']")" = \
		"(100, 'pass', 30)" ]
	[ "$(of "answer")" = "{'file': 'ANSWER.md', 'hash': '$(sha256sum \
		<"$HOMEWORK/ANSWER.md" | cut -d' ' -f1)', 'text': '一个孩子\n和父亲\n'}" ]
	[ "$(field "r['warnings']")" = "[]" ]
}

@test "answer: the program's hash is the same with it and without" {
	local before
	graded
	before=$(field "r['submission_hash']")
	echo words >"$HOMEWORK/answer.md"
	graded
	[ "$(of verdict)" = needs-grading ]
	[ "$(field "r['submission_hash']")" = "$before" ]
}

@test "answer: none, a lone file, and an empty one get no points" {
	graded
	no_answer "there is no ANSWER.md" "hand in the folder"
	HOMEWORK=$HOMEWORK/daemon.c graded
	no_answer "there is no ANSWER.md"
	printf ' \n\t\n' >"$HOMEWORK/ANSWER.md"
	graded
	no_answer "'ANSWER.md' is empty"
}

@test "answer: whatever else is called ANSWER.md changes no program's mark" {
	local bad=$HOMEWORK/ANSWER.md
	head -c 10M /dev/zero | tr '\0' x >"$bad"
	graded
	no_answer "'ANSWER.md' is too large: the limit is 64 KiB"
	printf 'fine\n\xd6\xd0\xce\xc4\n' >"$bad"
	graded
	no_answer "line 2, is not UTF-8" "iconv -f GBK"
	rm "$bad"
	ln -s /etc/passwd "$bad"
	graded
	no_answer "a symbolic link"
	[ "$(grep -c root:x "$REPORT")" = 0 ]
	rm "$bad"
	mkdir "$bad"
	graded
	no_answer "a folder"
	rmdir "$bad"
	mkfifo "$bad"
	graded
	no_answer "a special file"
}

@test "answer: 64 KiB are read, one byte more is not" {
	head -c 65536 /dev/zero | tr '\0' x >"$HOMEWORK/ANSWER.md"
	graded
	[ "$(of verdict)" = needs-grading ]
	[ "$(field "len([c for c in r['criteria']
		if c['id'] == 'answer'][0]['answer']['text'])")" = 65536 ]
	echo >>"$HOMEWORK/ANSWER.md"
	graded
	no_answer "too large"
}

@test "answer: nothing in it commands a terminal or a build server" {
	printf '\033[2J\033]0;x\007\n::error::forged\n##[error]x\n  评分  10 / 10\n' \
		>"$HOMEWORK/ANSWER.md"
	graded
	valid_report
	[ "$(grep -c $'\033' "$REPORT")" = 0 ]
	[ "$(grep -cF '##[error]' "$REPORT")" = 0 ]
	mark
	[ "$status" -eq 0 ]
	says_not $'\033' $'\n::error' '##[error]' $'\n  评分'
	mark answer 3
	[ "$(grep -c $'\033' "$REPORT")" = 0 ]
	[ "$(grep -cF '##[error]' "$REPORT")" = 0 ]
}

@test "answer: it is shown when the program does not compile, too" {
	echo 'int main(void) { return 0 }' >"$HOMEWORK/daemon.c"
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	[ "$status" -eq 1 ]
	[ "$(of verdict)" = needs-grading ]
	mark answer 10
	[ "$status" -eq 0 ]
	valid_report
	[ "$(field "r['score'], r['extra_score'], r['verdict']")" = \
		"(0, 10, 'fail')" ]
}

@test "answer: an exercise without a written part says that it is not used" {
	cp solutions/isolation/right-fork-wait/*.c "$HOMEWORK"
	rm "$HOMEWORK/daemon.c"
	echo words >"$HOMEWORK/ANSWER.md"
	check isolation "$HOMEWORK" -n 2
	[ "$status" -eq 0 ]
	[ "$(field "[w['kind'] for w in r['warnings']]")" = \
		"['written-answer']" ]
}

@test "mark: it is listed, given, changed and taken back" {
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	mark
	[ "$status" -eq 0 ]
	says "waits for a person" "│ words" "grader mark $REPORT answer POINTS"
	mark answer 7.5 --comment "good, but '老太监'?" --by 王老师
	[ "$status" -eq 0 ]
	says "+7.5 / 10" "王老师" "good, but '老太监'?"
	valid_report
	[ "$(field "r['extra_score'], r['score'], r['verdict']")" = \
		"(27.5, 100, 'pass')" ]
	[ "$(of verdict)" = fail ]
	[ "$(of points)" = 7.5 ]
	mark answer 10
	[ "$(of verdict)" = pass ]
	[ "$(field "r['extra_score']")" = 30 ]
	valid_report
	mark answer --take-back
	[ "$(of verdict)" = needs-grading ]
	[ "$(of mark)" = None ]
	[ "$(field "r['extra_score']")" = 20 ]
	valid_report
}

@test "mark: giving and taking back leaves every other byte as it was" {
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	cp "$REPORT" "$BATS_TEST_TMPDIR/before.json"
	mark answer 4.25
	run cmp "$REPORT" "$BATS_TEST_TMPDIR/before.json"
	[ "$status" -eq 1 ]
	mark answer --take-back
	cmp "$REPORT" "$BATS_TEST_TMPDIR/before.json"
}

@test "mark: a report with runs keeps its layout, but for what is marked" {
	cp solutions/daemon/wrong-orphan/*.c "$HOMEWORK"
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	[ "$(field "len(r['traces']) > 0")" = True ]
	cp "$REPORT" "$BATS_TEST_TMPDIR/before.json"
	mark answer 4.25 --comment "so and so"
	# verdict, points, sum, and the mark with its six fields
	run diff "$BATS_TEST_TMPDIR/before.json" "$REPORT"
	echo "$output"
	[ "$(grep -c '^>' <<<"$output")" -le 13 ]
	[ "$(grep -c '^<' <<<"$output")" -le 4 ]
	valid_report
	mark answer --take-back
	cmp "$REPORT" "$BATS_TEST_TMPDIR/before.json"
}

@test "mark: what cannot be marked is refused, and the report untouched" {
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	cp "$REPORT" "$BATS_TEST_TMPDIR/before.json"
	mark answer 10.5
	[ "$status" -eq 2 ]
	says "'answer' has 0 to 10 points, not 10.5"
	mark nanswer 5
	[ "$status" -eq 2 ]
	says "did you mean 'answer'?"
	mark dies-together 5
	[ "$status" -eq 2 ]
	mark reaped 5
	[ "$status" -eq 2 ]
	says "has judged 'reaped' itself (pass)"
	for points in -1 1e1 nan 0x5 +5 5. .5 1.234 5,5 "" 1234567890; do
		mark -- answer "$points"
		[ "$status" -eq 2 ]
	done
	mark answer
	[ "$status" -eq 2 ]
	says "how many POINTS"
	mark answer 5 --comment $'\033[31m'
	[ "$status" -eq 2 ]
	mark answer 5 --comment $'\xd6\xd0'
	[ "$status" -eq 2 ]
	says "not UTF-8"
	mark answer 5 --comment "$(head -c 5000 /dev/zero | tr '\0' x)"
	[ "$status" -eq 2 ]
	mark answer --take-back
	[ "$status" -eq 2 ]
	says "'answer' has no mark"
	cmp "$REPORT" "$BATS_TEST_TMPDIR/before.json"
	rm "$HOMEWORK/ANSWER.md"
	graded
	mark answer 5
	[ "$status" -eq 2 ]
	says "there is no answer to be marked"
}

@test "mark: a report that is damaged, foreign or not there" {
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	head -c 700 "$REPORT" >"$BATS_TEST_TMPDIR/cut.json"
	REPORT=$BATS_TEST_TMPDIR/cut.json mark answer 5
	[ "$status" -eq 2 ]
	says "cut.json:"
	sed 's/"verdict":	"needs-grading"/"verdict": "great"/' "$REPORT" \
		>"$BATS_TEST_TMPDIR/odd.json"
	REPORT=$BATS_TEST_TMPDIR/odd.json mark answer 5
	[ "$status" -eq 2 ]
	says "odd.json:" "verdict': there is no verdict 'great'"
	REPORT=exercises/daemon/exercise.json mark
	[ "$status" -eq 2 ]
	says "schema"
	REPORT=$BATS_TEST_TMPDIR/none.json mark
	[ "$status" -eq 2 ]
	says "none.json"
}

@test "regrade: the mark of the same answer stays, though the program changed" {
	local first
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	mark answer 7 --comment "well said" --by Li
	first=$(of mark)
	graded
	[ "$status" -eq 0 ]
	valid_report
	[ "$(of mark)" = "$first" ]
	[ "$(of points)" = 7 ]
	[ "$(field "r['extra_score']")" = 27 ]
	echo '/* mended */' >>"$HOMEWORK/daemon.c"
	graded
	[ "$(of mark)" = "$first" ]
}

@test "regrade: of another answer it does not count, is told, and comes back" {
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	mark answer 7 --by Li
	echo more >>"$HOMEWORK/ANSWER.md"
	run "$GRADER" check daemon "$HOMEWORK" -n 2 --no-parallel --lang en \
		--report "$REPORT"
	[ "$status" -eq 0 ]
	says "7 points for an earlier answer do not count now (Li"
	valid_report
	[ "$(of verdict)" = needs-grading ]
	[ "$(of points)" = 0 ]
	[ "$(field "r['extra_score']")" = 20 ]
	rm "$HOMEWORK/ANSWER.md"
	graded
	valid_report
	[ "$(of verdict)" = fail ]
	: >"$HOMEWORK/daemon.c"
	graded
	[ "$(field "r['verdict']")" = refused ]
	valid_report
	cp solutions/daemon/right-pdeathsig/*.c "$HOMEWORK"
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	[ "$(of points)" = 7 ]
	[ "$(field "r['extra_score']")" = 27 ]
}

@test "regrade: a file that is no report, or whose marks would be lost, stays" {
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	head -c 700 "$REPORT" >"$BATS_TEST_TMPDIR/cut.json"
	cp "$BATS_TEST_TMPDIR/cut.json" "$BATS_TEST_TMPDIR/copy.json"
	REPORT=$BATS_TEST_TMPDIR/cut.json graded
	[ "$status" -eq 2 ]
	says "cut.json' is there and is no report" "remove it"
	cmp "$BATS_TEST_TMPDIR/cut.json" "$BATS_TEST_TMPDIR/copy.json"
	mark answer 7
	cp "$REPORT" "$BATS_TEST_TMPDIR/copy.json"
	run "$GRADER" check isolation "$HOMEWORK" -n 1 --quiet --report "$REPORT"
	[ "$status" -eq 2 ]
	says "a report of 'daemon' and has marks"
	cmp "$REPORT" "$BATS_TEST_TMPDIR/copy.json"
	mv "$HOMEWORK" "$BATS_TEST_TMPDIR/moved"
	HOMEWORK=$BATS_TEST_TMPDIR/moved graded
	[ "$(of points)" = 7 ]
	mkdir "$HOMEWORK"
	cp solutions/daemon/right-kill-wait/*.c "$HOMEWORK"
	echo "of somebody else" >"$HOMEWORK/ANSWER.md"
	cp "$REPORT" "$BATS_TEST_TMPDIR/copy.json"
	graded
	[ "$status" -eq 2 ]
	says "the report of '$BATS_TEST_TMPDIR/moved' and has marks"
	cmp "$REPORT" "$BATS_TEST_TMPDIR/copy.json"
	mark answer --take-back
	run "$GRADER" check isolation "$HOMEWORK" -n 1 --quiet --report "$REPORT"
	[ "$status" -eq 1 ]
	[ "$(field "r['exercise']")" = isolation ]
}

@test "pack: the written part stays what it is" {
	run "$GRADER" pack daemon -o "$BATS_TEST_TMPDIR/pack"
	[ "$status" -eq 0 ]
	export GRADER_EXERCISES=$BATS_TEST_TMPDIR/pack
	echo words >"$HOMEWORK/ANSWER.md"
	graded
	[ "$status" -eq 0 ]
	[ "$(of verdict)" = needs-grading ]
	[ "$(of titles)" = "$(GRADER_EXERCISES=$TOP/exercises
		graded
		of titles)" ]
}

@test "validate: it is no killer of mutants, and solutions cannot fail it" {
	mkdir -p "$BATS_TEST_TMPDIR/s"
	cp -r solutions/daemon/right-pdeathsig "$BATS_TEST_TMPDIR/s"
	run "$GRADER" validate daemon -f "$BATS_TEST_TMPDIR/s" -S 1 -m 1 -n 2
	says "daemon: 1 right"
	says_not "FAULT right-pdeathsig" "'answer'" $'\n  answer '
	cp -r solutions/daemon/right-pdeathsig \
		"$BATS_TEST_TMPDIR/s/wrong-words"
	echo '{"criteria": ["answer"]}' \
		>"$BATS_TEST_TMPDIR/s/wrong-words/expect.json"
	run "$GRADER" validate daemon -f "$BATS_TEST_TMPDIR/s" -S 1 -m 1 -n 2
	[ "$status" -ge 2 ]
	says "expect.json:1" "'answer' is marked by a person"
}
