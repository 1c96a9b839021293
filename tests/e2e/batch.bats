# A class in one command: who is graded, that nothing is lost, and the tables.
load helpers
load class

setup() {
	class_setup
}

@test "a folder or a file a student; what is nobody's is told" {
	hand_in alice "$RIGHT"
	hand_in bob "$WRONG"
	cp "$RIGHT"/*.c "$CLASS/carol.c"
	echo notes >"$CLASS/readme.txt"
	batch
	[ "$status" -eq 0 ]
	says "3 students: 3 graded" "'readme.txt' is nobody's submission"
	grep -q '^"alice","alice",no,100,' "$OUT/grades.csv"
	grep -q '^"carol","carol",no,100,' "$OUT/grades.csv"
	! grep -q '^"bob","bob",no,100,' "$OUT/grades.csv" || false
	"$PYTHON" -m jsonschema -i "$OUT/reports/bob/spawn/report.json" \
		grader/report/report.schema.json
	# the report of one in a class is that of one alone
	"$GRADER" check spawn "$CLASS/bob" --schedules 2 --lang en -q \
		--report "$BATS_TEST_TMPDIR/alone.json" || [ $? -eq 1 ]
	diff <(sed '/^\t"run":/,$d' "$BATS_TEST_TMPDIR/alone.json") \
		<(sed '/^\t"run":/,$d' "$OUT/reports/bob/spawn/report.json")
}

@test "a Moodle download, and its worksheet filled in to the byte" {
	hand_in "张 三_李_4_101_assignsubmission_file_" "$RIGHT"
	hand_in "Participant_102_assignsubmission_file" "$WRONG"
	batch
	[ "$status" -eq 0 ]
	grep -q '^"101","张 三_李_4",no,100,' "$OUT/grades.csv"
	grep -q '^"102","Participant",' "$OUT/grades.csv"
	printf '\xef\xbb\xbf%s\r\n%s\r\n%s\r\n%s\r\n' \
		'Identifier,"Full name",Status,Grade,"Maximum Grade","Last modified (grade)","Feedback comments"' \
		'"Participant 101",张三,"Submitted ""late""",,100.00,-,' \
		'"Participant 102",x,,3,100.00,-,"by hand"' \
		'"Participant 103",y,,7.5,100.00,-,"kept"' \
		>"$BATS_TEST_TMPDIR/sheet.csv"
	run "$GRADER" gradebook "$OUT" "$BATS_TEST_TMPDIR/sheet.csv" --lang en \
		-o "$BATS_TEST_TMPDIR/filled.csv"
	[ "$status" -eq 0 ]
	says "2 grades entered, 1 students without one"
	sed -n 2p "$BATS_TEST_TMPDIR/filled.csv" |
		grep -q '^"Participant 101",张三,"Submitted ""late""",100,100.00,-,"spawn: 100 / 100'
	cmp <(sed -n '1p;4p' "$BATS_TEST_TMPDIR/sheet.csv") \
		<(sed -n '1p;4p' "$BATS_TEST_TMPDIR/filled.csv")
}

@test "a Canvas download: several files a student, late ones, its gradebook" {
	local source
	source=$(ls "$RIGHT"/*.c)
	cp "$source" "$CLASS/zhangsan_12_900_spawn.c"
	cp "$source" "$CLASS/lisi_LATE_13_901_spawn.c"
	echo words >"$CLASS/lisi_LATE_13_902_notes.txt"
	batch
	[ "$status" -eq 0 ]
	grep -q '^"12","zhangsan",no,100,' "$OUT/grades.csv"
	grep -q '^"13","lisi",yes,100,' "$OUT/grades.csv"
	printf '%s\n' 'Student,ID,SIS Login ID,Section,Homework (77),Total' \
		'    Points Possible,,,,100,' '"Zhang, San",12,z,A,,' \
		'"Li, Si",13,l,A,EX,' >"$BATS_TEST_TMPDIR/canvas.csv"
	run "$GRADER" gradebook "$OUT" "$BATS_TEST_TMPDIR/canvas.csv"
	[ "$status" -eq 0 ]
	says '"Zhang, San",12,z,A,100,' '"Li, Si",13,l,A,EX,' \
		'    Points Possible,,,,100,'
}

@test "clones of GitHub Classroom are called by what differs" {
	local name
	for name in anna bert; do
		hand_in "hw3-$name" "$RIGHT"
		mkdir "$CLASS/hw3-$name/.git"
	done
	batch
	[ "$status" -eq 0 ]
	grep -q '^"anna",' "$OUT/grades.csv"
	grep -q '^"bert",' "$OUT/grades.csv"
}

@test "several exercises: a folder or file of each; one not handed in" {
	mkdir -p "$CLASS/alice/spawn" "$CLASS/bob"
	cp "$RIGHT"/*.c "$CLASS/alice/spawn/"
	cp solutions/daemon/right-pdeathsig/*.c "$CLASS/alice/daemon.c"
	cp "$RIGHT"/*.c "$CLASS/bob/spawn.c"
	batch -e daemon
	[ "$status" -eq 0 ]
	says "2 students: 3 graded, 0 kept, 1 not handed in"
	grep -q '^"alice","alice",no,100,[0-9]*,pass,100,' "$OUT/grades.csv"
	grep -q '^"bob","bob",no,100,[0-9]*,pass,,,missing,100,' \
		"$OUT/grades.csv"
}

@test "--resume grades what is new or has changed, and nothing else" {
	hand_in alice "$RIGHT"
	hand_in bob "$WRONG"
	batch
	batch
	[ "$status" -eq 2 ]
	says "go on with --resume"
	hand_in aaron "$RIGHT"
	cp "$RIGHT"/*.c "$CLASS/bob/"
	rm "$OUT/reports/alice/spawn/report.json"
	batch --resume
	[ "$status" -eq 0 ]
	says "3 students: 3 graded, 0 kept"
	batch --resume
	says "3 students: 0 graded, 3 kept"
	rm -r "$CLASS/aaron"
	batch --resume
	says "2 students: 0 graded, 2 kept"
	! grep -q aaron "$OUT/grades.csv" || false
	batch --resume --seed 2
	says "2 graded, 0 kept"
}

@test "killed at any moment and resumed: the same final bytes" {
	local i whole
	for i in 1 2 3 4 5 6 7 8; do
		hand_in "s$i" "$(ls -d solutions/spawn/* | sed -n "$((i * 2))p")"
	done
	hand_in copy "$(ls -d solutions/spawn/* | sed -n 4p)"
	batch
	[ "$status" -eq 0 ]
	whole=$(final_bytes "$OUT")
	rm -r "$OUT"
	for i in 0.3 0.9 1.6 2.5; do
		timeout -s KILL "$i" "$GRADER" batch "$CLASS" -e spawn \
			-o "$OUT" --schedules 2 --lang en --resume \
			>/dev/null 2>&1 || :
	done
	batch --resume
	[ "$status" -eq 0 ]
	[ "$(final_bytes "$OUT")" = "$whole" ]
	[ -z "$(find "$OUT" -name 'report.*.*')" ]
}

@test "a worker that dies costs its own submission the mark, not the class" {
	hand_in alice "$RIGHT"
	hand_in bob "$WRONG"
	put killer.c <<-'C'
	int main(void) { for (;;) ; }
	C
	cp "$FILE" "$CLASS/zoe.c"
	"$GRADER" batch "$CLASS" -e spawn -o "$OUT" -J 1 --schedules 2 \
		>"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	local parent=$! worker=
	until [ -s "$OUT/reports/bob/spawn/report.json" ]; do sleep 0.1; done
	while [ -z "$worker" ]; do worker=$(pgrep -P "$parent"); done
	kill -KILL $worker
	status=0
	wait "$parent" || status=$?
	cat "$BATS_TEST_TMPDIR/log"
	[ "$status" -eq 3 ]
	grep -q '^"alice","alice",no,100,' "$OUT/grades.csv"
	grep -q '^"zoe","zoe",no,,,trouble,' "$OUT/grades.csv"
	grep -q 'killed by signal 9' "$OUT/class.json"
}

@test "a submission that cannot be read is trouble of its own" {
	local user=()
	hand_in alice "$RIGHT"
	hand_in bob "$RIGHT"
	chmod 000 "$CLASS"/bob/*.c
	if [ "$(id -u)" -eq 0 ]; then # root reads everything
		user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
		mkdir "$BATS_TEST_TMPDIR/own"
		cp build/grader "$BATS_TEST_TMPDIR/own/"
		cp -r exercises "$BATS_TEST_TMPDIR/own/"
		export GRADER_EXERCISES=$BATS_TEST_TMPDIR/own/exercises
		chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
		chown -R 65534 "$BATS_TEST_TMPDIR"
		GRADER=$BATS_TEST_TMPDIR/own/grader
	fi
	run "${user[@]}" "$GRADER" batch "$CLASS" -e spawn -o "$OUT" \
		--schedules 2
	echo "$output"
	[ "$status" -eq 3 ]
	grep -q '^"alice","alice",no,100,' "$OUT/grades.csv"
	grep -q '^"bob","bob",no,,,trouble,' "$OUT/grades.csv"
}

@test "equal submissions are graded once, each with its own report" {
	local name
	for name in a b c d e; do hand_in "$name" "$RIGHT"; done
	batch
	[ "$status" -eq 0 ]
	says "5 students: 5 graded"
	[ "$(sed -n 's/.*"seconds": *//p' "$OUT"/reports/*/spawn/report.json |
		sort -u | wc -l)" -eq 1 ]
	grep -q '/class/e"' "$OUT/reports/e/spawn/report.json"
	grep -q 'reports/e/spawn/report.html' "$OUT/class.html"
	[ -s "$OUT/reports/e/spawn/report.html" ]
}

