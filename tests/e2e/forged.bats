# What a submission says is a text and never a command, a verdict, or a way to
# learn what it should not know.
load helpers

HIDDEN=tests/e2e/exercises/hidden

# attack NAME: tests/attacks/NAME.c as a submission; its folder is $FILE.
attack() {
	FILE=$BATS_TEST_TMPDIR/attack
	mkdir "$FILE"
	cp "tests/attacks/$1.c" "$FILE/attack.c"
	cp tests/attacks/attack.h "$FILE"
}

# harmless FILE: no escape sequence, no invisible or turning character, no line
# that GitHub Actions takes for a command.
harmless() {
	[ -s "$1" ]
	"$PYTHON" - "$1" <<-'PY'
	import re, sys, unicodedata
	text = open(sys.argv[1], encoding="utf-8").read()
	for number, line in enumerate(text.split("\n"), 1):
	    # what counts for nothing where the line is looked at
	    seen = "".join(c for c in line if unicodedata.category(c) != "Cf")
	    bad = [c for c in line if unicodedata.category(c) in ("Cc", "Cf")
	           and c != "\t"]
	    if (bad and not sys.argv[1].endswith(".json")) or "\x1b" in line:
	        sys.exit(f"line {number}: {bad}: {line!r}")
	    if seen.strip().startswith("::") or re.search(r"##\w*\[", seen):
	        sys.exit(f"line {number}: a command: {line!r}")
	PY
}

# Every form in which a grading is told.
tell_all() {
	check "$@"
	valid_report
	harmless "$REPORT"
	for lang in zh en; do
		"$GRADER" check "$@" --lang "$lang" --no-parallel \
			>"$BATS_TEST_TMPDIR/text" 2>&1 || true
		harmless "$BATS_TEST_TMPDIR/text"
	done
}

@test "forged lines of output" {
	attack G1-forged-lines
	tell_all tests/attacks/ "$FILE"
	[ "$(field "r['verdict']")" = fail ]
}

@test "forged names of files" {
	attack G1-forged-names
	tell_all tests/attacks/ "$FILE"
	[ "$(field "r['verdict']")" = fail ]
}

@test "forged names in gcc's warnings and in places" {
	put attack.c < <(printf '%s\n' '#line 1 "::error file=x::\033[31m"' \
		'#warning "##[error]forged"' \
		'#line 7 "##[error]forged' \
		'int unused(void) { int x; }' \
		'int main(void) { return *(volatile int *)8; }' | sed '3s/$/"/')
	tell_all tests/attacks/ "$FILE"
	[ "$(field "r['compile']['ok']")" = True ]
	[ "$(field "'##[error]' in r['compile']['log']")" = True ]
}

@test "forged names in gcc's errors" {
	put attack.c < <(printf '%s\n' '#line 1 "::error file=x::"' \
		'int main(void) { return undeclared; }' \
		'#line 1 "\r\n  ::warning file=x::"' 'x y z;')
	tell_all tests/attacks/ "$FILE"
	[ "$(field "r['compile']['ok']")" = False ]
	"$GRADER" trace tests/attacks/ "$FILE" --scenario only --seed 1 \
		2>"$BATS_TEST_TMPDIR/text" || [ $? -eq 1 ]
	harmless "$BATS_TEST_TMPDIR/text"
}

@test "a forged name of the submission itself" {
	put $'::error::\033[2J\u202e##[error]x.c' <<<'int main(void) { return 0; }'
	tell_all tests/attacks/ "$FILE"
	mkdir "$BATS_TEST_TMPDIR/folder"
	cp "$FILE" "$BATS_TEST_TMPDIR/folder"
	# a lone source may be called anything, and is compiled by another name
	tell_all tests/attacks/ "$BATS_TEST_TMPDIR/folder"
	[ "$(field "r['compile']['ok']")" = True ]
	echo 'int x;' >"$BATS_TEST_TMPDIR/folder/x.c"
	tell_all tests/attacks/ "$BATS_TEST_TMPDIR/folder"
	[ "$(field "r['verdict']")" = refused ]
}

@test "the check for harmless text finds what is not" {
	local text
	for text in $'\033[31m' '  ::error::x' 'x ##[error]y' $'\u202ex' \
		$'\u200b::error::x'; do
		echo "$text" >"$BATS_TEST_TMPDIR/text"
		run harmless "$BATS_TEST_TMPDIR/text"
		[ "$status" -ne 0 ]
	done
}

@test "a run on a build server" {
	attack G1-forged-lines
	GITHUB_ACTIONS=true "$GRADER" run "$FILE" >"$BATS_TEST_TMPDIR/text" 2>&1
	harmless "$BATS_TEST_TMPDIR/text"
	"$GRADER" run "$FILE" 2>/dev/null | grep -qx '::error file=main.c,line=1::forged'
}

