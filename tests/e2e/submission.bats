# What a student may hand in by mistake or on purpose: every case has a clear
# message, the right exit status, and a valid report.
load helpers

# refused TEXT...: graded as refused, with these texts in the message.
refused() {
	[ "$status" -eq 1 ]
	valid_report
	[ "$(field "r['verdict']")" = refused ]
	[ "$(field "r['score']")" = 0 ]
	output=$(field "r['refusals']['en']")
	says "$@"
	[ -n "$(field "r['refusals']['zh']")" ]
}

@test "a path that is not there is wrong use" {
	check tickets /nonexistent/tickets.c
	[ "$status" -eq 2 ]
	says "there is no file or folder '/nonexistent/tickets.c'"
	[ ! -e "$REPORT" ]
	check tickets ""
	[ "$status" -eq 2 ]
}

@test "an empty file" {
	put tickets.c </dev/null
	check tickets "$FILE"
	refused "is empty"
}

@test "an empty folder, and a folder without a .c file" {
	mkdir "$BATS_TEST_TMPDIR/homework"
	check tickets "$BATS_TEST_TMPDIR/homework"
	refused "has no .c file"
	put homework/tickets.cpp <<<"int main() {}"
	check tickets "$BATS_TEST_TMPDIR/homework"
	refused "has no .c file"
}

@test "a file that is not C" {
	put tickets.py <<<"print()"
	check tickets "$FILE"
	refused "not a .c file"
}

@test "a source in GBK is refused with the command that converts it" {
	put tickets.c < <(printf '/* \xd6\xd0\xce\xc4 */\nint main(void){}\n')
	check tickets "$FILE"
	refused "line 1" "iconv -f GBK -t UTF-8"
}

@test "a compiled program with the name of a source" {
	cp "$GRADER" "$BATS_TEST_TMPDIR/tickets.c"
	check tickets "$BATS_TEST_TMPDIR/tickets.c"
	refused "too large"
	put small.c < <(head -c 5000 "$GRADER")
	check tickets "$FILE"
	refused "not text"
}

@test "a file of 1 GB is never read" {
	truncate -s 1G "$BATS_TEST_TMPDIR/tickets.c"
	SECONDS=0
	check tickets "$BATS_TEST_TMPDIR/tickets.c"
	refused "too large"
	[ "$SECONDS" -lt 5 ]
}

@test "a FIFO or a device never blocks" {
	mkfifo "$BATS_TEST_TMPDIR/tickets.c"
	run timeout 10 "$GRADER" check tickets "$BATS_TEST_TMPDIR/tickets.c" \
		--lang en
	[ "$status" -eq 1 ]
	says "a FIFO"
	run timeout 10 "$GRADER" check tickets /dev/zero --lang en
	[ "$status" -eq 1 ]
	says "a device"
	run timeout 10 "$GRADER" check tickets "$BATS_TEST_TMPDIR" --lang en
	[ "$status" -eq 1 ]
}

@test "a link out of the folder is not followed" {
	mkdir "$BATS_TEST_TMPDIR/homework"
	ln -s "$TOP/solutions/tickets/right-flock/"*.c \
		"$BATS_TEST_TMPDIR/homework/tickets.c"
	check tickets "$BATS_TEST_TMPDIR/homework"
	refused "a symbolic link"
}

@test "names that a shell or gcc could misread" {
	local name
	for name in '@args.c' '-fplugin=x.c' '$(reboot).c' 'a b.c'; do
		rm -rf "$BATS_TEST_TMPDIR/homework"
		put "homework/$name" <<<"int main(void) { return 0; }"
		# alone it is compiled under a name of ours
		check tickets "$BATS_TEST_TMPDIR/homework" -n 1
		[ "$(field "r['compile']['ok']")" = True ]
		[ "$(field "'renamed-file' in
			[w['kind'] for w in r['warnings']]")" = True ]
		put "homework/main.h" <<<""
		check tickets "$BATS_TEST_TMPDIR/homework"
		refused "cannot be used"
	done
}

