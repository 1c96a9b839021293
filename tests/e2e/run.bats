# grader run: any program, without an exercise.
load helpers

# run_it NAME [OPTION...]: runs the source of standard input, called NAME.
# $out and $err are then its standard output and error, $status the status.
run_it() {
	local name=$1
	shift
	put "$name"
	run_file "$FILE" "$@"
}

run_file() {
	status=0
	"$GRADER" run "$@" <"${INPUT:-/dev/null}" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	out=$(cat "$BATS_TEST_TMPDIR/out")
	err=$(cat "$BATS_TEST_TMPDIR/err")
	output="$out
--- $status
$err"
	echo "$output"
}

RACE='#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static int get(void)
{
	int n = 0;
	FILE *file = fopen("count.txt", "r");
	if (file) {
		if (fscanf(file, "%d", &n) != 1)
			n = 0;
		fclose(file);
	}
	return n;
}
int main(void)
{
	for (int i = 0; i < 2; i++)
		if (fork() == 0) {
			int n = get() + 1;
			FILE *file = fopen("count.txt", "w");
			fprintf(file, "%d\n", n);
			fclose(file);
			exit(0);
		}
	while (wait(NULL) > 0)
		;
	printf("count = %d\n", get());
	return 0;
}'

@test "hello: its output exactly, one line of summary" {
	run_it hello.c <<-'END'
	#include <stdio.h>
	int main(void) { puts("hello"); fputs("no newline", stdout); return 0; }
	END
	[ "$status" -eq 0 ]
	[ "$out" = $'hello\nno newline' ]
	[ "$(wc -l <<<"$err")" -eq 1 ]
	says "ended with exit status 0" "0.000 s of virtual time"
}

@test "output and errors keep to their streams; --quiet says no more" {
	run_it two.c --quiet <<-'END'
	#include <stdio.h>
	int main(void) { puts("out"); fputs("err\n", stderr); return 0; }
	END
	[ "$status" -eq 0 ]
	[ "$out" = out ]
	[ "$err" = err ]
}

