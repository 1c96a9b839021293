/* A number that stands for one file, and then for another. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "tracee.h"

static char names[2][40];
static char *nowhere = (char *)8;
static int file; /* what the case is about */

/* Files of this case that hold "aaaa" and "bbbb"; the first one's number. */
static void make_files(void)
{
	for (int i = 0; i < 2; i++) {
		int fd;

		snprintf(names[i], sizeof(names[i]), "number-%d-%c",
			tracee_index, 'a' + i);
		fd = open(names[i], O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (write(fd, i ? "bbbb" : "aaaa", 4) != 4)
			_exit(1);
		close(fd);
	}
	file = open(names[0], O_RDWR | O_CLOEXEC);
}

static void remove_files(void)
{
	unlink(names[0]);
	unlink(names[1]);
}

static void say_next(const char *what)
{
	char byte = '-';
	long got = read(file, &byte, 1);

	if (got < 0)
		show(what, got);
	else
		say("%s: %ld '%c'", what, got, byte);
}

static void other_file(void)
{
	int fd = open(names[1], O_RDWR | O_CLOEXEC);

	dup2(fd, file);
	close(fd);
}

static void put_over(void)
{
	make_files();
	say_next("first");
	other_file();
	say_next("another");
	say_next("on");
	show("twice", dup2(file, file) == file);
	say_next("the same");
	remove_files();
}

static void closed_and_opened(void)
{
	int again;

	make_files();
	say_next("first");
	close(file);
	say_next("closed");
	again = open(names[1], O_RDONLY);
	say("the same number: %d", again == file);
	say_next("another");
	close(file);
	show("fifo", mkfifo("number-fifo", 0600));
	again = open("number-fifo", O_RDWR);
	say("the same number: %d", again == file);
	show("write", write(file, "f", 1));
	say_next("fifo");
	unlink("number-fifo");
	remove_files();
}

static void ranges(void)
{
	make_files();
	say_next("first");
	show("close", (long)syscall(SYS_close_range, file, file + 9, 0));
	say_next("closed");
	say("the same number: %d", open(names[1], O_RDONLY) == file);
	say_next("another");
	remove_files();
}

/* Standard output becomes a file, and itself again. */
static void streams(void)
{
	char text[8] = "";
	int saved = dup(STDOUT_FILENO);

	make_files();
	dup2(file, STDOUT_FILENO);
	show("write", write(STDOUT_FILENO, "xy", 2));
	show("from", pread(file, text, 4, 0));
	say("%s", text);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	show("no output", lseek(STDOUT_FILENO, 0, SEEK_CUR) == 2);
	saved = open(names[1], O_RDONLY);
	show("place", lseek(saved, 0, SEEK_CUR));
	remove_files();
}

static void in_child(void)
{
	other_file();
	_exit(0);
}

/* A child that has the same table of descriptors. */
static void shared_table(void)
{
	long pid;

	make_files();
	say_next("first");
	pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		in_child();
	reap((pid_t)pid);
	say_next("another");
	remove_files();
}

static void own_table(void)
{
	pid_t pid;

	make_files();
	say_next("first");
	pid = fork();
	if (pid == 0)
		in_child();
	reap(pid);
	say_next("the same");
	remove_files();
}

static void *in_thread(void *unused)
{
	other_file();
	return unused;
}

static void threads(void)
{
	pthread_t thread;

	make_files();
	say_next("first");
	pthread_create(&thread, NULL, in_thread, NULL);
	pthread_join(thread, NULL);
	say_next("another");
	remove_files();
}

static void hold_and_execute(int how)
{
	flock(file, LOCK_EX);
	nap(1);
	if (how == 0)
		execl("/proc/self/exe", "descriptors", "nap", (char *)NULL);
	close(file);
	nap(2);
}

/* The lock of a description goes with its last descriptor, not later. */
static void lock_goes(void)
{
	for (int how = 0; how < 2; how++) {
		pid_t pid;

		make_files();
		close(file);
		pid = fork();
		if (pid == 0) {
			file = open(names[0], O_RDONLY | O_CLOEXEC);
			hold_and_execute(how);
			_exit(0);
		}
		file = open(names[0], O_RDONLY);
		nap(how == 0 ? 1 : 0);
		usleep(50000);
		show("lock", flock(file, LOCK_EX));
		reap(pid);
		close(file);
	}
	remove_files();
}

static void killed_with_lock(void)
{
	pid_t pid;

	make_files();
	pid = fork();
	if (pid == 0) {
		int own = open(names[0], O_RDONLY);

		flock(own, LOCK_EX);
		nap(9);
		_exit(0);
	}
	nap(1);
	show("lock", flock(file, LOCK_EX | LOCK_NB));
	kill(pid, SIGKILL);
	reap(pid);
	show("lock", flock(file, LOCK_EX | LOCK_NB));
	remove_files();
}

/* Writes to a file: in order, at its end, refused. */
static void writes(void)
{
	char text[20] = "";
	int end, reader;

	make_files();
	end = open(names[0], O_WRONLY | O_APPEND);
	reader = open(names[0], O_RDONLY);
	show("write", write(file, "12", 2));
	show("append", write(end, "34", 2));
	if (fork() == 0) {
		show("shared place", write(file, "5", 1));
		_exit(0);
	}
	reap_all();
	show("write", write(file, "6", 1));
	show("nothing", write(file, "", 0));
	show("bad address", write(file, nowhere, 3));
	show("read only", write(reader, "7", 1));
	show("read", read(reader, text, sizeof(text) - 1));
	say("%s", text);
	show("beyond", lseek(file, 10, SEEK_SET));
	show("write", write(file, "8", 1));
	show("end", lseek(end, 0, SEEK_END));
	remove_files();
}

/* The status has to go somewhere; the child is gone all the same. */
static void waits(void)
{
	int status = -1;
	pid_t first, second;

	show("no child", wait(NULL));
	first = fork();
	if (first == 0)
		_exit(3);
	nap(1);
	show("bad address", (long)waitpid(first, (int *)nowhere, 0) == first);
	show("gone", waitpid(first, &status, 0) == first);
	first = fork();
	if (first == 0)
		_exit(4);
	second = fork();
	if (second == 0)
		_exit(5);
	nap(1);
	show("second", waitpid(second, &status, 0) == second);
	show_status("second", status);
	show("first", waitpid(-1, &status, WNOHANG) == first);
	show_status("first", status);
	show("none", waitpid(-1, &status, WNOHANG));
}

static const struct tracee_case cases[] = {
	{"another put over it", put_over},
	{"closed and opened", closed_and_opened},
	{"ranges", ranges},
	{"streams", streams},
	{"a child with the same table", shared_table},
	{"a child with its own", own_table},
	{"a thread", threads},
	{"the lock goes with the last", lock_goes},
	{"killed with a lock", killed_with_lock},
	{"writes", writes},
	{"waits", waits},
};

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		nap(2);
		return 0;
	}
	return run_cases(cases, COUNT(cases));
}
