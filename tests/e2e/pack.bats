# What students get: grader pack.
load helpers

# Names and arguments of the hidden scenarios of exercise $1.
hidden_words() {
	grep -o '"id": *"[^"]*"' "exercises/$1/hidden.json" |
		sed 's/.*: *"\(.*\)"/\1/'
	# a group that no visible scenario has
	grep -o '"groups": *\[[^]]*\]' "exercises/$1/hidden.json" |
		grep -o '"[^"]*"' | grep -v '"groups"' | sort -u | while read -r group; do
			sed '/"criteria"/,$d' "exercises/$1/exercise.json" |
				grep -qF "$group" || echo "$group"
		done
}

# Does folder $2 name the scenario or group $1?
told() {
	sed '/"criteria"/,$d' "$2/exercise.json" | grep -F "$1" ||
		grep -rF "$1" "$2" | grep -v '"id"'
}

setup() {
	packed=$BATS_TEST_TMPDIR/pack
}

@test "a pack tells nothing of hidden scenarios, and keeps all criteria" {
	local exercise word count=0
	for exercise in daemon tickets producer-consumer; do
		"$GRADER" pack -o "$packed" "$exercise"
		[ ! -e "$packed/$exercise/hidden.json" ]
		while read -r word; do
			count=$((count + 1))
			# as a name of its own: "long" is in "longer"; a
			# criterion may have the id of a scenario
			if told "\"${word//\"/}\"" "$packed/$exercise"; then
				echo "told: $word"
				return 1
			fi
			[ ! -e "$packed/$exercise/reference/$word.json" ]
		done < <(hidden_words "$exercise")
		[ "$(grep -c '"points"' "$packed/$exercise/exercise.json")" -eq \
			"$(grep -c '"points"' "exercises/$exercise/exercise.json")" ]
		[ -s "$packed/$exercise/handout.zh.md" ]
		[ -s "$packed/$exercise/handout.en.md" ]
		ls "$packed/$exercise"/starter/*.c
	done
	[ "$count" -gt 20 ]
	[ -z "$(find "$packed" -name '*right*' -o -name '*wrong*')" ]
}

@test "the same grader works on a pack" {
	"$GRADER" pack -o "$packed" tickets
	GRADER_EXERCISES=$packed run "$GRADER" check tickets \
		solutions/tickets/right-flock --schedules 2 --lang en
	[ "$status" -eq 0 ]
	says "100 / 100" "judged after handing in"
	GRADER_EXERCISES=$packed run "$GRADER" check tickets \
		solutions/tickets/wrong-no-lock --lang en
	[ "$status" -eq 1 ]
	says "mutual exclusion"
}

@test "the visible scenarios of a pack run the same schedules as the whole" {
	local arguments="tickets solutions/tickets/right-flock --scenario
		nolock-note --seed 77 --policy random"
	"$GRADER" pack -o "$packed" tickets
	# word splitting is wanted
	# shellcheck disable=SC2086
	GRADER_EXERCISES=$packed "$GRADER" trace $arguments >"$packed.1"
	# shellcheck disable=SC2086
	"$GRADER" trace $arguments >"$packed.2"
	cmp "$packed.1" "$packed.2"
}

@test "what is there already is not overwritten; an unknown exercise is told" {
	"$GRADER" pack -o "$packed" daemon
	run "$GRADER" pack -o "$packed" daemon
	[ "$status" -eq 3 ]
	says daemon "File exists"
	run "$GRADER" pack -o "$packed" demon
	[ "$status" -eq 2 ]
	says "did you mean 'daemon'?"
	run "$GRADER" pack
	[ "$status" -eq 2 ]
}