@test "hidden and visible scenarios look the same from inside" {
	local scenario
	attack G5-detection
	for scenario in visible like-it; do
		"$GRADER" trace "$HIDDEN" "$FILE" --scenario "$scenario" \
			--seed 1 | grep '"kind":"output"' \
			>"$BATS_TEST_TMPDIR/$scenario"
	done
	grep -q 'TracerPid:.t0' "$BATS_TEST_TMPDIR/visible"
	grep -q '"text":"done"' "$BATS_TEST_TMPDIR/visible"
	cmp "$BATS_TEST_TMPDIR/visible" "$BATS_TEST_TMPDIR/like-it"
}

@test "an answer that was learnt by heart" {
	put attack.c <<-'END'
	#include <stdio.h>
	#include <string.h>
	int main(int argc, char **argv)
	{
		if (argc > 1 && !strcmp(argv[1], "same"))
			puts("done");
		return 0;
	}
	END
	check "$HIDDEN" "$FILE"
	[ "$status" -eq 1 ]
	[ "$(field "[(f['scenario'], f['hidden']) for c in r['criteria']
		for f in c['findings']]")" = "[('unseen', True)]" ]
}

@test "nothing that a run saves is there in the next" {
	put attack.c <<-'END'
	#include <fcntl.h>
	#include <stdio.h>
	#include <unistd.h>
	int main(void)
	{
		static const char *const paths[] = {"kept", "/tmp/kept",
			"/dev/shm/kept", "/var/tmp/kept"};
		int found = 0, saved = 0;
		for (int i = 0; i < 4; i++) {
			found += access(paths[i], F_OK) == 0;
			saved += open(paths[i], O_CREAT | O_WRONLY | O_EXCL,
				0600) >= 0;
		}
		if (!found && saved >= 3)
			puts("done");
		return 0;
	}
	END
	check "$HIDDEN" "$FILE"
	[ "$(field "r['verdict']")" = pass ]
	[ ! -e /dev/shm/kept ] && [ ! -e /tmp/kept ]
}

@test "what a hidden scenario makes it say is no note" {
	put attack.c <<-'END'
	#include <stdio.h>
	#include <string.h>
	int main(int argc, char **argv)
	{
		fprintf(stderr, "on stderr: %s\n", argv[argc - 1]);
		printf("on stdout: %s\n", argv[argc - 1]);
		if (strcmp(argv[argc - 1], "same"))
			puts("done");
		return 0;
	}
	END
	check "$HIDDEN" "$FILE"
	[ "$status" -eq 1 ]
	grep -q 'on stderr: same' "$REPORT" # the visible one's is
	grep -q 'on stdout: same' "$REPORT"
	run grep xyzzy "$REPORT"
	[ "$status" -eq 1 ]
}

@test "archives, whatever is in them" {
	local archive
	"$PYTHON" - "$BATS_TEST_TMPDIR" <<-'PY'
	import io, sys, tarfile, zipfile
	folder = sys.argv[1]
	with zipfile.ZipFile(folder + "/a.zip", "w", zipfile.ZIP_DEFLATED) as z:
	    z.writestr("../../escaped.c", "int main(void) { return 0; }")
	    z.writestr("/tmp/escaped.c", "int main(void) { return 0; }")
	    z.writestr("bomb.c", b"\0" * (64 << 20))
	with tarfile.open(folder + "/a.tar.gz", "w:gz") as t:
	    for name, kind in (("../escaped.c", tarfile.REGTYPE),
	                       ("link.c", tarfile.SYMTYPE),
	                       ("hard.c", tarfile.LNKTYPE),
	                       ("device.c", tarfile.CHRTYPE),
	                       ("fifo.c", tarfile.FIFOTYPE)):
	        info = tarfile.TarInfo(name)
	        info.type = kind
	        info.linkname = "/etc/passwd"
	        t.addfile(info, io.BytesIO(b""))
	PY
	for archive in a.zip a.tar.gz; do
		check tests/attacks/ "$BATS_TEST_TMPDIR/$archive"
		[ "$status" -eq 1 ]
		valid_report
		[ "$(field "'escaped.c' in r['refusals']['en'] and
			'leads out of it' in r['refusals']['en']")" = True ]
	done
	[ "$(find "$BATS_TEST_TMPDIR" -name 'escaped*' | wc -l)" -eq 0 ]
}

@test "the policy's table is told whole" {
	"$GRADER" doctor --calls >"$BATS_TEST_TMPDIR/calls"
	local call
	for call in $(sed -n 's/^POLICY(\([a-z0-9_]*\),.*/\1/p' \
		sandbox/jail/policy.def); do
		grep -q -- "[ *] *$call  *" "$BATS_TEST_TMPDIR/calls"
	done
	[ "$(grep -c '^[a-zE]' "$BATS_TEST_TMPDIR/calls")" -ge \
		"$(grep -c '^POLICY' sandbox/jail/policy.def)" ]
	grep -q '^forbidden *ptrace *tracing of processes$' \
		"$BATS_TEST_TMPDIR/calls"
}
