/* Busy waiting, bounded: on the clock, a child, a flag, a lock, a file. */
#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "tracee.h"

static volatile int *flag;

static void on_the_clock(void)
{
	int64_t end = tracee_now_ms() + 200;

	while (tracee_now_ms() < end)
		;
	say("over");
}

static void on_the_second(void)
{
	time_t begin = time(NULL);

	while (time(NULL) == begin)
		;
	tracee_start_ms = tracee_now_ms(); /* it took up to a second */
	say("a new second: %d", time(NULL) == begin + 1);
}

static void nap_and_exit(int tenths)
{
	nap(tenths);
	_exit(tenths);
}

static void on_a_child(void)
{
	pid_t pid = start(nap_and_exit, 2);
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0)
		;
	show_status("child", status);
	pid = start(nap_and_exit, 2);
	while (waitpid(pid, &status, WNOHANG) == 0)
		sched_yield();
	show_status("child", status);
}

static void set_flag(int tenths)
{
	nap(tenths);
	*flag = 1;
}

static void on_a_flag(void)
{
	flag = share(sizeof(*flag));
	start(set_flag, 2);
	while (*flag == 0)
		sched_yield();
	say("flag is set");
	reap_all();
}

static void on_a_flag_without_calls(void)
{
	flag = share(sizeof(*flag));
	start(set_flag, 2);
	while (*flag == 0)
		;
	say("flag is set");
	reap_all();
}

static char path[40];

static void hold(int tenths)
{
	int fd = open(path, O_RDWR);

	flock(fd, LOCK_EX);
	nap(tenths);
}

static void on_a_lock(void)
{
	int fd;

	snprintf(path, sizeof(path), "spin-%d", tracee_index);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	start(hold, 3);
	nap(1);
	while (flock(fd, LOCK_EX | LOCK_NB) < 0)
		;
	say("got it");
	reap_all();
	unlink(path);
}

static void make_file(int tenths)
{
	nap(tenths);
	close(open(path, O_RDWR | O_CREAT, 0600));
}

static void on_a_file(void)
{
	struct stat info;

	snprintf(path, sizeof(path), "spin-%d", tracee_index);
	start(make_file, 2);
	while (stat(path, &info) < 0)
		;
	say("it is there");
	reap_all();
	unlink(path);
}

static int fds[2];

static void write_later(int tenths)
{
	nap(tenths);
	if (write(fds[1], "x", 1) != 1)
		_exit(1);
}

static void on_a_pipe(void)
{
	char c;

	if (pipe2(fds, O_NONBLOCK) < 0)
		_exit(1);
	start(write_later, 2);
	while (read(fds[0], &c, 1) < 0)
		;
	say("got %c", c);
	reap_all();
}

static void by_short_sleeps(void)
{
	flag = share(sizeof(*flag));
	start(set_flag, 2);
	while (*flag == 0)
		usleep(1000);
	say("flag is set");
	reap_all();
}

static const struct tracee_case cases[] = {
	{"clock", on_the_clock},
	{"second", on_the_second},
	{"child", on_a_child},
	{"flag", on_a_flag},
	{"flag without calls", on_a_flag_without_calls},
	{"lock", on_a_lock},
	{"file", on_a_file},
	{"pipe", on_a_pipe},
	{"short sleeps", by_short_sleeps},
};

TRACEE_MAIN(cases)