@test "fork and wait: the processes, where they were made, and for how long" {
	run_it family.c <<-'END'
	#include <stdio.h>
	#include <sys/wait.h>
	#include <unistd.h>
	int main(void)
	{
		if (fork() == 0) {
			sleep(5);
			puts("child");
			return 7;
		}
		wait(NULL);
		puts("main");
		return 0;
	}
	END
	[ "$status" -eq 0 ]
	[ "$out" = $'child\nmain' ]
	says "5.000 s of virtual time" "2 processes" family.c:6 \
		"0.000 – 5.000 s" "exit 7, waited for by main" \
		"family.c --schedules 50"
	run_file "$FILE" --who --quiet
	[ "$out" = "    5.000 s  child 1 | child
    5.000 s  main    | main" ]
}

@test "a deadlock over two pipes: who waits for what, where" {
	run_it dead.c <<-'END'
	#include <unistd.h>
	int main(void)
	{
		int a[2], b[2];
		char c;
		if (pipe(a) || pipe(b))
			return 1;
		if (fork() == 0) {
			read(a[0], &c, 1);
			write(b[1], "x", 1);
			return 0;
		}
		read(b[0], &c, 1);
		write(a[1], "x", 1);
		return 0;
	}
	END
	[ "$status" -eq 1 ]
	says "deadlock: it never ends" "main waits for the pipe pipe:2" \
		"has its write end open" dead.c:13 dead.c:9
	run_file "$FILE" --lang zh
	[ "$status" -eq 1 ]
	says 死锁 永远 dead.c:13
}

@test "an orphan and a zombie are noted and cost nothing" {
	run_it left.c <<-'END'
	#include <stdlib.h>
	#include <unistd.h>
	int main(void)
	{
		if (fork() == 0) {
			sleep(9);
			exit(0);
		}
		if (fork() == 0)
			exit(4);
		sleep(1);
		return 0;
	}
	END
	[ "$status" -eq 0 ]
	says "child 1 still ran when main ended: an orphan" \
		"child 2 ended, but nobody waited: a zombie" \
		"exit 4, never waited for"
}

@test "a crash has its signal and its line, in a child too" {
	run_it crash.c <<-'END'
	#include <stdio.h>
	static void store(int *to)
	{
		*to = 3;
	}
	int main(void)
	{
		puts("before");
		store(NULL);
		return 0;
	}
	END
	[ "$status" -eq 1 ]
	[ "$out" = before ]
	says "ended by SIGSEGV at crash.c:4" "Segmentation fault"
	run_it child.c <<-'END'
	#include <stdlib.h>
	#include <sys/wait.h>
	#include <unistd.h>
	int main(void)
	{
		if (fork() == 0)
			abort();
		wait(NULL);
		return 0;
	}
	END
	[ "$status" -eq 1 ]
	says "child 1 crashed" SIGABRT child.c:7
}

@test "another exit status than 0 is told and is ours too" {
	run_it three.c <<-'END'
	int main(void) { return 3; }
	END
	[ "$status" -eq 1 ]
	says "ended with exit status 3"
}

@test "endless loops end: one proved, one at the limit of CPU time" {
	run_it still.c <<-'END'
	int main(void) { for (;;) ; }
	END
	[ "$status" -eq 1 ]
	says "an endless loop"
	run_it count.c --schedules 40 <<-'END'
	int main(void) { for (volatile unsigned long n = 0;; n++) ; }
	END
	[ "$status" -eq 1 ]
	says "stopped at a limit (cpu)" "No more were run"
}

@test "a flood of output ends at its limit" {
	run_it flood.c <<-'END'
	#include <stdio.h>
	int main(void) { for (long i = 0;; i++) printf("line %070ld\n", i); }
	END
	[ "$status" -eq 1 ]
	says "stopped at a limit (output)" "does it print for ever"
	[ "$(head -c 9 <<<"$out")" = 'line 0000' ]
	[ "$(wc -c <"$BATS_TEST_TMPDIR/out")" -gt 1000000 ]
	[ "$(wc -c <"$BATS_TEST_TMPDIR/out")" -le 1048576 ]

	# a call counts as 64 bytes: each is a stop of the program
	run_it drops.c <<-'END'
	#include <unistd.h>
	int main(void) { for (;;) write(1, ".", 1); }
	END
	[ "$status" -eq 1 ]
	says "stopped at a limit (output)"
	[ "$(wc -c <"$BATS_TEST_TMPDIR/out")" -eq 16384 ]
}

@test "who makes processes for ever comes to a limit, whoever waits for them" {
	run_it forks.c <<-'END'
	#include <sys/wait.h>
	#include <unistd.h>
	int main(void)
	{
		for (;;) {
			if (fork() == 0)
				_exit(0);
			wait(NULL);
		}
	}
	END
	[ "$status" -eq 1 ]
	says "stopped at a limit (processes-made)" "the number of processes made"
}

@test "a long line comes out whole" {
	run_it long.c --quiet <<-'END'
	#include <stdio.h>
	int main(void)
	{
		for (int i = 0; i < 20000; i++)
			putchar('a' + i % 26);
		putchar('\n');
		return 0;
	}
	END
	[ "$("$PYTHON" -c 'print("".join(chr(97 + i % 26)
		for i in range(20000)))')" = "$out" ]
}

@test "--schedules shows both results of a race, each with its command" {
	run_it race.c --schedules 40 <<<"$RACE"
	[ "$status" -eq 0 ]
	[ "$out" = "count = 2" ]
	says "40 schedules, 2 different results" "prints: count = 2" \
		"prints: count = 1"
	local command
	command=$(grep -A 3 -F "prints: count = 1" <<<"$err" |
		tr -d '\\\n' | grep -oE 'race\.c +--seed +[0-9]+ +--policy +[a-z-]+')
	read -ra command <<<"${command#race.c}"
	run_file "$FILE" "${command[@]}" --quiet
	[ "$out" = "count = 1" ]
}

@test "a deadlock that the first schedule does not have is found and explained" {
	run_it locks.c --schedules 40 <<-'END'
	#include <fcntl.h>
	#include <stdio.h>
	#include <sys/file.h>
	#include <sys/wait.h>
	#include <unistd.h>
	static void take(const char *first, const char *second)
	{
		flock(open(first, O_RDWR | O_CREAT, 0600), LOCK_EX);
		flock(open(second, O_RDWR | O_CREAT, 0600), LOCK_EX);
	}
	int main(void)
	{
		if (fork() == 0) {
			take("a", "b");
			return 0;
		}
		take("b", "a");
		puts("both");
		return 0;
	}
	END
	[ "$status" -eq 1 ]
	[ "$out" = both ]
	says "deadlock: it never ends" "(held by child 1)" "(held by main)" \
		"schedules went wrong"
	local command
	command=$(grep -A 6 -F "deadlock: it never" <<<"$err" |
		tr -d '\\\n' | grep -oE -e '--seed +[0-9]+ +--policy +[a-z-]+' |
		head -n 1)
	read -ra command <<<"$command"
	run_file "$FILE" "${command[@]}"
	[ "$status" -eq 1 ]
	says "locks.c:9" "waits for ever for b (held by main)"
}

