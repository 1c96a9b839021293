#!/bin/bash
# Long campaigns, for a night rather than for every commit:
#   seeds         every solution under many master seeds: a right one never
#                 loses a mark, a wrong one always fails what it must
#   determinism   the same submission graded again and again beside busy loops:
#                 one report, byte for byte, but for `run`
# SEEDS (default 20), GRADINGS (default 200), SCHEDULES (default: exercise's).
set -u
cd "$(dirname "$0")/.." || exit 1
seeds=${SEEDS:-20}
gradings=${GRADINGS:-200}
options=()
[ -z "${SCHEDULES:-}" ] || options=(--schedules "$SCHEDULES")
folder=build/soak
rm -rf "$folder"
mkdir -p "$folder"
failed=0

# graded EXERCISE NAME SEED
graded() {
	build/grader check "$1" "solutions/$1/$2" --seed "$3" --quiet \
		"${options[@]}" --report "$folder/$1-$2-$3.json" \
		2>>"$folder/messages"
}

echo "seeds: $seeds master seeds for every solution"
for solution in solutions/*/*/; do
	exercise=$(basename "$(dirname "$solution")")
	name=$(basename "$solution")
	grep -q '"pending"' "$solution/expect.json" 2>/dev/null && continue
	for seed in $(seq "$seeds"); do
		report=$folder/$exercise-$name-$seed.json
		graded "$exercise" "$name" "$seed"
		if /usr/bin/python3 tests/e2e/judge-report "${name%%-*}" \
			"$report" "$solution/expect.json" >"$folder/judged" \
			2>&1; then
			rm -f "$report"
		else
			echo "  FAIL $exercise/$name seed $seed ($report)"
			grep -a FAULT "$folder/judged"
			failed=$((failed + 1))
		fi
	done
done

echo "determinism: $gradings gradings each, with busy loops beside"
busy=()
for _ in $(seq "$(($(nproc) * 2))"); do
	(while :; do :; done) &
	busy+=($!)
done
trap 'kill "${busy[@]}" 2>/dev/null' EXIT
for sample in tickets/right-flock tickets/wrong-no-lock \
	producer-consumer/wrong-no-end-signal daemon/wrong-pdeathsig-race; do
	[ -d "solutions/$sample" ] || continue
	for _ in $(seq "$gradings"); do
		build/grader check "${sample%/*}" "solutions/$sample" \
			--json "${options[@]}" 2>>"$folder/messages" |
			sed '/^\t"run":/,$d' | sha256sum
	done | sort | uniq -c >"$folder/hashes"
	if [ "$(wc -l <"$folder/hashes")" -ne 1 ]; then
		echo "  FAIL $sample: different reports"
		cat "$folder/hashes"
		failed=$((failed + 1))
	fi
done

echo "soak: $failed failed"
[ "$failed" -eq 0 ]
