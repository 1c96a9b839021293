# A class that is one archive is graded as the folder would be.
load helpers
load class

setup() {
	class_setup
	ARCHIVE=$BATS_TEST_TMPDIR/class.zip
}

# pack ARCHIVE: what standard input, a script in Python, adds to it.
# add(name, data), add_gbk(name, data), zipped({name: data}), link(name, to);
# SOURCE and BAD are a right and a wrong program.
pack() {
	RIGHT=$RIGHT WRONG=$WRONG "$PYTHON" -c '
import glob, io, os, sys, zipfile
SOURCE, BAD = (open(glob.glob(os.environ[n] + "/*.c")[0], "rb").read()
	for n in ("RIGHT", "WRONG"))
archive = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED)
WHEN = (2026, 11, 20, 12, 0, 0)
def info(name):
	return zipfile.ZipInfo(name, WHEN)
def add(name, data):
	archive.writestr(info(name), data)
class Gbk(zipfile.ZipInfo):
	# as Windows in China writes it: another encoding, and no flag
	def _encodeFilenameFlags(self):
		return self.filename.encode("gbk"), 0
def add_gbk(name, data):
	archive.writestr(Gbk(name, WHEN), data)
def link(name, to):
	one = info(name)
	one.create_system = 3
	one.external_attr = 0o120777 << 16
	archive.writestr(one, to)
def zipped(files):
	out = io.BytesIO()
	with zipfile.ZipFile(out, "w") as inner:
		for name, data in files.items():
			inner.writestr(info(name), data)
	return out.getvalue()
exec(sys.stdin.read())
archive.close()' "$1"
}

batch_archive() {
	run "$GRADER" batch "$ARCHIVE" -e spawn -o "$BATS_TEST_TMPDIR/packed" \
		--schedules 2 --lang en "$@"
	echo "$output"
}

@test "a Moodle download: as the unpacked folder, to the byte" {
	pack "$ARCHIVE" <<-'PY'
	add("张 三_101_assignsubmission_file_/spawn.c", SOURCE)
	add("李四_102_assignsubmission_file_/hw3.zip",
		zipped({"hw3/spawn.c": SOURCE}))
	add("王五_103_assignsubmission_file_hw.zip", zipped({"spawn.c": BAD}))
	add("赵六_104_assignsubmission_file_/报告.pdf", b"%PDF" * 100)
	add("Participant_105_assignsubmission_file_/a/b/spawn.c", SOURCE)
	add("孙七_106_assignsubmission_file_/big.c", b"/" * (2 << 20))
	add("周八_107_assignsubmission_file_/", b"")
	add("readme.txt", b"whose?")
	add("__MACOSX/._readme.txt", b"litter")
	PY
	batch_archive
	[ "$status" -eq 0 ]
	says "7 students: 7 graded" "'readme.txt' is nobody's submission"
	local grades=$BATS_TEST_TMPDIR/packed/grades.csv
	grep -q '^"101","张 三",no,100,' "$grades"
	grep -q '^"102","李四",no,100,' "$grades"
	grep -q '^"103","王五",no,[0-9]*,[0-9]*,fail,' "$grades"
	grep -q '^"104","赵六",no,0,0,refused,' "$grades"
	grep -q '^"105","Participant",no,100,' "$grades"
	grep -q '^"106","孙七",no,0,0,refused,' "$grades"
	grep -q '^"107","周八",no,0,0,refused,' "$grades"
	(cd "$CLASS" && "$PYTHON" -m zipfile -e "$ARCHIVE" .)
	touch -d '2026-11-20 12:00' "$CLASS"/*/* # as the archive says
	batch
	[ "$status" -eq 0 ]
	diff <(final_bytes "$OUT") <(final_bytes "$BATS_TEST_TMPDIR/packed")
	# the time of each file is that in the archive
	[ "$(stat -c %Y "$BATS_TEST_TMPDIR"/packed/submissions/张*/spawn.c)" -eq \
		"$(date -d '2026-11-20 12:00' +%s)" ]
}

@test "Canvas's, a tar of folders, names in GBK, one folder around all" {
	pack "$ARCHIVE" <<-'PY'
	add("zhangsan_12_900_spawn.c", SOURCE)
	add("lisi_LATE_13_901_hw.zip", zipped({"spawn.c": SOURCE}))
	PY
	batch_archive
	[ "$status" -eq 0 ]
	grep -q '^"12","zhangsan",no,100,' "$BATS_TEST_TMPDIR/packed/grades.csv"
	grep -q '^"13","lisi",yes,100,' "$BATS_TEST_TMPDIR/packed/grades.csv"

	hand_in alice "$RIGHT"
	hand_in bob "$WRONG"
	batch
	rm -r "$BATS_TEST_TMPDIR/packed"
	ARCHIVE=$BATS_TEST_TMPDIR/hw.tar.gz
	tar -C "$CLASS" -czf "$ARCHIVE" .
	batch_archive
	[ "$status" -eq 0 ]
	diff <(final_bytes "$OUT") <(final_bytes "$BATS_TEST_TMPDIR/packed")

	rm -r "$BATS_TEST_TMPDIR/packed"
	ARCHIVE=$BATS_TEST_TMPDIR/作业.zip
	pack "$ARCHIVE" <<-'PY'
	add_gbk("作业三/张三.c", SOURCE)
	add_gbk("作业三/李四/spawn.c", BAD)
	PY
	batch_archive
	[ "$status" -eq 0 ]
	grep -q '^"李四","李四",no,' "$BATS_TEST_TMPDIR/packed/grades.csv"
	[ -e "$BATS_TEST_TMPDIR/packed/submissions/作业三/张三.c" ]
}

