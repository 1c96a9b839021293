# A class on several machines, and workers that hang.
load helpers
load class

setup() {
	class_setup
}

# shard I [OPTION...]: of three, into shards/I.
shard() {
	run "$GRADER" batch "$CLASS" -e spawn \
		-o "$BATS_TEST_TMPDIR/shards/$1" --shard "$1/3" --schedules 2 \
		--lang en "${@:2}"
	echo "$output"
}

merge() {
	run "$GRADER" merge "$BATS_TEST_TMPDIR/whole" \
		"$BATS_TEST_TMPDIR"/shards/*
	echo "$output"
}

fill_class() {
	local i
	for i in 1 2 3 4 5 6 7 8 9; do
		hand_in "s$i" "$(ls -d solutions/spawn/* | sed -n "$((i * 2))p")"
	done
	hand_in copy "$(ls -d solutions/spawn/* | sed -n 4p)"
	mkdir "$CLASS/empty"
	mkdir "$BATS_TEST_TMPDIR/shards"
}

@test "three shards, one lost, one cut, rerun: the bytes of one machine" {
	local i folder=$BATS_TEST_TMPDIR/shards
	fill_class
	printf '%s\n' id s1 s2 s3 s4 s5 s6 s7 s8 s9 copy empty absent1 absent2 \
		>"$BATS_TEST_TMPDIR/roster.csv"
	batch --roster "$BATS_TEST_TMPDIR/roster.csv"
	[ "$status" -eq 0 ]
	for i in 1 2 3; do
		shard $i --roster "$BATS_TEST_TMPDIR/roster.csv"
		[ "$status" -eq 0 ]
	done
	# everybody is in one of them
	[ "$(cat "$folder"/*/grades.csv | grep -c '^"')" -eq 13 ]
	mv "$folder/2" "$BATS_TEST_TMPDIR/lost"
	merge
	[ "$status" -eq 3 ]
	says "shard 2 is lost" "$folder/2 --shard 2/3 --resume --roster" \
		"--array=2"
	[ ! -e "$BATS_TEST_TMPDIR/whole/grades.csv" ]
	# the command that it told
	local command
	command=$(sed -n 's/^    grader batch/batch/p' <<<"$output")
	eval "\"$GRADER\" $command" >/dev/null 2>&1
	# of another a report is cut, and one is gone
	local cut gone
	cut=$(ls "$folder"/1/reports/*/spawn/report.json | head -n 1)
	gone=$(ls "$folder"/3/reports/*/spawn/report.html | head -n 1)
	truncate -s 300 "$cut"
	rm "$gone"
	merge
	[ "$status" -eq 3 ]
	says "shard 1 lacks 1 submissions" "shard 3 lacks 1 submissions" \
		"--array=1,3"
	rm "$cut"
	shard 1 --resume
	says "1 graded"
	shard 3 --resume
	says "1 graded"
	merge
	[ "$status" -eq 0 ]
	says "13 students: 11 graded, 2 not handed in"
	[ "$(final_bytes "$OUT")" = \
		"$(final_bytes "$BATS_TEST_TMPDIR/whole")" ]
	# and it is a class like any other
	run "$GRADER" batch "$CLASS" -e spawn -o "$BATS_TEST_TMPDIR/whole" \
		--resume --schedules 2 --lang en
	[ "$status" -eq 0 ]
	says "13 students: 0 graded, 11 kept, 2 not handed in"
	[ "$(final_bytes "$OUT")" = \
		"$(final_bytes "$BATS_TEST_TMPDIR/whole")" ]
}

# kill_at_first_report [OPTION...]: of shard 3.
kill_at_first_report() {
	local parent folder=$BATS_TEST_TMPDIR/shards/3
	"$GRADER" batch "$CLASS" -e spawn -J 1 -o "$folder" --shard 3/3 \
		--lang en "$@" >/dev/null 2>&1 3>&- &
	parent=$!
	until [ -e "$folder/reports" ]; do sleep 0.02; done
	kill -KILL "$parent"
	wait "$parent" || :
}

@test "a shard that was killed lacks what it did not come to" {
	fill_class
	shard 1
	shard 2
	kill_at_first_report --schedules 300
	merge
	[ "$status" -eq 2 ]
	says "different options"
	rm -r "$BATS_TEST_TMPDIR/shards/3"
	kill_at_first_report --schedules 2
	merge
	[ "$status" -eq 3 ]
	shard 3 --resume
	[ "$status" -eq 0 ]
	merge
	[ "$status" -eq 0 ]
}

