/* Record locks: fcntl() of a process, lockf(), and of an open file (OFD). */
#include <fcntl.h>

#include "tracee.h"

static char path[40];
static int mine;

static int open_file(void)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	if (fd < 0)
		_exit(1);
	return fd;
}

static void make_file(void)
{
	snprintf(path, sizeof(path), "fcntl-%d", tracee_index);
	mine = open_file();
}

static int lock(int fd, int command, int type, int from, int length)
{
	struct flock lock = {.l_type = type, .l_start = from, .l_len = length};

	return fcntl(fd, command, &lock);
}

static void show_holder(const char *what, int type, int from, int length)
{
	struct flock lock = {.l_type = type, .l_start = from, .l_len = length};
	static const char *const types[] = {
		[F_RDLCK] = "read", [F_WRLCK] = "write", [F_UNLCK] = "none"};

	if (show(what, fcntl(mine, F_GETLK, &lock)) == 0)
		say("  %s, from %ld for %ld, parent's %d", types[lock.l_type],
			lock.l_type == F_UNLCK ? 0 : (long)lock.l_start,
			lock.l_type == F_UNLCK ? 0 : (long)lock.l_len,
			lock.l_type != F_UNLCK && lock.l_pid == getppid());
}

static void look_at_parents_locks(int unused)
{
	(void)unused;
	show_holder("at 0", F_WRLCK, 0, 5);
	show_holder("at 12, read", F_RDLCK, 12, 5);
	show_holder("at 12, write", F_WRLCK, 12, 5);
	show_holder("at 40", F_WRLCK, 40, 0);
	show("lock at 20", lock(mine, F_SETLK, F_WRLCK, 20, 10));
	show("lock at 5", lock(mine, F_SETLK, F_WRLCK, 5, 10));
	show("read at 10", lock(mine, F_SETLK, F_RDLCK, 10, 5));
	show("unlock parent's", lock(mine, F_SETLK, F_UNLCK, 0, 0));
	show("still", lock(mine, F_SETLK, F_WRLCK, 0, 1));
}

static void ranges(void)
{
	make_file();
	show("write 0-9", lock(mine, F_SETLK, F_WRLCK, 0, 10));
	show("read 10-19", lock(mine, F_SETLK, F_RDLCK, 10, 10));
	show("write 50-", lock(mine, F_SETLK, F_WRLCK, 50, 0));
	show("own again", lock(mine, F_SETLK, F_WRLCK, 2, 3));
	show_holder("own are not seen", F_WRLCK, 0, 0);
	reap(start(look_at_parents_locks, 0));
	show("bad type", lock(mine, F_SETLK, 77, 0, 1));
	show("bad fd", lock(999, F_SETLK, F_WRLCK, 0, 1));
	unlink(path);
}

static void wait_for_lock(int from)
{
	show("child asks", lock(mine, F_SETLK, F_WRLCK, from, 10));
	show("child waits", lock(mine, F_SETLKW, F_WRLCK, from, 10));
}

static void split(void)
{
	make_file();
	lock(mine, F_SETLK, F_WRLCK, 0, 30);
	start(wait_for_lock, 10);
	nap(1);
	say("unlock another part");
	lock(mine, F_SETLK, F_UNLCK, 20, 10);
	nap(1);
	say("unlock the part");
	lock(mine, F_SETLK, F_UNLCK, 10, 10);
	reap_all();
	unlink(path);
}

static void any_close_drops(void)
{
	make_file();
	lock(mine, F_SETLK, F_WRLCK, 0, 0);
	start(wait_for_lock, 0);
	nap(1);
	say("close another descriptor");
	close(open_file());
	reap_all();
	unlink(path);
}

static void not_inherited(int unused)
{
	(void)unused;
	close(mine);
	mine = open_file();
	show("child has no lock", lock(mine, F_SETLK, F_WRLCK, 0, 1));
}

static void close_in_child(void)
{
	make_file();
	lock(mine, F_SETLK, F_WRLCK, 0, 0);
	reap(start(not_inherited, 0));
	reap(start(not_inherited, 0));
	unlink(path);
}

static void hold(int tenths)
{
	lock(mine, F_SETLKW, F_WRLCK, 0, 0);
	nap(tenths);
}

static void dropped_by_exit(void)
{
	pid_t pid;

	make_file();
	start(hold, 2);
	nap(1);
	show("wait for exit", lock(mine, F_SETLKW, F_WRLCK, 0, 0));
	lock(mine, F_SETLK, F_UNLCK, 0, 0);
	pid = start(hold, 50);
	nap(1);
	kill(pid, SIGKILL);
	show("wait for death", lock(mine, F_SETLKW, F_WRLCK, 0, 0));
	reap_all();
	unlink(path);
}