@test "killed and resumed, unpacked once, and again when it has changed" {
	local i whole
	pack "$ARCHIVE" <<-'PY'
	for i in range(8): add(f"s{i}/spawn.c", SOURCE + b"\n" * i)
	PY
	batch_archive
	whole=$(final_bytes "$BATS_TEST_TMPDIR/packed")
	rm -r "$BATS_TEST_TMPDIR/packed"
	for i in 0.02 0.1 0.4 0.8; do
		timeout -s KILL "$i" "$GRADER" batch "$ARCHIVE" -e spawn \
			-o "$BATS_TEST_TMPDIR/packed" --schedules 2 --lang en \
			--resume >/dev/null 2>&1 || :
	done
	batch_archive --resume
	[ "$status" -eq 0 ]
	[ "$(final_bytes "$BATS_TEST_TMPDIR/packed")" = "$whole" ]
	[ ! -e "$BATS_TEST_TMPDIR/packed/submissions.part" ]
	# a person who mends what a student handed in is not overruled
	echo "/* mended */" >>"$BATS_TEST_TMPDIR/packed/submissions/s1/spawn.c"
	batch_archive --resume
	says "1 graded, 7 kept"
	pack "$ARCHIVE" <<-'PY'
	for i in range(9): add(f"s{i}/spawn.c", SOURCE + b"\n" * i)
	PY
	batch_archive --resume
	says "9 students: 2 graded, 7 kept"
}

@test "a report is replayed from where the archive was unpacked" {
	pack "$ARCHIVE" <<-'PY'
	add("bob/spawn.c", BAD)
	add("ann/spawn.c", SOURCE)
	PY
	batch_archive
	cd "$BATS_TEST_TMPDIR/packed/reports/bob/spawn"
	grep -q '"submission":.*"submissions/bob"' report.json
	GRADER_EXERCISES=$TOP/exercises run "$GRADER" replay report.json -q
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "links lead nowhere, and cost nobody else a mark" {
	echo 'int main(void) { return 0; }' >"$BATS_TEST_TMPDIR/secret.c"
	export SECRET=$BATS_TEST_TMPDIR/secret.c
	pack "$ARCHIVE" <<-'PY'
	add("ann/spawn.c", SOURCE)
	link("eve/spawn.c", os.environ["SECRET"])
	link("eve.c", os.environ["SECRET"])
	link("out", "/tmp")
	PY
	batch_archive
	[ "$status" -eq 0 ]
	grep -q '^"ann","ann",no,100,' "$BATS_TEST_TMPDIR/packed/grades.csv"
	grep -q '^"eve","eve",no,0,0,refused,' \
		"$BATS_TEST_TMPDIR/packed/grades.csv"
	says "'eve.c' is nobody's" "'out' is nobody's"
	! grep -rq "$SECRET" "$BATS_TEST_TMPDIR/packed" || false
	# a file below a link
	rm -r "$BATS_TEST_TMPDIR/packed" "$ARCHIVE"
	pack "$ARCHIVE" <<-'PY'
	link("out", os.path.dirname(os.environ["SECRET"]))
	add("out/pwned", b"x")
	PY
	batch_archive
	[ "$status" -eq 2 ]
	[ ! -e "$BATS_TEST_TMPDIR/pwned" ]
}

@test "what cannot say for sure who handed in what is refused whole" {
	refused() {
		rm -rf "$BATS_TEST_TMPDIR/packed"
		batch_archive
		[ "$status" -eq 2 ]
		says "$1"
		[ ! -e "$BATS_TEST_TMPDIR/packed/reports" ]
		[ ! -e "$BATS_TEST_TMPDIR/packed/submissions" ]
		[ ! -e "$BATS_TEST_TMPDIR/packed/submissions.part" ]
		rm -f "$ARCHIVE"
	}
	pack "$ARCHIVE" <<<'add("ann/spawn.c", SOURCE); add("../bob/spawn.c", BAD)'
	refused "leads out of it"
	pack "$ARCHIVE" <<<'add("/ann/spawn.c", SOURCE)'
	refused "leads out of it"
	pack "$ARCHIVE" 2>/dev/null \
		<<<'add("ann/spawn.c", SOURCE); add("ann/spawn.c", BAD)'
	refused "in the archive twice"
	pack "$ARCHIVE" <<<'add("ann/spawn.c", SOURCE)'
	truncate -s -30 "$ARCHIVE"
	refused "cut short"
	ARCHIVE=$BATS_TEST_TMPDIR/class.tgz
	hand_in ann "$RIGHT"
	hand_in bob "$WRONG"
	tar -C "$CLASS" -czf "$ARCHIVE" ann bob
	truncate -s -300 "$ARCHIVE"
	refused "cut short"
	echo "no archive at all" >"$ARCHIVE"
	refused "cannot be read as an archive"
	: >"$ARCHIVE"
	refused "is empty"
}

@test "similar takes it as well" {
	pack "$ARCHIVE" <<-'PY'
	add("ann/spawn.c", SOURCE)
	add("bob/spawn.c", SOURCE.replace(b"\t", b"   "))
	PY
	run "$GRADER" similar "$ARCHIVE" -e spawn -t 80
	[ "$status" -eq 0 ]
	says "100 %  ann  bob"
}