@test "what was not graded alike is not merged" {
	hand_in alice "$RIGHT"
	hand_in bob "$WRONG"
	mkdir "$BATS_TEST_TMPDIR/shards"
	cp -r exercises "$BATS_TEST_TMPDIR/exercises"
	shard 1
	shard 2
	export GRADER_EXERCISES=$BATS_TEST_TMPDIR/exercises
	sed -i 's/"points": /"points":  /' "$GRADER_EXERCISES/spawn/exercise.json"
	shard 3
	merge
	[ "$status" -eq 2 ]
	says "exercise 'spawn' is another version here than the shards"
	unset GRADER_EXERCISES
	merge
	[ "$status" -eq 2 ]
	says "different versions of an exercise"
	rm -r "$BATS_TEST_TMPDIR/shards/3"
	shard 3 --seed 2
	merge
	[ "$status" -eq 2 ]
	says "different options"
	rm -r "$BATS_TEST_TMPDIR/shards/3"
	cp -r "$BATS_TEST_TMPDIR/shards/2" "$BATS_TEST_TMPDIR/shards/3"
	merge
	[ "$status" -eq 2 ]
	says "are both shard 2"
	# one folder is for one shard
	shard 1
	[ "$status" -eq 2 ]
	run "$GRADER" batch "$CLASS" -e spawn --resume --schedules 2 \
		-o "$BATS_TEST_TMPDIR/shards/1" --shard 2/3
	[ "$status" -eq 2 ]
	says "another shard"
	run "$GRADER" batch "$CLASS" -e spawn -o "$OUT" --shard 4/3
	[ "$status" -eq 2 ]
	run "$GRADER" batch "$CLASS" -e spawn -o "$OUT" --shard 4
	[ "$status" -eq 2 ]
	says "such as 3/8"
	batch
	run "$GRADER" merge "$OUT" "$BATS_TEST_TMPDIR"/shards/1
	[ "$status" -eq 2 ]
	says "has the results of a class already"
	run "$GRADER" merge "$BATS_TEST_TMPDIR/whole" "$OUT"
	[ "$status" -eq 2 ]
	says "has no shard but a whole class"
	run "$GRADER" merge "$BATS_TEST_TMPDIR/whole" "$BATS_TEST_TMPDIR/none"
	[ "$status" -eq 2 ]
}

@test "an archive in shards" {
	local i
	fill_class
	tar -C "$CLASS" -czf "$BATS_TEST_TMPDIR/class.tgz" .
	batch
	CLASS_FOLDER=$CLASS
	for i in 1 2 3; do
		CLASS=$BATS_TEST_TMPDIR/class.tgz shard $i
	done
	merge
	[ "$status" -eq 0 ]
	[ "$(final_bytes "$OUT")" = \
		"$(final_bytes "$BATS_TEST_TMPDIR/whole")" ]
	[ -e "$BATS_TEST_TMPDIR/whole/submissions/s1" ]
}

@test "a worker that hangs costs its own submission the mark, not the class" {
	hand_in alice "$RIGHT"
	hand_in bob "$WRONG"
	hand_in zoe "$(ls -d solutions/spawn/right-* | sed -n 2p)"
	# such a patience is enough for who is not stopped
	run "$GRADER" batch "$CLASS" -e spawn -o "$OUT.usual" -J 1 \
		--schedules 400 --patience 5
	[ "$status" -eq 0 ]
	"$GRADER" batch "$CLASS" -e spawn -o "$OUT" -J 1 --schedules 400 \
		--patience 5 --lang en >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	local parent=$! worker=
	until [ -s "$OUT/reports/alice/spawn/report.html" ]; do sleep 0.1; done
	worker=$(pgrep -P "$parent")
	kill -STOP $worker
	status=0
	wait "$parent" || status=$?
	cat "$BATS_TEST_TMPDIR/log"
	[ "$status" -eq 3 ]
	grep -q '^"alice","alice",no,100,' "$OUT/grades.csv"
	grep -q '^"bob","bob",no,,,trouble,,,100' "$OUT/grades.csv"
	grep -q '^"zoe","zoe",no,100,' "$OUT/grades.csv"
	grep -q 'no sign of life for 5 s' "$OUT/class.json"
	[ ! -e "/proc/$worker" ]
	nothing_left spawn
}