@test "a lone file of an odd name is compiled under another" {
	put "我的 作业.c" <solutions/daemon/right-pdeathsig/*.c
	check daemon "$FILE"
	[ "$(field "r['compile']['ok']")" = True ]
	[ "$(field "[w['kind'] for w in r['warnings']]")" = "['renamed-file']" ]
}

@test "a name that looks like an option can be given as ./-x.c" {
	mkdir "$BATS_TEST_TMPDIR/w"
	cp solutions/daemon/right-pdeathsig/*.c "$BATS_TEST_TMPDIR/w/-v.c"
	cd "$BATS_TEST_TMPDIR/w"
	check daemon -n 1 ./-v.c
	[ "$(field "r['compile']['ok']")" = True ]
}

@test "other files of the folder are ignored with a note, but not ANSWER.md" {
	local work=$BATS_TEST_TMPDIR/homework
	mkdir "$work"
	cp solutions/daemon/right-pdeathsig/*.c "$work"
	printf 'all:\n\ttouch /tmp/e2e-makefile-ran\n' >"$work/Makefile"
	echo 守护进程 >"$work/ANSWER.md"
	check daemon "$work"
	[ "$status" -eq 0 ]
	valid_report
	[ "$(field "[w['kind'] for w in r['warnings']]")" = \
		"['ignored-file']" ]
	[ "$(field "'ANSWER' in r['warnings'][0]['message']")" = False ]
	[ "$(field "[c['answer']['text'] for c in r['criteria']
		if 'answer' in c]")" = "['守护进程\n']" ]
	[ ! -e /tmp/e2e-makefile-ran ]
}

@test "a file that the grader may not read says what to do" {
	[ "$(id -u)" -ne 0 ] || skip "root may read everything"
	put tickets.c <<<"int main(void) { return 0; }"
	chmod 0 "$FILE"
	check tickets "$FILE"
	[ "$status" -eq 2 ]
	says "chmod u+r"
}

@test "a compile error shows gcc's diagnostics with the place" {
	put daemon.c < <(printf 'int main(void)\n{\n\treturn 0\n}\n')
	check daemon "$FILE"
	[ "$status" -eq 1 ]
	valid_report
	[ "$(field "r['verdict']")" = fail ]
	[ "$(field "r['score']")" = 0 ]
	[ "$(field "'./daemon.c:3' in r['compile']['log']")" = True ]
	run "$GRADER" check daemon "$FILE" --lang en
	says "daemon.c:3" "expected" "mend the first error"
}

@test "an undefined function shows its place, the same in every grading" {
	put daemon.c < <(printf 'void f(void);\nint main(void) { f(); }\n')
	check daemon "$FILE"
	local first
	first=$(field "r['compile']['log']")
	check daemon "$FILE"
	[ "$first" = "$(field "r['compile']['log']")" ]
	[[ $first == *"undefined reference to"* ]]
}

@test "warnings of gcc are carried though it compiles" {
	put daemon.c < <(cat solutions/daemon/right-pdeathsig/*.c
		echo "static int unused_one;")
	check daemon "$FILE" -n 1
	[ "$(field "r['compile']['ok']")" = True ]
	[ "$(field "'unused_one' in r['compile']['log']")" = True ]
}

@test "several files are compiled together" {
	put homework/main.c <<-'END'
	#include "part.h"
	int main(void) { return part(); }
	END
	put homework/part.c <<<'int part(void) { return 0; }'
	put homework/part.h <<<'int part(void);'
	check daemon "$BATS_TEST_TMPDIR/homework" -n 1
	[ "$(field "r['compile']['ok']")" = True ]
	[ "$(field "r['verdict']")" = fail ]
}

@test "a zip of the folder is graded as the folder is" {
	local right=solutions/daemon/right-pdeathsig hash
	check daemon "$right" -n 1
	[ "$status" -eq 0 ]
	hash=$(field "r['submission_hash']")
	"$PYTHON" - "$right" "$BATS_TEST_TMPDIR/作业.zip" <<-'PY'
	import pathlib, sys, zipfile
	with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as z:
	    for path in pathlib.Path(sys.argv[1]).glob("*.[ch]"):
	        z.write(path, "张三/daemon/" + path.name)
	PY
	check daemon "$BATS_TEST_TMPDIR/作业.zip" -n 1
	[ "$status" -eq 0 ]
	valid_report
	[ "$(field "r['submission_hash']")" = "$hash" ]
	[ "$(field "r['score']")" = "$(field "r['max_score']")" ]
}

@test "what never stops is watched for long only until that is plain" {
	put dots.c <<-'END'
	#include <unistd.h>
	int main(void) { for (;;) write(1, ".", 1); }
	END
	check tickets "$FILE"
	[ "$status" -eq 1 ]
	valid_report
	# two runs of the first scenario, one of each other
	field 'r["exploration"]["schedules"] == r["exploration"]["scenarios"] + 1' |
		grep -x True
	# a short run is a run like others: it replays to the same bytes
	field '[f["scenario"] for c in r["criteria"] if c["id"] == "ends"
		for f in c["findings"]][1]' | grep nolock-note
	run "$GRADER" replay "$REPORT" ends "$FILE" --finding 2 --quiet
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "what ends in some scenarios only is watched for long a few times" {
	put half.c <<-'END'
	#include <stdio.h>
	#include <string.h>
	int main(int argc, char **argv)
	{
		if (argc > 1 && strcmp(argv[1], "lock") == 0)
			for (volatile unsigned long n = 0;; n++)
				;
		return 2;
	}
	END
	# the same exercise with a quarter of the CPU time
	cp -r exercises "$BATS_TEST_TMPDIR/exercises"
	"$PYTHON" - "$BATS_TEST_TMPDIR"/exercises/tickets/{exercise,hidden}.json \
		<<-'PY'
	import json, sys
	for path in sys.argv[1:]:
	    whole = json.load(open(path, encoding="utf-8"))
	    for scenario in whole["scenarios"]:
	        scenario.setdefault("limits", {})["cpu_seconds"] = 1
	    json.dump(whole, open(path, "w", encoding="utf-8"))
	PY
	export GRADER_EXERCISES=$BATS_TEST_TMPDIR/exercises
	check tickets "$FILE"
	[ "$status" -eq 1 ]
	# each is looked at, and few twice
	field 'r["exploration"]["scenarios"] > 20 and r["exploration"][
		"schedules"] <= r["exploration"]["scenarios"] + 4' | grep -x True
}