@test "regrade: previewed, cancelled, applied, with the old kept" {
	hand_in alice "$RIGHT"
	hand_in bob "$WRONG"
	cp -r exercises "$BATS_TEST_TMPDIR/exercises"
	export GRADER_EXERCISES=$BATS_TEST_TMPDIR/exercises
	batch
	local before
	before=$(final_bytes "$OUT")
	run "$GRADER" regrade "$OUT"
	[ "$status" -eq 0 ]
	says "0 marks go up, 0 down, 2 stay"
	# the author takes points from what bob lacks and gives them elsewhere
	"$PYTHON" - "$GRADER_EXERCISES/spawn/exercise.json" \
		"$OUT/reports/bob/spawn/report.json" <<-'PY'
	import json, sys
	exercise = json.load(open(sys.argv[1]))
	failed = [c["id"] for c in json.load(open(sys.argv[2]))["criteria"]
		if c["verdict"] == "fail" and not c["extra"] and c["max_points"]]
	c = {c["id"]: c for c in exercise["criteria"]}
	held = [i for i in c if i not in failed and c[i].get("points")
		and not c[i].get("extra")]
	c[failed[0]]["points"] -= 1
	c[held[0]]["points"] += 1
	json.dump(exercise, open(sys.argv[1], "w"), ensure_ascii=False)
	PY
	run "$GRADER" regrade "$OUT" --preview
	[ "$status" -eq 0 ]
	says "bob  spawn" "1 marks go up, 0 down, 1 stay"
	[ "$(final_bytes "$OUT")" = "$before" ]
	run "$GRADER" regrade "$OUT" --cancel
	[ "$status" -eq 0 ]
	[ ! -e "$OUT/regrade" ]
	[ "$(final_bytes "$OUT")" = "$before" ]
	run "$GRADER" regrade "$OUT" --apply
	[ "$status" -eq 2 ]
	says "begin with --preview"
	"$GRADER" regrade "$OUT" >/dev/null 2>&1
	run "$GRADER" regrade "$OUT" --apply
	[ "$status" -eq 0 ]
	says "history/1"
	[ ! -e "$OUT/regrade" ]
	[ "$(final_bytes "$OUT")" != "$before" ]
	[ "$(final_bytes "$OUT/history/1")" = "$before" ]
	# and again, killed between two of its moves
	"$GRADER" regrade "$OUT" --preview >/dev/null 2>&1
	local after
	after=$(final_bytes "$OUT")
	mkdir -p "$OUT/history/2"
	echo 2 >"$OUT/regrade/applying"
	mv "$OUT/reports" "$OUT/history/2/"
	mv "$OUT/regrade/reports" "$OUT/"
	mv "$OUT/grades.csv" "$OUT/history/2/"
	run "$GRADER" regrade "$OUT" --apply
	[ "$status" -eq 0 ]
	[ "$(final_bytes "$OUT")" = "$after" ]
	[ "$(final_bytes "$OUT/history/2")" = "$after" ]
}

