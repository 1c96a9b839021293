#!/bin/bash
# A batch that is killed: grades a class of STUDENTS (default 60, who hand in
# PROGRAMS, default 20, right and wrong solutions of spawn, join and daemon)
# undisturbed, then KILLS (default 100) times anew with SIGKILL at a moment
# between the first and the last of that time, goes on with --resume, and
# compares every final byte (`run` of the reports and the footer of the pages
# aside) with the undisturbed class.  What a killed batch leaves running or half
# written is a failure too.
#
# SEED (default 1) of the moments.
set -u
cd "$(dirname "$0")/.." || exit 1
kills=${KILLS:-100}
students=${STUDENTS:-60}
programs=${PROGRAMS:-20}
RANDOM=${SEED:-1}
folder=build/kills
exercises=(spawn join daemon)
class=$folder/class
rm -rf "$folder"
mkdir -p "$class"

number=0
while [ "$number" -lt "$students" ]; do
	exercise=${exercises[number % ${#exercises[@]}]}
	solutions=(solutions/"$exercise"/*/)
	program=${solutions[number % programs % ${#solutions[@]}]}
	mkdir -p "$class/s$number/$exercise"
	cp "$program"/*.[ch] "$class/s$number/$exercise/"
	number=$((number + 1))
done

# grade FOLDER: the class, into it; its messages go to FOLDER.log
grade() {
	local options=() exercise
	for exercise in "${exercises[@]}"; do
		options+=(-e "$exercise")
	done
	build/grader batch "$class" "${options[@]}" -o "$1" --schedules 1 \
		--lang en --resume >>"$1.log" 2>&1
}

# final_bytes FOLDER, of $CLASS
CLASS=$class
. tests/e2e/class.bash

began=$(date +%s%N)
grade "$folder/whole" || {
	echo "kills: the undisturbed batch failed ($folder/whole.log)"
	exit 1
}
took=$((($(date +%s%N) - began) / 1000000))
whole=$(final_bytes "$folder/whole")

same=0
graded=0
for round in $(seq "$kills"); do
	out=$folder/$round
	moment=$(((RANDOM * 32768 + RANDOM) % took))
	grade "$out" &
	batch=$!
	sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
	# the shell that waits, and the grader below it
	pkill -KILL -P "$batch"
	wait "$batch" 2>/dev/null
	left=$(pgrep -f "build/grader batch $class" | wc -l)
	grade "$out"
	status=$?
	kept=$(sed -n 's/.*graded, \([0-9]*\) kept.*/\1/p' "$out.log" | tail -n 1)
	graded=$((graded + ${kept:-0}))
	half=$(find "$out" -name 'report.*.*' | wc -l)
	if [ "$status" -eq 0 ] && [ "$half" -eq 0 ] && [ "$left" -eq 0 ] &&
		[ "$(final_bytes "$out")" = "$whole" ]; then
		same=$((same + 1))
		rm -rf "$out" "$out.log"
	else
		echo "  FAIL killed at $moment of $took ms: status $status," \
			"$half half written, $left still running ($out)"
	fi
done
echo "kills: $same of $kills with the same final bytes;" \
	"$graded results of killed batches kept"
[ "$same" -eq "$kills" ]
