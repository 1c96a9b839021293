/* Workers: what is told, who dies, who hangs. */
#include <criterion/criterion.h>

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "grader/batch/pool.h"

#define TASKS 6

enum behaviour { USUAL, DIES, STOPS, IS_SLOW_AND_ALIVE };

struct seen {
	enum behaviour behaviour[TASKS]; /* what each is to do */
	bool done[TASKS], died[TASKS], hung[TASKS];
	pid_t told[TASKS]; /* by whom */
};

static void sleep_ms(long ms)
{
	const struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static void work(void *context, size_t task, const struct pool_line *line)
{
	const struct seen *seen = context;
	const pid_t self = getpid();

	pool_tell(line, &self, sizeof(self));
	switch (seen->behaviour[task]) {
	case DIES:
		raise(SIGKILL);
		break;
	case STOPS:
		raise(SIGSTOP);
		break;
	case IS_SLOW_AND_ALIVE:
		for (int i = 0; i < 16; i++) {
			sleep_ms(200);
			pool_live(line);
		}
		break;
	default:
		break;
	}
}

static int hear(void *context, size_t task, const void *data, size_t length)
{
	struct seen *seen = context;

	cr_assert_eq(length, sizeof(pid_t));
	memcpy(&seen->told[task], data, length);
	return 0;
}

static int done(void *context, size_t task)
{
	((struct seen *)context)->done[task] = true;
	return 0;
}

static int died(void *context, size_t task, int status)
{
	cr_assert(WIFSIGNALED(status));
	((struct seen *)context)->died[task] = true;
	return 0;
}

static int hung(void *context, size_t task)
{
	((struct seen *)context)->hung[task] = true;
	return 0;
}

static int never(void)
{
	return 0;
}

static void run(struct seen *seen, size_t workers, unsigned patience_ms)
{
	const struct pool_job job = {.work = work,
		.worker_context = seen,
		.context = seen,
		.hear = hear,
		.done = done,
		.died = died,
		.hung = hung,
		.patience_ms = patience_ms,
		.interrupted = never};
	struct err err = {""};

	cr_assert_eq(pool_run(&job, TASKS, workers, &err), 0, "%s", err.text);
	cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1, "a worker is left");
	cr_assert_eq(errno, ECHILD);
	for (size_t i = 0; i < TASKS; i++)
		cr_expect(seen->told[i] > 0, "task %zu told nothing", i);
}

Test(pool, a_worker_that_dies_is_replaced)
{
	struct seen seen = {.behaviour = {USUAL, DIES}};

	run(&seen, 2, 0);
	for (size_t i = 0; i < TASKS; i++) {
		cr_expect_eq(seen.died[i], i == 1);
		cr_expect_eq(seen.done[i], i != 1);
	}
}

Test(pool, a_worker_that_hangs_is_killed_and_replaced)
{
	struct seen seen = {.behaviour = {USUAL, STOPS, USUAL, STOPS}};

	run(&seen, 2, 500);
	for (size_t i = 0; i < TASKS; i++) {
		cr_expect_eq(seen.hung[i], i == 1 || i == 3);
		cr_expect_eq(seen.done[i], i != 1 && i != 3);
		cr_expect_not(seen.died[i]);
	}
	/* what was stopped is gone, not only left alone */
	cr_expect_eq(kill(seen.told[1], 0), -1);
	cr_expect_eq(kill(seen.told[3], 0), -1);
}

Test(pool, a_worker_that_gives_signs_of_life_may_take_its_time)
{
	struct seen seen = {.behaviour = {IS_SLOW_AND_ALIVE, STOPS}};

	run(&seen, 2, 2000); /* and works for 3.2 s */
	cr_expect(seen.done[0]);
	cr_expect_not(seen.hung[0]);
	cr_expect(seen.hung[1]);
}