static void cross(int unused)
{
	(void)unused;
	lock(mine, F_SETLK, F_WRLCK, 10, 1);
	nap(1);
	show("child", lock(mine, F_SETLKW, F_WRLCK, 0, 1));
}

static void cycle(void)
{
	make_file();
	lock(mine, F_SETLK, F_WRLCK, 0, 1);
	start(cross, 0);
	nap(2);
	show("parent", lock(mine, F_SETLKW, F_WRLCK, 10, 1));
	nap(1);
	lock(mine, F_SETLK, F_UNLCK, 0, 0);
	reap_all();
	unlink(path);
}

static void hold_part(int from)
{
	lock(mine, F_SETLK, F_WRLCK, from, 1);
	nap(4);
}

static void hold_and_wait(int from)
{
	lock(mine, F_SETLK, F_WRLCK, from, 1);
	nap(1);
	show("child", lock(mine, F_SETLKW, F_WRLCK, 0, 1));
}

/* Of the same file, but who waits for whom makes no circle. */
static void no_cycle(void)
{
	make_file();
	lock(mine, F_SETLK, F_WRLCK, 0, 1);
	lock(mine, F_SETLK, F_WRLCK, 25, 1);
	start(hold_and_wait, 10);
	start(hold_part, 20);
	start(hold_part, 30);
	nap(2);
	show("parent", lock(mine, F_SETLKW, F_WRLCK, 15, 16));
	nap(1);
	lock(mine, F_SETLK, F_UNLCK, 0, 0);
	reap_all();
	unlink(path);
}

static void convert_child(int unused)
{
	(void)unused;
	show("child reads", lock(mine, F_SETLK, F_RDLCK, 0, 0));
	nap(2);
	say("child lets go");
}

static void convert(void)
{
	make_file();
	show("read", lock(mine, F_SETLK, F_RDLCK, 0, 0));
	start(convert_child, 0);
	nap(1);
	show("upgrade now", lock(mine, F_SETLK, F_WRLCK, 0, 0));
	show("upgrade", lock(mine, F_SETLKW, F_WRLCK, 0, 0));
	reap_all();
	unlink(path);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void hold_long(int unused)
{
	(void)unused;
	lock(mine, F_SETLKW, F_WRLCK, 0, 0);
	nap(5);
}

static void interrupted(void)
{
	make_file();
	handle(SIGALRM, on_alarm, 0);
	start(hold_long, 0);
	nap(1);
	ualarm(100000, 0);
	show("interrupted", lock(mine, F_SETLKW, F_WRLCK, 0, 0));
	handle(SIGALRM, on_alarm, SA_RESTART);
	ualarm(100000, 0);
	show("restarted", lock(mine, F_SETLKW, F_WRLCK, 0, 0));
	reap_all();
	unlink(path);
}

static void lockf_child(int unused)
{
	int fd = open_file();

	(void)unused;
	show("test", lockf(fd, F_TEST, 10));
	show("try", lockf(fd, F_TLOCK, 10));
	show("lock", lockf(fd, F_LOCK, 10));
	show("unlock", lockf(fd, F_ULOCK, 10));
}

static void by_lockf(void)
{
	make_file();
	show("lockf", lockf(mine, F_LOCK, 10));
	show("test own", lockf(mine, F_TEST, 10));
	start(lockf_child, 0);
	nap(2);
	lockf(mine, F_ULOCK, 10);
	reap_all();
	unlink(path);
}

static void open_file_child(int other)
{
	show("inherited is held", lock(mine, F_OFD_SETLK, F_WRLCK, 0, 0));
	show("other is not", lock(other, F_OFD_SETLK, F_WRLCK, 0, 0));
	close(mine);
	show("waits", lock(other, F_OFD_SETLKW, F_WRLCK, 0, 0));
}

static void open_file_locks(void)
{
	int other;

	make_file();
	other = open_file();
	show("lock", lock(mine, F_OFD_SETLK, F_WRLCK, 0, 0));
	show("same process", lock(other, F_OFD_SETLK, F_WRLCK, 0, 0));
	show("classic", lock(other, F_SETLK, F_WRLCK, 0, 0));
	close(open_file());
	show("close of another", lock(other, F_OFD_SETLK, F_RDLCK, 0, 0));
	start(open_file_child, other);
	nap(1);
	say("last close");
	close(mine);
	reap_all();
	unlink(path);
}

static const struct tracee_case cases[] = {
	{"ranges", ranges},
	{"split", split},
	{"any close drops", any_close_drops},
	{"close in child", close_in_child},
	{"dropped by exit", dropped_by_exit},
	{"cycle", cycle},
	{"no cycle", no_cycle},
	{"convert", convert},
	{"interrupted", interrupted},
	{"lockf", by_lockf},
	{"open file locks", open_file_locks},
};

TRACEE_MAIN(cases)
