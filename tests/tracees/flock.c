/* flock(): shared, exclusive, converted, inherited, dropped by the close. */
#include <fcntl.h>
#include <sys/file.h>

#include "tracee.h"

static char path[40];
static int mine;

static int open_file(void)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		_exit(1);
	return fd;
}

/* A file of this case, opened and locked by this process. */
static void locked_file(int how)
{
	snprintf(path, sizeof(path), "flock-%d", tracee_index);
	mine = open_file();
	show("lock", flock(mine, how));
}

static void lock_and_hold(int how)
{
	int fd = open_file();

	close(mine);
	show("child locks", flock(fd, how));
	nap(1);
	say("child unlocks");
	flock(fd, LOCK_UN);
}

static void exclusive(void)
{
	locked_file(LOCK_EX);
	start(lock_and_hold, LOCK_EX);
	nap(2);
	say("unlock");
	flock(mine, LOCK_UN);
	nap(2);
	start(lock_and_hold, LOCK_EX);
	reap_all();
	unlink(path);
}

static void shared(void)
{
	int other;

	locked_file(LOCK_SH);
	other = open_file();
	start(lock_and_hold, LOCK_SH);
	reap_all();
	start(lock_and_hold, LOCK_EX);
	nap(1);
	show("another reader", flock(other, LOCK_SH | LOCK_NB));
	nap(1);
	say("close unlocks the one, not the other");
	close(mine);
	nap(1);
	say("unlock the other");
	flock(other, LOCK_UN);
	reap_all();
	unlink(path);
}

static void no_block(void)
{
	int other;

	locked_file(LOCK_EX);
	other = open_file();
	show("same process", flock(other, LOCK_EX | LOCK_NB));
	show("again", flock(mine, LOCK_EX | LOCK_NB));
	show("shared", flock(other, LOCK_SH | LOCK_NB));
	show("convert", flock(mine, LOCK_SH));
	show("shared now", flock(other, LOCK_SH | LOCK_NB));
	show("convert back", flock(mine, LOCK_EX | LOCK_NB));
	show("bad", flock(mine, 77));
	show("bad fd", flock(999, LOCK_EX));
	unlink(path);
}

static void hold_inherited(int unused)
{
	(void)unused;
	nap(2);
	say("child ends");
}

static void inherited(void)
{
	int other;

	locked_file(LOCK_EX);
	other = open_file();
	start(hold_inherited, 0);
	close(mine);
	show("still locked", flock(other, LOCK_EX | LOCK_NB));
	show("blocks", flock(other, LOCK_EX));
	reap_all();
	unlink(path);
}

static void unlock_inherited(int unused)
{
	(void)unused;
	nap(1);
	say("child unlocks for all");
	flock(mine, LOCK_UN);
	nap(2);
}

static void unlocked_by_child(void)
{
	int other;

	locked_file(LOCK_EX);
	other = open_file();
	start(unlock_inherited, 0);
	show("blocks", flock(other, LOCK_EX));
	reap_all();
	unlink(path);
}

static void hold_until_killed(int unused)
{
	int fd = open_file();

	(void)unused;
	flock(fd, LOCK_EX);
	nap(50);
}

static void killed_holder(void)
{
	pid_t pid;
	int fd;

	snprintf(path, sizeof(path), "flock-%d", tracee_index);
	fd = open_file();
	pid = start(hold_until_killed, 0);
	nap(1);
	show("held", flock(fd, LOCK_EX | LOCK_NB));
	kill(pid, SIGKILL);
	show("dropped", flock(fd, LOCK_EX));
	show_status("holder", reap(pid));
	unlink(path);
}

static void count_locked(int unused)
{
	int fd = open_file();
	char digit;

	(void)unused;
	for (int i = 0; i < 10; i++) {
		flock(fd, LOCK_EX);
		if (pread(fd, &digit, 1, 0) != 1)
			_exit(1);
		if (i == 0)
			usleep(2000);
		digit++;
		if (pwrite(fd, &digit, 1, 0) != 1)
			_exit(1);
		flock(fd, LOCK_UN);
	}
}

static void counter(void)
{
	char digit = 0;
	int fd;

	snprintf(path, sizeof(path), "flock-%d", tracee_index);
	fd = open_file();
	if (write(fd, &digit, 1) != 1)
		_exit(1);
	for (int i = 0; i < 8; i++)
		start(count_locked, 0);
	reap_all();
	if (pread(fd, &digit, 1, 0) != 1)
		_exit(1);
	say("counted %d", digit);
	unlink(path);
}

static const struct tracee_case cases[] = {
	{"exclusive", exclusive},
	{"shared", shared},
	{"no block", no_block},
	{"inherited", inherited},
	{"unlocked by child", unlocked_by_child},
	{"killed holder", killed_holder},
	{"counter", counter},
};

TRACEE_MAIN(cases)
