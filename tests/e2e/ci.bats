# Continuous integration of an exercise repository, and the autograder of
# Gradescope in its own layout of folders.
load helpers

setup() {
	REPO=$BATS_TEST_TMPDIR/repo
	mkdir -p "$REPO/spawn"
	cp "$(ls -d solutions/spawn/right-* | head -n 1)"/*.c "$REPO/spawn/"
	unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITHUB_OUTPUT
	export LANG=en_US.UTF-8
}

# config JSON: grader.json of the repository.
config() {
	printf '%s\n' "$1" >"$REPO/grader.json"
}

@test "reports are written, and the status is that of the grading" {
	config '{"exercises": [{"exercise": "spawn"}], "schedules": 2,
		"reports": {"junit": "out/junit.xml", "sarif": "out/r.sarif"}}'
	cd "$REPO"
	run "$GRADER" ci
	[ "$status" -eq 0 ]
	says "100 / 100"
	cd "$TOP"
	tests/e2e/check-format junit "$REPO/out/junit.xml"
	tests/e2e/check-format sarif "$REPO/out/r.sarif"
	cp solutions/spawn/wrong-no-wait/*.c "$REPO/spawn/"
	run "$GRADER" ci "$REPO"
	[ "$status" -eq 1 ]
}

@test "on GitHub: annotations, the summary, the result of the classroom" {
	config '{"exercises": [{"exercise": "spawn", "path": "spawn"}],
		"schedules": 2}'
	rm "$REPO"/spawn/*
	cp solutions/spawn/wrong-no-wait/*.c "$REPO/spawn/"
	export GITHUB_ACTIONS=true
	export GITHUB_STEP_SUMMARY=$BATS_TEST_TMPDIR/summary
	export GITHUB_OUTPUT=$BATS_TEST_TMPDIR/output
	echo "before=1" >"$GITHUB_OUTPUT"
	cd "$REPO"
	"$GRADER" ci >"$BATS_TEST_TMPDIR/annotations" || [ $? -eq 1 ]
	cd "$TOP"
	tests/e2e/check-format github "$BATS_TEST_TMPDIR/annotations"
	grep -q '^::error file=spawn/.*\.c,line=' "$BATS_TEST_TMPDIR/annotations"
	tests/e2e/check-format markdown "$GITHUB_STEP_SUMMARY"
	[ "$(head -n 1 "$GITHUB_OUTPUT")" = before=1 ]
	sed 1d "$GITHUB_OUTPUT" >"$BATS_TEST_TMPDIR/result"
	tests/e2e/check-format classroom "$BATS_TEST_TMPDIR/result"
}

@test "the steps of action.yml do what they say" {
	config '{"exercises": [{"exercise": "spawn"}], "schedules": 2}'
	export GITHUB_ACTION_PATH=$TOP GITHUB_OUTPUT=$BATS_TEST_TMPDIR/output
	export FOLDER=$REPO REQUIRED=C
	"$PYTHON" - >"$BATS_TEST_TMPDIR/step" <<-'PY'
	import re
	text = open("action.yml", encoding="utf-8").read()
	steps = re.findall(r"      run: \|\n((?:        .*\n)+)", text)
	assert len(steps) == 2 and "setup-build" in steps[0]
	print(re.sub(r"(?m)^ {8}", "", steps[1]))
	PY
	run bash -e "$BATS_TEST_TMPDIR/step"
	[ "$status" -eq 0 ]
}

@test "mistakes in grader.json are told with line and field" {
	local text
	while IFS='|' read -r text expected; do
		config "$text"
		run "$GRADER" ci "$REPO"
		[ "$status" -eq 2 ]
		says "grader.json:1" "$expected"
	done <<-'END'
	{"exercises": []}|names no exercise
	{"exercises": [{"exercise": "spawn", "path": "../x"}]}|not a path below
	{"exercises": [{"exercise": "spawn", "path": "/etc"}]}|not a path below
	{"exercises": [{"exercise": "spawn"}], "reports": {"xml": "a"}}|no format
	{"exercises": [{"exercise": "spawn"}, {"exercise": "join"}], "reports": {"tap": "a"}}|{exercise}
	{"exercises": [{"exercise": "spawn"}], "oops": 1}|oops
	[]|an object expected
	END
	rm "$REPO/grader.json"
	run "$GRADER" ci "$REPO"
	[ "$status" -eq 2 ]
	says "grader.json"
}

@test "the Gradescope autograder runs in its layout of folders" {
	local root=$BATS_TEST_TMPDIR/autograder
	scripts/make-gradescope spawn "$BATS_TEST_TMPDIR/grader.zip"
	mkdir -p "$root/source/build" "$root/submission"
	"$PYTHON" -m zipfile -e "$BATS_TEST_TMPDIR/grader.zip" "$root/source"
	[ -f "$root/source/setup.sh" ]
	tar -C "$root/source" -xzf "$root/source/grader.tar.gz"
	[ ! -e "$root/source/solutions" ]
	# what setup.sh builds there
	cp "$GRADER" "$root/source/build/grader"
	cp solutions/spawn/wrong-no-wait/*.c "$root/submission/"
	AUTOGRADER=$root GRADER_EXERCISES=$root/source/exercises \
		bash "$root/source/run_autograder"
	tests/e2e/check-format gradescope "$root/results/results.json"
	echo nothing >"$root/source/exercise"
	run env AUTOGRADER="$root" bash "$root/source/run_autograder"
	[ "$status" -ne 0 ]
	grep -q 'no mark' "$root/results/results.json"
	! grep -q score "$root/results/results.json" || false
}