@test "a data race on shared memory: both lines, and the lost counts" {
	run_it shared.c --schedules 40 <<-'END'
	#include <stdio.h>
	#include <sys/mman.h>
	#include <sys/wait.h>
	#include <unistd.h>
	int main(void)
	{
		int *count = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		for (int i = 0; i < 2; i++)
			if (fork() == 0) {
				int n = *count;
				*count = n + 1;
				_exit(0);
			}
		while (wait(NULL) > 0)
			;
		printf("count = %d\n", *count);
		return 0;
	}
	END
	[ "$status" -eq 0 ]
	[ "$out" = "count = 2" ]
	says "Data race: shared.c:11 (read) and shared.c:12 (write)" \
		"2 different results" "prints: count = 1"
}

@test "lines in another order are no other result" {
	run_it order.c --schedules 20 <<-'END'
	#include <stdio.h>
	#include <sys/wait.h>
	#include <unistd.h>
	int main(void)
	{
		if (fork() == 0) {
			puts("a");
			return 0;
		}
		puts("b");
		wait(NULL);
		return 0;
	}
	END
	[ "$status" -eq 0 ]
	says "20 schedules, all with the same result" \
		"its lines came in 2 different orders"
}

@test "--trace writes the trace, the same bytes again, places in it" {
	local trace=$BATS_TEST_TMPDIR/trace.jsonl
	run_it race.c --seed 7 --quiet --trace "$trace" <<<"$RACE"
	[ "$status" -eq 0 ]
	head -n 1 "$trace" | grep -F '"policy":"random","seed":"7"'
	grep -F '"place":"race.c:20"' "$trace" | grep -qF '"kind":"fork"'
	run_file "$FILE" --seed 7 --quiet --trace "$trace.2"
	cmp "$trace" "$trace.2"
	run_file "$FILE" --policy run-to-block --seed 7 -q --trace "$trace.2"
	run cmp -s "$trace" "$trace.2"
	[ "$status" -eq 1 ]
	run_file "$FILE" --trace "$BATS_TEST_TMPDIR/none/trace"
	[ "$status" -eq 3 ]
	[ -z "$out" ]
}

@test "what stands behind -- is the program's, options too" {
	run_it args.c --quiet -- --seed 'a b' '' -- <<-'END'
	#include <stdio.h>
	int main(int argc, char **argv)
	{
		for (int i = 0; i < argc; i++)
			printf("<%s>\n", argv[i]);
		return 0;
	}
	END
	[ "$status" -eq 0 ]
	[ "$out" = $'<./args>\n<--seed>\n<a b>\n<>\n<-->' ]
}

@test "standard input is passed on whole, up to 1 MiB" {
	put count.c <<-'END'
	#include <stdio.h>
	int main(void)
	{
		long bytes = 0, newlines = 0;
		for (int c; (c = getchar()) != EOF; bytes++)
			newlines += c == '\n';
		printf("%ld %ld\n", bytes, newlines);
		return 0;
	}
	END
	local program=$FILE
	run_file "$program" --quiet
	[ "$out" = "0 0" ]
	INPUT=$BATS_TEST_TMPDIR/input
	yes | head -c 1048576 >"$INPUT" || true
	run_file "$program" --quiet
	[ "$out" = "1048576 524288" ]
	echo >>"$INPUT"
	run_file "$program" --quiet
	[ "$status" -eq 2 ]
	says "standard input is more than 1 MiB"
}

@test "the trace names standard input, and a sleep that is spelled poll" {
	local trace=$BATS_TEST_TMPDIR/trace.jsonl
	put read.c <<-'END'
	#include <poll.h>
	#include <stdio.h>
	#include <unistd.h>
	int main(void)
	{
		char text[8];
		int ends[2];
		pipe(ends);
		write(ends[1], "own", 3);
		read(ends[0], text, 3);
		read(0, text, 4);
		poll(NULL, 0, 300);
		return 0;
	}
	END
	INPUT=$BATS_TEST_TMPDIR/input
	echo abc >"$INPUT"
	run_file "$FILE" --quiet --trace "$trace"
	[ "$status" -eq 0 ]
	grep -qF '"kind":"get","object":"stdin","value":4' "$trace"
	grep -qF '"kind":"get","object":"pipe:1","value":3' "$trace"
	grep -qF '"kind":"wait","object":"time"' "$trace"
}

