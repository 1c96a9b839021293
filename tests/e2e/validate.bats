# The author's proof: grader validate, on a few solutions of daemon.
load helpers

setup() {
	all=$BATS_TEST_TMPDIR/solutions
	mkdir "$all"
	cp -r solutions/daemon/right-pdeathsig solutions/daemon/wrong-zombie "$all"
}

prove() {
	run "$GRADER" validate daemon --solutions "$all" --seeds 1 \
		--schedules 10 --jobs 2 "$@"
}

@test "right, wrong, starter and nothing are as they should be" {
	prove --mutants 1 --json "$BATS_TEST_TMPDIR/v.json"
	says "1 right, 1 wrong solutions, 1 mutants"
	says_not "FAULT right-" "FAULT wrong-" "FAULT starter" "FAULT nothing"
	python3 - "$BATS_TEST_TMPDIR/v.json" <<-'END'
		import json, sys
		made = json.load(open(sys.argv[1]))
		kinds = {t["kind"]: t for t in made["trials"]}
		assert kinds["nothing"]["score"] == kinds["broken"]["score"] == 0
		assert not kinds["broken"]["compiled"]
		assert kinds["right"]["failed"] == []
		assert "reaped" in kinds["wrong"]["failed"]
		assert kinds["mutant"]["change"]
	END
}

@test "negative control: a wrong solution among the right ones, and so on" {
	cp -r "$all/wrong-zombie" "$all/right-zombie"
	rm "$all/right-zombie/expect.json"
	cp -r "$all/right-pdeathsig" "$all/wrong-pdeathsig"
	echo '{"criteria": ["reaped"]}' >"$all/wrong-pdeathsig/expect.json"
	echo '{"criteria": ["duration"]}' >"$all/wrong-zombie/expect.json"
	prove --mutants 1
	[ "$status" -eq 1 ]
	says "FAULT right-zombie: reaped: fail" \
		"FAULT wrong-pdeathsig: reaped: pass, must fail" \
		"FAULT wrong-zombie: reaped fails too"
	# nothing here shows what they are for
	says "criterion 'normal-death' kills nothing"
}

@test "a mutant that lives is told, unless it is known to be no mistake" {
	local mutant
	rm -r "$all/wrong-zombie"
	# a constant that does nothing is changed
	sed 's/^int main/void nobody(int fd)\n{\n\tclose(fd);\n}\n\n&/' \
		"$all/right-pdeathsig/daemon.c" >"$all/right-pdeathsig/b.c"
	sed -i '1i #include <unistd.h>' "$all/right-pdeathsig/b.c"
	mv "$all/right-pdeathsig/b.c" "$all/right-pdeathsig/daemon.c"
	prove
	[ "$status" -eq 1 ]
	says "lives"
	mutant=right-pdeathsig/daemon.c:drop-close:1
	says "FAULT $mutant: lives" "close(fd) -> 0"
	echo "{\"$mutant\": \"nobody calls it\"}" >"$all/equivalent.json"
	prove
	says_not "FAULT $mutant"
	echo '{"right-pdeathsig/daemon.c:drop-close:9": "x"}' \
		>"$all/equivalent.json"
	prove
	[ "$status" -eq 3 ]
	says equivalent.json "there is no such mutant"
}

@test "a wrong solution without expectations, or with unknown ones, is told" {
	echo '{"criteria": ["reeped"]}' >"$all/wrong-zombie/expect.json"
	prove --mutants 1
	[ "$status" -eq 3 ]
	says expect.json "no criterion 'reeped'"
	rm "$all/wrong-zombie/expect.json"
	prove --mutants 1
	[ "$status" -eq 3 ]
	says expect.json missing
}

@test "an exercise of the course holds: all solutions, a dozen mutants" {
	run "$GRADER" validate spawn --seeds 1 --schedules 12 --mutants 12 \
		--jobs 2
	echo "$output"
	[ "$status" -eq 0 ]
	says "12 mutants" "0 live"
	says_not FAULT
}
