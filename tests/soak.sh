#!/bin/bash
# Long campaigns, for a night rather than for every commit:
#   seeds         every solution under many master seeds: a right one never
#                 loses a mark, a wrong one always fails what it must
#   determinism   every solution graded GRADINGS (default 50) times, more at
#                 once than there are processors: one report, byte for byte,
#                 but for `run`
#   replay        each finding of the wrong solutions replayed, half of the
#                 times beside busy loops: the trace of the report, byte for
#                 byte
#   traces        RUNS (default 10000) runs of the right solutions of all
#                 exercises under all policies, half beside busy loops: one
#                 trace a program, scenario, policy and seed
#   mistakes      tests/mistakes.sh: how many mistakes are found, and how often
#   kills         tests/kills.sh: a batch of 60 killed KILLS (default 100)
#                 times at random moments, and resumed
#   attacks       every attack of tests/attacks/table, ATTACKS (default 20)
#                 times, as root and as an ordinary user
# REPLAYS (default 1000) of them in all, SEEDS (default 20) from FIRST_SEED
# (default 2), KIND (right, wrong; default both), SCHEDULES (default: those of
# the exercise), MISTAKE_SEEDS (default 100).  0 leaves a part out.
set -u
cd "$(dirname "$0")/.." || exit 1
seeds=${SEEDS:-20}
first=${FIRST_SEED:-2}
gradings=${GRADINGS:-50}
replays=${REPLAYS:-1000}
folder=build/soak
export options=${SCHEDULES:+--schedules $SCHEDULES} folder
rm -rf "$folder"
mkdir -p "$folder"

# one SOLUTION SEED: grades it; a line of $folder/failed when it is misjudged
one() {
	local solution=$1 seed=$2 exercise name report
	exercise=$(basename "$(dirname "$solution")")
	name=$(basename "$solution")
	report=$folder/$exercise-$name-$seed.json
	# shellcheck disable=SC2086
	build/grader check "$exercise" "$solution" --seed "$seed" --quiet \
		$options --report "$report" 2>>"$folder/messages"
	if /usr/bin/python3 tests/e2e/judge-report "${name%%-*}" "$report" \
		"$solution/expect.json" >"$report.judged" 2>&1; then
		rm -f "$report" "$report.judged"
		echo >>"$folder/passed"
	else
		echo "  FAIL $exercise/$name seed $seed ($report)"
		grep -a FAULT "$report.judged"
		echo "$exercise/$name $seed" >>"$folder/failed"
	fi
}
export -f one

touch "$folder/failed" "$folder/passed"
for solution in solutions/*/"${KIND:-}"*/; do
	grep -q '"pending"' "$solution/expect.json" 2>/dev/null && continue
	for seed in $(seq "$first" $((first + seeds - 1))); do
		printf '%s\0%s\0' "$solution" "$seed"
	done
done | xargs -0 -r -n 2 -P "$(nproc)" bash -c 'one "$0" "$1"'
echo "seeds: $(wc -l <"$folder/passed") gradings right," \
	"$(wc -l <"$folder/failed") wrong"

