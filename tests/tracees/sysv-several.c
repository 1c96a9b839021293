/* semop(2) on several semaphores at once, SEM_UNDO, and who waits for what. */
#include <sys/ipc.h>
#include <sys/sem.h>

#include "tracee.h"

union semun {
	int val;
	unsigned short *array;
};

static int set;

static void make_set(unsigned short a, unsigned short b, unsigned short c)
{
	unsigned short values[3] = {a, b, c};

	set = semget(IPC_PRIVATE, 3, 0600);
	semctl(set, 0, SETALL, (union semun){.array = values});
}

static void show_values(void)
{
	unsigned short values[3];

	semctl(set, 0, GETALL, (union semun){.array = values});
	say("  values %d %d %d", values[0], values[1], values[2]);
}

static void remove_set(void)
{
	semctl(set, 0, IPC_RMID);
}

static void add_at(int tenths)
{
	struct sembuf add = {1, 1, 0};

	nap(tenths);
	semop(set, &add, 1);
}

/* All or nothing: the first is not taken while the second is waited for. */
static void atomic(void)
{
	struct sembuf both[] = {{0, -1, 0}, {1, -1, 0}};
	struct sembuf one = {0, -1, IPC_NOWAIT};

	make_set(1, 0, 0);
	start(add_at, 2);
	if (fork() == 0) {
		nap(1);
		show("the first is free", semop(set, &one, 1));
		one.sem_op = 1;
		show("give it back", semop(set, &one, 1));
		_exit(0);
	}
	show("both", semop(set, both, 2));
	show_values();
	reap_all();
	remove_set();
}

static void some_do_not_wait(void)
{
	struct sembuf first[] = {{0, -1, IPC_NOWAIT}, {1, -1, 0}};
	struct sembuf last[] = {{1, -1, 0}, {0, -1, IPC_NOWAIT}};
	struct sembuf zero[] = {{2, 0, 0}, {1, -1, IPC_NOWAIT}};
	struct sembuf twice[] = {{0, -1, 0}, {0, -1, IPC_NOWAIT}};

	make_set(1, 0, 0);
	start(add_at, 1);
	show("the second is waited for", semop(set, first, 2));
	show_values();
	reap_all();
	show("the first decides", semop(set, first, 2));
	start(add_at, 1);
	show("after a wait", semop(set, last, 2));
	show_values();
	reap_all();
	show("zero, then take", semop(set, zero, 2));
	show("zero, then none", semop(set, zero, 2));
	remove_set();
	make_set(1, 0, 0);
	show("one for two", semop(set, twice, 2));
	show_values();
	remove_set();
}

static void timed(void)
{
	struct sembuf mixed[] = {{1, -1, 0}, {0, -1, IPC_NOWAIT}};
	struct timespec time = {0, 200000000}, none = {0, 0},
			bad = {0, 1000000000};

	make_set(1, 0, 0);
	show("time-out", semtimedop(set, mixed, 2, &time));
	show("no time", semtimedop(set, mixed, 2, &none));
	show("bad time", semtimedop(set, mixed, 2, &bad));
	start(add_at, 1);
	show("in time", semtimedop(set, mixed, 2, &time));
	reap_all();
	remove_set();
}

static void errors(void)
{
	struct sembuf far = {3, 1, 0}, much = {0, 32767, 0};
	struct sembuf none[1];

	make_set(1, 0, 0);
	show("no such one", semop(set, &far, 1));
	show("too much", semop(set, &much, 1));
	show("none", semop(set, none, 0));
	show("far too many", semop(set, none, 501));
	show("nowhere", semop(set, (void *)8, 1));
	remove_set();
	show("gone", semop(set, &much, 1));
}

static void take_and_end(int how)
{
	struct sembuf both[] = {{0, -1, SEM_UNDO}, {1, 2, SEM_UNDO}};

	semop(set, both, 2);
	nap(2);
	if (how == 1)
		kill(getpid(), SIGKILL);
	_exit(0);
}

static void undo(void)
{
	struct sembuf take = {0, -1, 0};

	make_set(1, 0, 0);
	start(take_and_end, 0);
	nap(1);
	show_values();
	show("after the end", semop(set, &take, 1));
	show_values();
	reap_all();
	semctl(set, 0, SETVAL, (union semun){.val = 1});
	start(take_and_end, 1);
	nap(1);
	show("after the death", semop(set, &take, 1));
	show_values();
	reap_all();
	remove_set();
}

static void wait_for_two(int unused)
{
	struct sembuf two = {0, -2, 0};

	(void)unused;
	semop(set, &two, 1);
	nap(1);
	say("two");
}

static void wait_for_zero(int unused)
{
	struct sembuf zero = {0, 0, 0};

	(void)unused;
	nap(1);
	semop(set, &zero, 1);
	nap(2);
	say("zero");
}

/* A value set by semctl(2) is as good as one added. */
static void counted(void)
{
	make_set(1, 0, 0);
	start(wait_for_two, 0);
	start(wait_for_zero, 0);
	nap(2);
	show("wait for more", semctl(set, 0, GETNCNT));
	show("wait for zero", semctl(set, 0, GETZCNT));
	show("at another", semctl(set, 1, GETNCNT));
	show("set", semctl(set, 0, SETVAL, (union semun){.val = 2}));
	reap_all();
	remove_set();
}

static const struct tracee_case cases[] = {
	{"atomic", atomic},
	{"some do not wait", some_do_not_wait},
	{"timed", timed},
	{"errors", errors},
	{"undo", undo},
	{"counted", counted},
};

TRACEE_MAIN(cases)
