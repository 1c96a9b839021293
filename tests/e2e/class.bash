# What the tests of classes share: $CLASS, a folder to fill; $OUT, the results.

class_setup() {
	CLASS=$BATS_TEST_TMPDIR/class
	OUT=$BATS_TEST_TMPDIR/out
	mkdir -p "$CLASS"
	RIGHT=$(ls -d solutions/spawn/right-* | head -n 1)
	WRONG=solutions/spawn/wrong-no-wait
}

# hand_in NAME SOLUTION: a folder of its own.
hand_in() {
	mkdir -p "$CLASS/$1"
	cp "$2"/*.[ch] "$CLASS/$1/"
}

batch() {
	run "$GRADER" batch "$CLASS" -e spawn -o "$OUT" --schedules 2 \
		--lang en "$@"
}

# The results of $1 without what may differ between two gradings: what stands
# under "run", and the feet of pages.  A submission of the folder $CLASS is told
# as it is when it came in an archive.
final_bytes() {
	(
		cd "$1"
		cat grades.csv
		sed '/^"run":/d' class.json
		sed '/^<footer>/,$d' class.html
		find reports -type f | sort | while read -r file; do
			echo "$file"
			sed "s|$CLASS/|submissions/|
				/^\t\"run\":/,\$d; /^<footer>/,\$d" "$file"
		done
	) | sha256sum
}