@test "marks that people give count in the tables, and stay in a regrading" {
	mkdir -p "$CLASS/amy"
	cp solutions/daemon/right-pdeathsig/*.c "$CLASS/amy/"
	echo 'A daemon child dies with main.' >"$CLASS/amy/ANSWER.md"
	run "$GRADER" batch "$CLASS" -e daemon -o "$OUT" --schedules 2
	[ "$status" -eq 0 ]
	grep -q '^"amy","amy",no,100,20,' "$OUT/grades.csv"
	grep -q 'amy · daemon' "$OUT/class.html" # needs a person
	"$GRADER" mark "$OUT/reports/amy/daemon/report.json" answer 7 \
		--comment good --by Li -q
	run "$GRADER" batch "$CLASS" -e daemon -o "$OUT" --schedules 2 --resume
	says "0 graded, 1 kept"
	grep -q '^"amy","amy",no,100,27,' "$OUT/grades.csv"
	run "$GRADER" batch "$CLASS" -e daemon -o "$OUT" --schedules 3 --resume
	says "1 graded, 0 kept"
	grep -q '^"amy","amy",no,100,27,' "$OUT/grades.csv"
	"$GRADER" regrade "$OUT" >"$BATS_TEST_TMPDIR/preview" 2>&1
	grep -q "0 marks go up, 0 down, 1 stay" "$BATS_TEST_TMPDIR/preview"
	"$GRADER" regrade "$OUT" --apply
	grep -q '^"amy","amy",no,100,27,' "$OUT/grades.csv"
	grep -q '"by":.*"Li"' "$OUT/reports/amy/daemon/report.json"
}

@test "late days, an extension, a mark that was overruled" {
	local name
	for name in amy ben cat dan eve; do hand_in "$name" "$RIGHT"; done
	touch -d 2026-11-20T15:00:00Z "$CLASS"/*/*
	touch -d 2026-11-20T16:10:00Z "$CLASS"/ben/* # in the grace
	touch -d 2026-11-22T15:00:00Z "$CLASS"/cat/* "$CLASS"/dan/*
	touch -d 2026-12-22T15:00:00Z "$CLASS"/eve/*
	batch
	[ "$status" -eq 0 ]
	cat >"$BATS_TEST_TMPDIR/policy.json" <<-'JSON'
	{
		"late": {"percent_per_day": 10, "grace_minutes": 15,
			"most_percent": 50},
		"exercises": {"spawn": {"due": "2026-11-20T23:59:00+08:00"}},
		"students": {
			"dan": {"extension_hours": 48},
			"amy": {"exercises": {"spawn": {"score": 70,
				"comment": "=by hand"}}}
		}
	}
	JSON
	run "$GRADER" gradebook "$OUT" --policy "$BATS_TEST_TMPDIR/policy.json" \
		--lang en
	[ "$status" -eq 0 ]
	says '"amy","amy",70,"spawn: 100 / 100' 'set to 70 (=by hand)"' \
		'"ben","ben",100,' '"cat","cat",80,' '2 day(s) late, 20 % off' \
		'"dan","dan",100,' '"eve","eve",50,'
	run "$GRADER" gradebook "$OUT" --lang en
	says '"eve","eve",100,'
	grep -q '^"eve","eve",no,100,' "$OUT/grades.csv"
	echo '{"late": {"percent_per_day": "ten"}}' >"$BATS_TEST_TMPDIR/bad.json"
	run "$GRADER" gradebook "$OUT" --policy "$BATS_TEST_TMPDIR/bad.json"
	[ "$status" -eq 2 ]
	says "bad.json:1" "percent_per_day"
}

@test "alike: a copy with other names is found, the starter's lines are not" {
	local solution
	for solution in $(ls -d solutions/spawn/right-* | head -n 6); do
		hand_in "$(basename "$solution")" "$solution"
	done
	mkdir -p "$CLASS/copycat" "$CLASS/starter-a" "$CLASS/starter-b"
	sed 's/pid/brood/g; s/argc/n/g; s/status/x/g; s/\t/  /g' "$RIGHT"/*.c \
		>"$CLASS/copycat/spawn.c"
	# nothing of their own but a line each
	cp exercises/spawn/starter/*.c "$CLASS/starter-a/"
	cp exercises/spawn/starter/*.c "$CLASS/starter-b/"
	echo 'int a(int x) { return x + 1; }' >>"$CLASS"/starter-a/spawn.c
	echo 'char *b(char **y) { return *y; }' >>"$CLASS"/starter-b/spawn.c
	run "$GRADER" similar "$CLASS" -e spawn -t 80
	[ "$status" -eq 0 ]
	grep -q "^ *[0-9]* %.*copycat.*$(basename "$RIGHT")" <<<"$output"
	says_not "starter-a"
	run "$GRADER" similar "$CLASS" -e nothing
	[ "$status" -eq 2 ]
}

@test "the parent's memory hardly grows with the class" {
	run "$PYTHON" tests/bench/class-growth 100 600
	echo "$output"
	[ "$status" -eq 0 ]
	# 20 MiB from 100 to 10,000: here a tenth, and what SQLite caches
	awk 'NR == 1 { first = $4 } END { exit !($4 - first < 4) }' \
		<<<"$output"
}

@test "wrong use is told before anything is graded" {
	run "$GRADER" batch "$CLASS" -o "$OUT"
	[ "$status" -eq 2 ]
	says "needs --exercise"
	run "$GRADER" batch "$CLASS/none" -e spawn -o "$OUT"
	[ "$status" -eq 2 ]
	run "$GRADER" batch "$CLASS" -e spawn -e spawn -o "$OUT"
	[ "$status" -eq 2 ]
	run "$GRADER" batch "$CLASS" -e nothing -o "$OUT"
	[ "$status" -eq 2 ]
	mkdir -p "$BATS_TEST_TMPDIR/odd"
	echo "no database" >"$BATS_TEST_TMPDIR/odd/journal.sqlite"
	run "$GRADER" batch "$CLASS" -e spawn -o "$BATS_TEST_TMPDIR/odd"
	[ "$status" -eq 2 ]
	says "no journal of grader"
	run "$GRADER" gradebook "$CLASS" "$CLASS/x.csv"
	[ "$status" -eq 2 ]
	says "is not the folder of a batch"
}
