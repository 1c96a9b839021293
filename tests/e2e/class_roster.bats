# Who is in the class: no submission, no roster, a person to look at.
load helpers
load class

setup() {
	class_setup
	ROSTER=$BATS_TEST_TMPDIR/名单.csv
}

roster() {
	cat >"$ROSTER"
}

# persons: "student why", a line each, of class.json.
persons() {
	"$PYTHON" -c 'import json, sys
for p in json.load(open(sys.argv[1]))["needs_person"]:
	print(p["student"], p["why"])' "$OUT/class.json"
}

@test "who handed in nothing has no mark; who is in no roster needs a person" {
	roster <<-'CSV'
	学号,姓名,班级
	2021001,张三,一班
	2021002,李四,二班
	2021003,王五,一班
	2021004,赵六,二班
	CSV
	hand_in 2021001 "$RIGHT"
	hand_in 2021002-李四 "$WRONG"
	hand_in 张三 "$RIGHT"
	hand_in stranger "$RIGHT"
	mkdir "$CLASS/2021003"
	batch --roster "$ROSTER"
	echo "$output"
	[ "$status" -eq 0 ]
	says "6 students: 5 graded, 0 kept, 1 not handed in"
	sed 1q "$OUT/grades.csv" | grep -q 'id,name,section,late,spawn,'
	grep -q '^"2021001","张三","一班",no,100,' "$OUT/grades.csv"
	grep -q '^"2021002","李四","二班",no,[0-9]' "$OUT/grades.csv"
	grep -q '^"2021003","王五","一班",no,0,0,refused,' "$OUT/grades.csv"
	grep -q $'^"2021004","赵六","二班",no,,,missing,,,100\r$' \
		"$OUT/grades.csv"
	[ "$(persons)" = "2021003 refused
stranger not-in-roster
张三 second-submission" ]
	grep -q '没有交的.*No submission' "$OUT/class.html"
	[ -d "$OUT/reports/2021002/spawn" ]
	# it is kept, and one is handed in later
	hand_in 赵六 "$RIGHT"
	batch --resume
	says "6 students: 1 graded, 5 kept, 0 not handed in"
	grep -q '^"2021004","赵六","二班",no,100,' "$OUT/grades.csv"
	# a regrading knows it as well
	rm -r "$CLASS/赵六" "$ROSTER"
	"$GRADER" regrade "$OUT" >/dev/null 2>&1
	grep -q '^"2021004","赵六","二班",no,,,missing,' \
		"$OUT/regrade/grades.csv"
}

@test "missing work is worth what the policy says, and nothing without one" {
	roster <<<$'id,name\n1,ann\n2,bob\n3,cat'
	hand_in 1 "$RIGHT"
	batch --roster "$ROSTER"
	echo '{"missing_score": 0, "students": {"3": {"exercises": {"spawn":
		{"score": 60}}}}}' >"$BATS_TEST_TMPDIR/policy.json"
	run "$GRADER" gradebook "$OUT" --lang en
	says '"1","ann",100,' '"2","bob",,"spawn: not handed in"'
	run "$GRADER" gradebook "$OUT" --lang en \
		--policy "$BATS_TEST_TMPDIR/policy.json"
	says '"2","bob",0,"spawn: not handed in"' \
		'"3","cat",60,"spawn: not handed in, set to 60"'
	printf '%s\n' 'Student,ID,Section,H (77)' 'Ann,1,A,' 'Bob,2,A,' \
		>"$BATS_TEST_TMPDIR/canvas.csv"
	run "$GRADER" gradebook "$OUT" "$BATS_TEST_TMPDIR/canvas.csv"
	says 'Ann,1,A,100' "1 grades entered, 1 students without one"
	grep -qx 'Bob,2,A,' <<<"$output"
}

@test "the platform's own table is a roster, in GBK as well" {
	printf '%s\n' 'Identifier,"Full name",Status,Grade' \
		'"Participant 101",张三,,' '"Participant 102",李四,,' |
		iconv -t GBK >"$ROSTER"
	hand_in "Participant_101_assignsubmission_file_" "$RIGHT"
	batch --roster "$ROSTER"
	[ "$status" -eq 0 ]
	grep -q '^"101","张三",no,100,' "$OUT/grades.csv"
	grep -q '^"102","李四",no,,,missing,' "$OUT/grades.csv"
	run "$GRADER" batch "$CLASS" -e spawn -o "$OUT.2" --roster none.csv
	[ "$status" -eq 2 ]
	says "cannot read 'none.csv'"
	echo "mark" >"$ROSTER"
	run "$GRADER" batch "$CLASS" -e spawn -o "$OUT.2" --roster "$ROSTER"
	[ "$status" -eq 2 ]
	says "has no column of ids"
}

@test "several exercises, and nothing that is called so: a person looks" {
	mkdir -p "$CLASS/ann/mine" "$CLASS/bob/spawn"
	cp "$RIGHT"/*.c "$CLASS/ann/mine/homework.c"
	cp "$RIGHT"/*.c "$CLASS/bob/spawn/"
	batch -e daemon
	[ "$status" -eq 0 ]
	grep -q $'^"ann","ann",no,,,missing,,,missing,,,200\r$' \
		"$OUT/grades.csv"
	grep -q $'^"bob","bob",no,100,[0-9]*,pass,,,missing,100,' \
		"$OUT/grades.csv"
	[ "$(persons)" = "ann unclear" ]
}