# regrade EXERCISE/NAME COUNT [OPTION...]: graded so often; all reports must be
# the same bytes but for `run`.
regrade() {
	local sample=$1 count=$2 hashes
	shift 2
	hashes=$folder/hashes-${sample//\//-}
	for _ in $(seq "$count"); do
		build/grader check "${sample%/*}" "solutions/$sample" --json \
			"$@" 2>>"$folder/messages" |
			sed '/^\t"run":/,$d' | sha256sum
	done >"$hashes"
	if [ "$(sort -u "$hashes" | wc -l)" -eq 1 ] &&
		! grep -q '^e3b0c44298fc1c149afb' "$hashes"; then # of nothing
		rm "$hashes"
		echo "$count" >>"$folder/same"
	else
		echo "  FAIL $sample: different reports, or none"
		sort "$hashes" | uniq -c
		echo "$sample" >>"$folder/failed"
	fi
}
export -f regrade

busy=()
busy_begin() {
	for _ in $(seq "$(nproc)"); do
		(while :; do :; done) &
		busy+=($!)
	done
}
busy_end() {
	kill "${busy[@]}"
	wait 2>/dev/null
	busy=()
}

# first_of EXERCISE KIND: its first solution of that kind, as EXERCISE/NAME
first_of() {
	local path
	for path in solutions/"$1"/"$2"-*/; do
		[ ! -d "$path" ] || echo "$1/$(basename "$path")"
		break
	done
}

exercises=()
for exercise in exercises/*/exercise.json; do
	exercises+=("$(basename "$(dirname "$exercise")")")
done

samples=()
for exercise in "${exercises[@]}"; do
	for kind in right wrong; do
		sample=$(first_of "$exercise" "$kind")
		samples+=(${sample:+"$sample"})
	done
done

# Twice as many at once as there are processors: each is load for the others.
# Every solution with two schedules a scenario, and the samples as in a check.
touch "$folder/same"
if [ "$gradings" -gt 0 ]; then
	for solution in solutions/*/"${KIND:-}"*/; do
		echo "$(basename "$(dirname "$solution")")/$(basename "$solution")"
	done | xargs -r -P $(($(nproc) * 2)) -I{} bash -c \
		'regrade {} "$0" --schedules 2' "$gradings"
	# shellcheck disable=SC2016,SC2086
	printf '%s\n' "${samples[@]}" | xargs -P $(($(nproc) * 2)) -I{} \
		bash -c 'regrade {} "$0" $options' "$gradings"
fi
echo "determinism: $(wc -l <"$folder/same") times $gradings gradings, one" \
	"report each time"

# schedules_of REPORT: criterion and number of each finding with a schedule
schedules_of() {
	/usr/bin/python3 - "$1" <<-'PY'
	import json, sys
	r = json.load(open(sys.argv[1], encoding="utf-8"))
	for c in r["criteria"]:
	    for number, f in enumerate(c["findings"], 1):
	        if f["scenario"]:
	            print(c["id"], number)
	PY
}

# replay_all SOLUTION SEED: grades it and replays what was found
replay_all() {
	local exercise report criterion number
	exercise=$(basename "$(dirname "$1")")
	report=$folder/replay.json
	# shellcheck disable=SC2086
	build/grader check "$exercise" "$1" --seed "$2" --quiet $options \
		--report "$report" 2>>"$folder/messages"
	schedules_of "$report" >"$folder/schedules"
	while read -r criterion number; do
		[ "$replayed" -lt "$replays" ] || return
		[ "$replayed" -ne $((replays / 2)) ] || busy_begin
		replayed=$((replayed + 1))
		build/grader replay "$report" "$criterion" --quiet \
			--finding "$number" </dev/null 2>>"$folder/messages" &&
			continue
		echo "  FAIL $1 seed $2: $criterion, finding $number"
		echo "$1 $2 replay" >>"$folder/failed"
	done <"$folder/schedules"
}

replayed=0
seed=$first
while [ "$replayed" -lt "$replays" ]; do
	for solution in solutions/*/wrong-*/; do
		[ "$replayed" -lt "$replays" ] || break
		replay_all "$solution" "$seed"
	done
	seed=$((seed + 1))
done
[ -z "${busy[*]}" ] || busy_end
echo "replay: $replayed schedules, the trace of the report each time but" \
	"$(grep -c ' replay$' "$folder/failed")"

runs=${RUNS:-10000}
for exercise in "${exercises[@]}"; do
	[ "$runs" -gt 0 ] || break
	build/release/determinism $((runs / ${#exercises[@]})) "$exercise" \
		solutions/"$exercise"/right-* ||
		echo "traces $exercise" >>"$folder/failed"
done

if [ "${MISTAKE_SEEDS:-100}" -gt 0 ]; then
	SEEDS=${MISTAKE_SEEDS:-100} bash tests/mistakes.sh
fi

if [ "${KILLS:-100}" -gt 0 ]; then
	bash tests/kills.sh || echo "kills" >>"$folder/failed"
fi

if [ "${ATTACKS:-20}" -gt 0 ]; then
	build/release/attacks --times="${ATTACKS:-20}" >"$folder/attacks" ||
		echo "attacks" >>"$folder/failed"
	grep -A 20 '^not ok' "$folder/attacks"
	echo "attacks: $(tail -n 1 "$folder/attacks")"
fi

echo "soak: $(wc -l <"$folder/failed") failed"
[ ! -s "$folder/failed" ]
