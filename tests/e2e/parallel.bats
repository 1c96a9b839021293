# The cross-check in true parallel: what only a serial order hides is a note.
load helpers

EXERCISE=tests/e2e/exercises/done

# With one processor nothing is parallel.
two_processors() {
	[ "$(nproc)" -ge 2 ] || skip "needs two processors"
}

# notes: the English texts under run.parallel, a line each.
notes() {
	field "'\n'.join(n['messages']['en']
		for n in r['run']['parallel']['notes'])"
}

# put_adder AFTER MILLIONS: four processes add so often to a number in shared memory, with an
# instruction that is one step for a schedule and not for two processors; then
# main does what AFTER says.
put_adder() {
	put done.c <<-END
	#include <stdio.h>
	#include <sys/mman.h>
	#include <sys/wait.h>
	#include <unistd.h>

	int main(void)
	{
		int *sum = mmap(NULL, sizeof(*sum), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		for (int i = 0; i < 4; i++)
			if (fork() == 0) {
				sleep(1);
				for (int n = 0; n < ${2}000000; n++)
					__asm__ volatile("incl %0" : "+m"(*sum));
				_exit(0);
			}
		while (wait(NULL) > 0)
			;
		$1
		puts("done");
		return 0;
	}
	END
}

# until_note TEXT: some grading of thirty has a note with TEXT; two processors
# need not have met in the very first.
until_note() {
	local i
	for i in $(seq 30); do
		check "$EXERCISE" "$FILE" --schedules 8
		[ "$(field "r['run']['parallel']['runs']")" -eq 1 ]
		echo "$(notes)"
		[[ "$(notes)" != *"$1"* ]] || return 0
	done
	return 1
}

@test "increments that only processors lose" {
	two_processors
	# shellcheck disable=SC2016
	put_adder 'printf("sum %d\n", *sum);' 20
	until_note "in every schedule of the grader it is “sum 80000000”"
	# a note, and no more
	[ "$status" -eq 0 ]
	[ "$(field "r['verdict'], r['warnings']")" = "('pass', [])" ]
	valid_report
}

@test "a program that hangs in true parallel only" {
	two_processors
	put_adder 'while (*(volatile int *)sum != 20000000);' 5
	SECONDS=0
	until_note "the program got stuck for good; it did so in none of"
	[ "$SECONDS" -lt 120 ]
	[ "$status" -eq 0 ]
	nothing_left done
}

@test "the student's report tells it apart from the other notes" {
	two_processors
	put_adder 'if (*sum != 80000000) return 3;' 20
	until_note "main exited with status 3"
	local i
	for i in $(seq 30); do
		run "$GRADER" check "$EXERCISE" "$FILE" --lang zh -n 8
		[[ "$output" != *真正并行运行* ]] || break
	done
	says "真正并行运行（不影响分数，每次可能不同）" "主进程以状态 3 结束"
}

@test "--no-parallel runs none" {
	put_adder 'if (*sum != 80000000) return 3;' 20
	check "$EXERCISE" "$FILE" --no-parallel
	[ "$(field "r['run']['parallel']")" = "{'runs': 0, 'notes': []}" ]
}

@test "right solutions get no note, under load either" {
	local solution i busy=()
	for i in 1 2; do
		(while :; do :; done) 3>&- &
		busy+=($!)
	done
	for solution in tickets/right-fcntl tickets/right-threads \
		daemon/right-sigchld daemon/right-busy-getppid \
		producer-consumer/right-mutex-condvar \
		producer-consumer/right-sysv-queue; do
		check "${solution%/*}" "solutions/$solution" --schedules 10
		echo "$solution: $(field "r['run']['parallel']")"
		[ "$(field "r['run']['parallel']['runs']")" -ge 1 ] || break
		[ "$(notes)" = "" ] || break
		solution=
	done
	kill "${busy[@]}"
	[ -z "$solution" ]
}
