# Hostile programs: stopped, reported, nothing left behind, and never a mark
# that was not earned.
load helpers

setup() {
	# where a grader without a mount namespace keeps its folders
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	chmod 1777 "$TMPDIR"
}

EXERCISE=tests/e2e/exercises/done

# attack NAME [VERDICT]: grades tests/e2e/hostile/NAME.c; the report is a whole
# one, the program got no more than the points for compiling and ending, and
# nothing of it is left.
attack() {
	put done.c < <(sed "s|SOURCE_TREE|\"$TOP\"|g" \
		"tests/e2e/hostile/$1.c")
	SECONDS=0
	check "$EXERCISE" "$FILE"
	echo "$1: $SECONDS s, status $status: $output"
	[ "$status" -eq 1 ]
	[ "$SECONDS" -lt 60 ]
	valid_report
	[ "$(field "r['verdict']")" = "${2:-fail}" ]
	[ "$(field "r['compile']['ok']")" = True ]
	[ "$(field "r['score'] <= 50")" = True ]
	nothing_left "$(cut -c 1-15 <<<"gx-$1")"
	[ -z "$(ls -A "$TMPDIR")" ]
}

# The program's trace is free of the word LEAK.
no_leak() {
	"$GRADER" trace "$EXERCISE" "$FILE" --scenario only --seed 1 \
		>"$BATS_TEST_TMPDIR/trace"
	grep -q grader-trace-1 "$BATS_TEST_TMPDIR/trace"
	run grep LEAK "$BATS_TEST_TMPDIR/trace"
	echo "$output"
	[ "$status" -eq 1 ]
}

# told WORD: some finding speaks of it.
told() {
	[ "$(field "any('$1' in f['messages']['en'] or '$1' in f['rule']
		for c in r['criteria'] for f in c['findings'])")" = True ]
}

@test "a fork bomb" {
	attack fork-bomb
	told ends
}

@test "a thread bomb" {
	attack thread-bomb
	told limit
}

@test "a program that takes all memory" {
	attack memory
	told limit
}

@test "a program that fills the disk" {
	attack disk
	told limit
}

@test "a flood of output" {
	attack output-flood
	told limit
}

@test "an endless loop" {
	attack endless-loop
	told ends
}

@test "an endless sleep that ignores signals" {
	attack endless-sleep
	told limit
}

@test "an orphan in its own session" {
	attack orphan
	told nothing-left
}

@test "kill everything" {
	attack kill-everything
	told ends
}

@test "a program that stops itself" {
	attack stop-itself
	told ends
}

@test "a forbidden call" {
	attack forbidden-call
	no_leak
}

@test "a leak would be seen" {
	put done.c <<<'#include <stdio.h>
int main(void) { return puts("LEAK") < 0; }'
	run no_leak
	[ "$status" -ne 0 ]
}

@test "the network" {
	attack network needs-grading
	no_leak
	refused socket
}

# refused CALL: a note names the refused call and its line.
refused() {
	[ "$(field "any(w['kind'] == 'denied' and
		'system call $1: it failed' in w['messages']['en'] and
		'done.c:' in w['messages']['en'] for w in r['warnings'])")" = True ]
}

@test "a mechanism that is refused waits for a person" {
	put done.c <<-'END'
	#include <stdio.h>
	#include <sys/inotify.h>
	int main(void) { return inotify_init() < 0 ? 1 : puts("done") < 0; }
	END
	check "$EXERCISE" "$FILE"
	[ "$status" -eq 1 ]
	valid_report
	refused inotify_init
	[ "$(field "r['verdict']")" = needs-grading ]
	[ "$(field "r['score'] == 10")" = True ]
	[ "$(field "[w['kind'] for w in r['warnings']].count('needs-grading')")" \
		= 2 ]
}

@test "refused calls: what passes is still a pass" {
	put done.c <<-'END'
	#define _GNU_SOURCE
	#include <fcntl.h>
	#include <linux/sched.h>
	#include <stdio.h>
	#include <sys/syscall.h>
	#include <unistd.h>
	int main(void)
	{
		struct clone_args args = {.exit_signal = 17};
		if (fcntl(0, F_SETSIG, 34) == 0 ||
			syscall(SYS_clone3, &args, sizeof(args)) >= 0)
			return 1;
		return puts("done") < 0;
	}
	END
	check "$EXERCISE" "$FILE"
	[ "$status" -eq 0 ]
	refused 'fcntl F_SETSIG'
	refused clone3
}

