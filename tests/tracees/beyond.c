/*
 * What lives on after main, and meets a second start of the program: for
 * tests/unit/test_beyond_main.c.  Not one of the torture programs.
 *
 *	beyond late      leaves a child that prints a line at 3 s
 *	beyond told      leaves a child, numbered in "pid", that exits with 7 on
 *	                 SIGTERM; a sibling of it lives for 9 s
 *	beyond unnamed   the same without "pid"
 *	beyond first     leaves a child as it is
 *	beyond leader    ... that leads a session, in /tmp, with umask 027
 *	beyond own       ... that does not lead it, in /, with descriptors on
 *	                 /dev/null, a file and none
 *	beyond holds     ... whose standard output is open as 7 and 9 only
 *	beyond once      the first start makes "mark", others find it
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void wait_for_term(void)
{
	sigset_t set;
	int signal;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigwait(&set, &signal);
}

static void block_term(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void late(void)
{
	if (fork() != 0)
		return;
	sleep(3);
	printf("late\n");
	exit(0);
}

static void put_number(void)
{
	char text[32];
	int fd = open("pid", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	int length = snprintf(text, sizeof(text), "%d\n", getpid());

	if (fd < 0 || write(fd, text, length) != length)
		exit(1);
	close(fd);
}

static void told(int named)
{
	block_term();
	if (named && fork() == 0) {
		sleep(9);
		exit(0);
	}
	if (fork() != 0)
		return;
	if (named)
		put_number();
	wait_for_term();
	printf("told\n");
	exit(7);
}

static void leader(void)
{
	if (fork() != 0)
		return;
	setsid();
	umask(027);
	if (chdir("/tmp") < 0)
		exit(1);
	sleep(2);
	exit(0);
}

static void own(void)
{
	int file;

	if (fork() != 0)
		return;
	setsid();
	if (fork() != 0)
		exit(0);
	umask(0);
	dup2(open("/dev/null", O_RDWR), 0);
	file = open("file", O_WRONLY | O_CREAT, 0644);
	if (write(file, "text", 4) != 4 || chdir("/") < 0)
		exit(1);
	dup2(file, 1);
	close(2);
	sleep(2);
	exit(0);
}

static void holds(void)
{
	if (fork() != 0)
		return;
	if (dup2(1, 7) != 7 || dup2(7, 9) != 9)
		exit(1);
	dup2(open("/dev/null", O_RDWR), 1);
	sleep(2);
	exit(0);
}

static int once(void)
{
	int fd = open("mark", O_WRONLY | O_CREAT | O_EXCL, 0644);

	printf("%s: %d\n", fd >= 0 ? "made" : strerrorname_np(errno), getpid());
	return fd >= 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "late") == 0)
		late();
	else if (strcmp(what, "told") == 0 || strcmp(what, "unnamed") == 0)
		told(strcmp(what, "told") == 0);
	else if (strcmp(what, "first") == 0 && fork() == 0)
		return sleep(2);
	else if (strcmp(what, "leader") == 0)
		leader();
	else if (strcmp(what, "own") == 0)
		own();
	else if (strcmp(what, "holds") == 0)
		holds();
	else if (strcmp(what, "once") == 0)
		return once();
	return 0;
}
