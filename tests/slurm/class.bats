# On demand (make test-slurm): a class as an array of jobs of a real Slurm of
# one node, and with GNU parallel.
load ../e2e/helpers
load ../e2e/class

setup() {
	class_setup
	local i
	for i in 1 2 3 4 5 6 7 8 9; do
		hand_in "s$i" "$(ls -d solutions/spawn/* | sed -n "$((i * 2))p")"
	done
	OPTIONS=(-e spawn --schedules 2 --lang en)
	run "$GRADER" batch "$CLASS" -o "$OUT" "${OPTIONS[@]}"
	[ "$status" -eq 0 ]
	PARTS=$BATS_TEST_TMPDIR/parts
}

# array NUMBERS [OPTION...]: runs these tasks to their end.
array() {
	GRADER=$GRADER sbatch --wait --array="$1" \
		--output="$BATS_TEST_TMPDIR/%a.log" "${@:2}" \
		scripts/class.sbatch 3 "$CLASS" "$PARTS" "${OPTIONS[@]}"
}

in_slurm() {
	export -f array merge in_the_node
	export GRADER CLASS PARTS BATS_TEST_TMPDIR PYTHON
	export ARRAY_OPTIONS="${OPTIONS[*]}"
	tests/slurm/node "$BATS_TEST_TMPDIR/slurm" bash -c in_the_node
}

merge() {
	"$GRADER" merge "$PARTS/class" "$PARTS"/shard-* 2>&1
}

@test "an array of jobs, a task that is lost, and its array again" {
	in_the_node() {
		read -ra OPTIONS <<<"$ARRAY_OPTIONS"
		array 1-3 || echo "sbatch ended with $?"
		cat "$BATS_TEST_TMPDIR"/[123].log
		rm -r "$PARTS/shard-2"
		merge && return 1
		array "$(merge | sed -n 's/.*--array=\([0-9,]*\),.*/\1/p')"
		merge
	}
	run in_slurm
	echo "$output"
	if [ "$status" -eq 77 ]; then
		[ -z "${GRADER_MUST_WORK:-}" ]
		skip "${lines[0]}"
	fi
	[ "$status" -eq 0 ]
	says "shard 2 is lost" "--array=2" "9 students: 9 graded"
	[ "$(final_bytes "$OUT")" = "$(final_bytes "$PARTS/class")" ]
}

@test "a task that Slurm ends leaves nothing at work" {
	in_the_node() {
		read -ra OPTIONS <<<"$ARRAY_OPTIONS"
		OPTIONS+=(--schedules 20000)
		GRADER=$GRADER sbatch --array=2 \
			--output="$BATS_TEST_TMPDIR/%a.log" \
			scripts/class.sbatch 3 "$CLASS" "$PARTS" \
			"${OPTIONS[@]}"
		until pgrep -f -- "-o $PARTS/shard-2" >/dev/null; do
			sleep 0.2
		done
		sleep 2
		scancel --name grader
		local end=$((SECONDS + 20))
		until [ -z "$(squeue -h)" ]; do
			[ $SECONDS -lt $end ] || return 1
			sleep 0.2
		done
		! pgrep -f -- "-o $PARTS/shard-2"
	}
	run in_slurm
	echo "$output"
	if [ "$status" -eq 77 ]; then
		[ -z "${GRADER_MUST_WORK:-}" ]
		skip "${lines[0]}"
	fi
	[ "$status" -eq 0 ]
	nothing_left spawn
}

@test "GNU parallel" {
	if ! command -v parallel >/dev/null; then
		[ -z "${GRADER_MUST_WORK:-}" ]
		skip "GNU parallel is not there"
	fi
	parallel -j 2 "$GRADER" batch "$CLASS" "${OPTIONS[@]}" \
		-o "$PARTS/shard-{}" --shard "{}/3" --resume -J 1 ::: 1 2 3
	run merge
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(final_bytes "$OUT")" = "$(final_bytes "$PARTS/class")" ]
}