@test "--file puts a file beside the program" {
	put data.txt <<<"42"
	local data=$FILE
	run_it cat.c --file "$data" <<-'END'
	#include <stdio.h>
	int main(void)
	{
		int n;
		FILE *file = fopen("data.txt", "r");
		if (!file || fscanf(file, "%d", &n) != 1)
			return 1;
		printf("%d\n", n);
		return 0;
	}
	END
	[ "$status" -eq 0 ]
	[ "$out" = 42 ]
	says "data.txt (3 bytes)"
	run_file "$FILE" --file "$BATS_TEST_TMPDIR/none"
	[ "$status" -eq 2 ]
	run_file "$FILE" --file "$BATS_TEST_TMPDIR"
	[ "$status" -eq 2 ]
	says "is not a regular file"
	run_file "$FILE" --file "$data" --file "$data"
	[ "$status" -eq 2 ]
	says "two files are called 'data.txt'"
}

@test "--pipe: what stdio keeps back is copied by fork" {
	put twice.c <<-'END'
	#include <stdio.h>
	#include <sys/wait.h>
	#include <unistd.h>
	int main(void)
	{
		printf("once?\n");
		if (fork() == 0)
			return 0;
		wait(NULL);
		return 0;
	}
	END
	run_file "$FILE" --quiet
	[ "$out" = "once?" ]
	run_file "$FILE" --quiet --pipe
	[ "$out" = $'once?\nonce?' ]
}

@test "a folder, exec of itself, and local sockets" {
	put self/main.c <<-'END'
	#include <stdio.h>
	#include <sys/socket.h>
	#include <sys/wait.h>
	#include <unistd.h>
	const char *word(void);
	int main(int argc, char **argv)
	{
		int ends[2];
		char c = '?';
		if (argc > 1)
			return puts(word()) < 0;
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
			return 1;
		if (fork() == 0) {
			write(ends[1], "!", 1);
			execl(argv[0], argv[0], "again", (char *)NULL);
			return 127;
		}
		wait(NULL);
		read(ends[0], &c, 1);
		printf("%s %c\n", argv[0], c);
		return 0;
	}
	END
	put self/word.c <<-'END'
	const char *word(void);
	const char *word(void) { return "another"; }
	END
	run_file "$(dirname "$FILE")"
	[ "$status" -eq 0 ]
	[ "$out" = $'another\n./self !' ]
}

@test "IPC objects and files left are told" {
	run_it ipc.c <<-'END'
	#include <fcntl.h>
	#include <semaphore.h>
	#include <stdio.h>
	int main(void)
	{
		sem_open("/left", O_CREAT, 0600, 1);
		fclose(fopen("out.txt", "w"));
		return 0;
	}
	END
	[ "$status" -eq 0 ]
	says "left was left behind" "out.txt (0 bytes)"
}

@test "what does not compile is shown and is no run" {
	run_it bad.c <<-'END'
	int main(void) { return nothing; }
	END
	[ "$status" -eq 1 ]
	[ -z "$out" ]
	says "./bad.c:1:25: error:" nothing
}

@test "wrong use is met with what is wrong" {
	put a.c <<<'int main(void) { return 0; }'
	run "$GRADER" run
	[ "$status" -eq 2 ]
	says "needs PATH" "grader run hello.c"
	run "$GRADER" run "$FILE" lock 10
	[ "$status" -eq 2 ]
	says "arguments of the program behind --" "-- lock"
	run "$GRADER" run "$FILE" --policy randon
	[ "$status" -eq 2 ]
	says "no policy 'randon'" "did you mean 'random'?"
	run "$GRADER" run "$FILE" --seed many
	[ "$status" -eq 2 ]
	run "$GRADER" run "$FILE" --schedules 0
	[ "$status" -eq 2 ]
	run "$GRADER" run "$BATS_TEST_TMPDIR/none.c"
	[ "$status" -eq 2 ]
	says "none.c"
	run "$GRADER" help run
	[ "$status" -eq 0 ]
	says --seed --policy --schedules --trace "Exit status"
}

@test "the same command gives the same bytes" {
	run_it race.c --schedules 10 <<<"$RACE"
	local first=$output
	run_file "$FILE" --schedules 10
	[ "$output" = "$first" ]
}
