# What the end-to-end tests share.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$TOP" || exit 1
GRADER=${GRADER_UNDER_TEST:-$TOP/build/grader}
PYTHON=/usr/bin/python3
export LC_ALL=C.UTF-8

# check EXERCISE PATH [OPTION...]: report.json is then $REPORT, the exit
# status $status, the messages $output.  Few schedules, unless told: what is
# asked for here needs no more.
check() {
	case " $* " in
	*" --schedules "* | *" -n "*) ;;
	*) set -- "$@" --schedules 8 ;;
	esac
	REPORT=$BATS_TEST_TMPDIR/report.json
	rm -f "$REPORT"
	run "$GRADER" check "$@" --quiet --report "$REPORT"
}

# field EXPRESSION: the Python expression over the report, called r.
field() {
	"$PYTHON" - "$REPORT" "$1" <<-'PY'
	import json, sys
	r = json.load(open(sys.argv[1], encoding="utf-8"))
	print(eval("(" + sys.argv[2] + ")"))
	PY
}

# says TEXT...: every text is in $output.
says() {
	local text
	for text; do
		if [[ $output != *"$text"* ]]; then
			echo "expected: $text"
			echo "got: $output"
			return 1
		fi
	done
}

# says_not TEXT...: none is; "! says" would not fail a test.
says_not() {
	local text
	for text; do
		if [[ $output == *"$text"* ]]; then
			echo "unexpected: $text"
			echo "got: $output"
			return 1
		fi
	done
}

valid_report() {
	"$PYTHON" -m jsonschema -i "$REPORT" \
		"$TOP/grader/report/report.schema.json"
}

# right EXERCISE NAME: full marks, and each extra but those that its
# expect.json says it misses.  Few schedules: make soak has a thousand.
right() {
	check "$1" "solutions/$1/$2" --schedules 8
	echo "$output"
	"$PYTHON" "$TOP/tests/e2e/judge-report" right "$REPORT" \
		"solutions/$1/$2/expect.json"
	[ "$status" -eq 0 ]
}

# wrong EXERCISE NAME: not full marks, and the criteria that its expect.json
# names fail.
# "schedules" there says how many show it, if a few do not.
wrong() {
	local count
	count=$(sed -n 's/.*"schedules": \([0-9]*\).*/\1/p' \
		"solutions/$1/$2/expect.json")
	check "$1" "solutions/$1/$2" --schedules "${count:-8}"
	echo "$output"
	"$PYTHON" "$TOP/tests/e2e/judge-report" wrong "$REPORT" \
		"solutions/$1/$2/expect.json"
	[ "$status" -le 1 ] # 0: only an extra is missed
}

# Waits until no process is called NAME (at most 15 bytes) any more.
nothing_left() {
	local i
	for i in $(seq 50); do
		grep -qxF -- "$1" /proc/[0-9]*/comm 2>/dev/null || return 0
		sleep 0.1
	done
	echo "left behind: $(grep -lxF -- "$1" /proc/[0-9]*/comm)"
	return 1
}

# put NAME: a source file from standard input; its path is $FILE.
put() {
	FILE=$BATS_TEST_TMPDIR/$1
	mkdir -p "$(dirname "$FILE")"
	cat >"$FILE"
}
