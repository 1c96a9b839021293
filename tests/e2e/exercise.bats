# What authors of exercises have: new-exercise, the schema, the manual.
load helpers

setup() {
	made=$BATS_TEST_TMPDIR/course
	mkdir "$made"
}

new() {
	run "$GRADER" new-exercise "$@" --dir "$made/exercises"
}

@test "all exercises are valid by the schema, hidden scenarios too" {
	run tests/e2e/exercise-schema valid exercises/*/exercise.json \
		exercises/*/hidden.json grader/skeleton/exercise/*.json
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${output%% files}" -ge 22 ]
}

@test "the schema and the reader accept and refuse the same" {
	run tests/e2e/exercise-schema differ "$GRADER" tests/e2e/every-field.json
	echo "$output"
	[ "$status" -eq 0 ]
	says "changes: both refuse"
}

@test "the manual tells each field, its examples are right" {
	run tests/e2e/exercise-schema manual "$GRADER"
	echo "$output"
	[ "$status" -eq 0 ]
	says " examples"
}

@test "negative control: a schema, a manual that are wrong are found" {
	mkdir -p "$made/grader" "$made/man" "$made/tests"
	cp -r tests/e2e "$made/tests"
	cp man/grader-exercise.5.scd "$made/man"
	sed 's/"maximum": 100,/"maximum": 1,/; s/"stdin"/"stdinn"/' \
		grader/exercise.schema.json >"$made/grader/exercise.schema.json"
	sed -i 's/"rule": "reaped"}/"rule": "reapt"}/' \
		"$made/man/grader-exercise.5.scd"
	cp tests/e2e/every-field.json "$made"
	cd "$made"
	run tests/e2e/exercise-schema valid "$TOP/exercises/spawn/exercise.json"
	[ "$status" -eq 1 ]
	says "is greater than the maximum of 1"
	run tests/e2e/exercise-schema differ "$GRADER" every-field.json
	[ "$status" -eq 1 ]
	says "only the schema refuses it"
	run tests/e2e/exercise-schema manual "$GRADER"
	[ "$status" -eq 1 ]
	says "the manual does not tell 'stdinn'" \
		"has no example of the rule 'reaped'"
}

@test "a new exercise holds at once, and is graded, recorded and packed" {
	new say-hello --title-zh '打"招呼"' --title-en 'say "hello" \o/'
	echo "$output"
	[ "$status" -eq 0 ]
	says "$made/exercises/say-hello" "$made/solutions/say-hello" \
		"export GRADER_EXERCISES='$made/exercises'" \
		"下一步 / next:" "grader validate say-hello" "检验这道题"
	export GRADER_EXERCISES=$made/exercises
	run "$GRADER" list --lang zh
	says '打"招呼"' "./say-hello 3"
	run "$GRADER" validate say-hello --seeds 2 --jobs 2 \
		--json "$made/all.json"
	echo "$output"
	[ "$status" -eq 0 ]
	says "3 right, 7 wrong solutions, 12 mutants: 11 killed, 1 no mistake, 0 live"
	"$PYTHON" - "$made/all.json" <<-'END'
		import json, sys
		made = json.load(open(sys.argv[1]))
		assert made["holds"] and not made["faults"]
		assert all(one["wrong"] and one["alone"]
		           for one in made["criteria"])
		starter, = [t for t in made["trials"] if t["kind"] == "starter"]
		assert starter["compiled"] and starter["failed"] == ["compiles"]
	END
	run "$GRADER" record say-hello --schedules 5
	echo "$output"
	[ "$status" -eq 0 ]
	[ -s "$made/exercises/say-hello/reference/note.json" ]
	check say-hello "$made/solutions/say-hello/wrong-sleeps" --lang en
	[ "$status" -eq 1 ]
	[ "$(field '[c["id"] for c in r["criteria"] if c["verdict"] == "fail"]')" \
		= "['last']" ]
	run "$GRADER" pack say-hello -o "$made/pack"
	[ "$status" -eq 0 ]
	[ ! -e "$made/pack/say-hello/hidden.json" ]
	# nothing of the skeleton's name is left
	run grep -rin skeleton "$made/exercises" "$made/solutions"
	[ "$status" -eq 1 ]
	[ -z "$(find "$made" -name '*skeleton*' -o -name '.new*')" ]
}

@test "new-exercise overwrites nothing and leaves nothing half made" {
	new one
	[ "$status" -eq 0 ]
	cp -r "$made" "$made.before"
	new one --title-en other
	[ "$status" -eq 3 ]
	says "$made/exercises/one' is there already; nothing was changed"
	mkdir "$made/exercises/two" "$made.before/exercises/two"
	new two
	[ "$status" -eq 3 ]
	touch "$made/solutions/three" "$made.before/solutions/three"
	new three
	[ "$status" -eq 3 ]
	says "$made/solutions/three' is there already"
	diff -r "$made" "$made.before"
	[ ! -e "$made/exercises/three" ]
}

@test "new-exercise takes no bad name, title or folder" {
	local name
	for name in Upper 1one under_score a/b .. é "" exercises \
		"a$(printf '%040d' 0)"; do
		new "$name"
		echo "$output"
		[ "$status" -eq 2 ]
	done
	says "no name of an exercise"
	new good --title-zh ""
	[ "$status" -eq 2 ]
	says "--title-zh is empty"
	new good --title-en $'a\nb'
	[ "$status" -eq 2 ]
	says "--title-en has a control character"
	new good --title-en $'\xff'
	[ "$status" -eq 2 ]
	says "not UTF-8"
	new
	[ "$status" -eq 2 ]
	new one two
	[ "$status" -eq 2 ]
	[ -z "$(ls -A "$made")" ]
	run "$GRADER" new-exercise good --dir "$made/a/b/c"
	[ "$status" -eq 3 ]
	says "$made/a/b/c"
	[ -z "$(ls -A "$made")" ]
}

@test "solutions come into a folder that is not called exercises" {
	run "$GRADER" new-exercise one --dir "$made"
	[ "$status" -eq 0 ]
	[ -d "$made/solutions/one/right-wait" ]
	GRADER_EXERCISES=$made run "$GRADER" list
	[ "$status" -eq 0 ]
	GRADER_EXERCISES=$made run "$GRADER" validate one --mutants 1 --seeds 1 \
		--schedules 3 --jobs 2
	says "3 right, 7 wrong"
}

@test "an exercise that cannot be read is told, and hides no other" {
	new bad
	new good
	echo '{"id": "bad",}' >"$made/exercises/bad/exercise.json"
	GRADER_EXERCISES=$made/exercises run "$GRADER" list
	[ "$status" -eq 3 ]
	says "bad/exercise.json:1: not valid JSON: a comma behind the last" \
		"./good 3"
}
