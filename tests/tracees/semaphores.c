/* POSIX semaphores, unnamed and named, between processes. */
#include <fcntl.h>
#include <semaphore.h>

#include "tracee.h"

static sem_t *sem;

static void make_semaphore(int value)
{
	sem = share(sizeof(*sem));
	sem_init(sem, 1, value);
}

static void post_at(int tenths)
{
	nap(tenths);
	sem_post(sem);
}

static void waiting(void)
{
	int value;

	make_semaphore(1);
	show("free", sem_wait(sem));
	show("try", sem_trywait(sem));
	start(post_at, 1);
	start(post_at, 3);
	show("first post", sem_wait(sem));
	show("second post", sem_wait(sem));
	show("get", sem_getvalue(sem, &value));
	say("value %d", value);
	reap_all();
	sem_post(sem);
	sem_post(sem);
	sem_getvalue(sem, &value);
	say("value %d", value);
}

static void timed(void)
{
	struct timespec time;

	make_semaphore(0);
	time = in_tenths(CLOCK_REALTIME, 2);
	show("time-out", sem_timedwait(sem, &time));
	show("in the past", sem_timedwait(sem, &time));
	start(post_at, 1);
	time = in_tenths(CLOCK_REALTIME, 5);
	show("in time", sem_timedwait(sem, &time));
	time = in_tenths(CLOCK_MONOTONIC, 2);
	show("monotonic", sem_clockwait(sem, CLOCK_MONOTONIC, &time));
	time.tv_nsec = 2000000000;
	show("bad time", sem_timedwait(sem, &time));
	reap_all();
}

static void wait_and_count(int unused)
{
	int *count = (int *)(void *)(sem + 1);

	(void)unused;
	sem_wait(sem);
	__atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
}

static void several(void)
{
	int *count;

	sem = share(sizeof(*sem) + sizeof(int));
	sem_init(sem, 1, 0);
	count = (int *)(void *)(sem + 1);
	for (int i = 0; i < 5; i++)
		start(wait_and_count, i);
	nap(1);
	say("through %d", *count);
	sem_post(sem);
	sem_post(sem);
	nap(1);
	say("through %d", *count);
	for (int i = 0; i < 3; i++)
		sem_post(sem);
	reap_all();
	say("through %d", *count);
}

static char name[40];

static void open_by_name(int tenths)
{
	sem_t *other = sem_open(name, 0);

	say("child has it: %d", other != SEM_FAILED);
	nap(tenths);
	sem_post(other);
	sem_close(other);
}

static void named(void)
{
	snprintf(name, sizeof(name), "/semaphores-%d", (int)getpid());
	say("not there: %d", sem_open(name, 0) == SEM_FAILED);
	say("%s", strerrorname_np(errno));
	sem = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
	say("made: %d", sem != SEM_FAILED);
	say("again: %d",
		sem_open(name, O_CREAT | O_EXCL, 0600, 0) == SEM_FAILED);
	say("%s", strerrorname_np(errno));
	start(open_by_name, 2);
	show("wait", sem_wait(sem));
	reap_all();
	show("unlink", sem_unlink(name));
	show("again", sem_unlink(name));
	show("still works", sem_trywait(sem));
	sem_close(sem);
}

struct shared {
	sem_t turn[2];
	int count;
};
static struct shared *shared;

static void play(int me)
{
	for (int i = 0; i < 50; i++) {
		sem_wait(&shared->turn[me]);
		shared->count += shared->count % 2 == me ? 1 : 1000;
		sem_post(&shared->turn[!me]);
	}
}

static void ping_pong(void)
{
	shared = share(sizeof(*shared));
	sem_init(&shared->turn[0], 1, 1);
	sem_init(&shared->turn[1], 1, 0);
	start(play, 0);
	start(play, 1);
	reap_all();
	say("count %d", shared->count);
}

static void add(int unused)
{
	(void)unused;
	for (int i = 0; i < 20; i++) {
		sem_wait(&shared->turn[0]);
		int count = shared->count;
		if (i % 10 == 0)
			usleep(1000);
		shared->count = count + 1;
		sem_post(&shared->turn[0]);
	}
}

static void mutual_exclusion(void)
{
	shared = share(sizeof(*shared));
	sem_init(&shared->turn[0], 1, 1);
	for (int i = 0; i < 5; i++)
		start(add, 0);
	reap_all();
	say("count %d", shared->count);
}

static const struct tracee_case cases[] = {
	{"waiting", waiting},
	{"timed", timed},
	{"several", several},
	{"named", named},
	{"ping-pong", ping_pong},
	{"mutual exclusion", mutual_exclusion},
};

TRACEE_MAIN(cases)