@test "refused calls: one that changes nothing excuses nothing" {
	put done.c <<-'END'
	#include <stdio.h>
	#include <sys/resource.h>
	int main(void) { return setpriority(PRIO_PROCESS, 0, 5) == 0; }
	END
	check "$EXERCISE" "$FILE"
	[ "$status" -eq 1 ]
	refused setpriority
	[ "$(field "r['verdict']")" = fail ]
}

@test "refused calls: those of the C library are not told" {
	put done.c <<-'END'
	#include <pthread.h>
	#include <spawn.h>
	#include <stdio.h>
	#include <sys/wait.h>
	static void *body(void *unused) { return unused; }
	int main(int argc, char **argv)
	{
		char *again[] = {"./done", "now", "again", NULL};
		pthread_t thread;
		pid_t child;
		if (argc > 2)
			return 0;
		pthread_create(&thread, NULL, body, NULL);
		pthread_join(thread, NULL);
		if (posix_spawn(&child, argv[0], NULL, NULL, again, NULL) == 0)
			wait(NULL);
		return puts("done") < 0;
	}
	END
	check "$EXERCISE" "$FILE"
	[ "$status" -eq 0 ]
	[ "$(field "[w for w in r['warnings'] if w['kind'] == 'denied']")" = '[]' ]
}

@test "files that are not its own" {
	attack read-secrets
	no_leak
}

@test "a shell" {
	attack run-a-shell needs-grading
	no_leak
	[ "$(field "any('no such program' in w['messages']['en']
		for w in r['warnings'] if w['kind'] == 'denied')")" = True ]
}

@test "a printed verdict is not believed" {
	attack fake-verdict
	run grep -P '\x1b' "$REPORT"
	[ "$status" -eq 1 ]
	"$GRADER" check "$EXERCISE" "$FILE" >"$BATS_TEST_TMPDIR/text" || true
	run grep -P '\x1b' "$BATS_TEST_TMPDIR/text"
	[ "$status" -eq 1 ]
}

# compile_attack: the source of standard input does not become a program.
compile_attack() {
	put done.c
	SECONDS=0
	check "$EXERCISE" "$FILE"
	echo "$SECONDS s, status $status: $output"
	[ "$status" -eq 1 ]
	[ "$SECONDS" -lt 45 ]
	valid_report
	[ "$(field "r['compile']['ok']")" = False ]
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "compiler: including files of the machine" {
	compile_attack <<-'END'
	#include "/etc/passwd"
	int main(void) { return 0; }
	END
	[ "$(field "'root:' in r['compile']['log']")" = False ]
}

@test "compiler: embedding files of the machine" {
	compile_attack <<-'END'
	__asm__(".incbin \"/etc/shadow\"");
	int main(void) { return 0; }
	END
}

@test "compiler: embedding an endless file" {
	compile_attack <<-'END'
	__asm__(".incbin \"/dev/zero\"");
	int main(void) { return 0; }
	END
}

@test "compiler: a file that includes itself for ever" {
	compile_attack <<-'END'
	#include "done.c"
	#include "done.c"
	END
}

@test "compiler: a huge table" {
	compile_attack <<-'END'
	int table[1 << 29] = { [5] = 1 };
	int main(void) { return table[0]; }
	END
}

@test "compiler: a flood of diagnostics" {
	compile_attack < <(for _ in $(seq 3000); do
		echo 'undeclared_name_of_a_function_that_is_long x;'
	done)
	[ "$(field "len(r['compile']['log']) <= 70000")" = True ]
}

@test "compiler: a program that asks for an interpreter" {
	compile_attack <<-'END'
	const char interpreter[] __attribute__((section(".interp"))) =
		"/bin/sh";
	int main(void) { return 0; }
	END
	[ "$(field "'interpreter' in r['compile']['log'] or
		'dynamic' in r['compile']['log']")" = True ]
}
