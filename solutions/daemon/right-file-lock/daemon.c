/*
 * The parent locks a nameless file for life; a record lock is not inherited.
 * When the child gets it the parent is dead; SIGALRM is the child's old age.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

static void old_age(int signal_number)
{
	static const char line[] = "老太监正常死亡\n";

	(void)signal_number;
	if (write(STDOUT_FILENO, line, sizeof(line) - 1) < 0)
		_exit(1);
	_exit(0);
}

static int eunuch(int fd, unsigned life)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_SETLK, &lock) == 0)
		return 0;
	puts("老太监活着");
	signal(SIGALRM, old_age);
	if (life == 0)
		raise(SIGALRM);
	alarm(life);
	fcntl(fd, F_SETLKW, &lock);
	_exit(0);
}

int main(int argc, char **argv)
{
	unsigned child_seconds = 3, parent_seconds = 1;

	if (argc == 3) {
		child_seconds = seconds(argv[1]);
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);

	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	FILE *life = tmpfile();

	signal(SIGCHLD, SIG_IGN);
	if (life == NULL || fcntl(fileno(life), F_SETLKW, &lock) < 0) {
		perror("daemon");
		return 1;
	}
	switch (fork()) {
	case -1:
		perror("fork");
		return 1;
	case 0:
		return eunuch(fileno(life), child_seconds);
	}
	sleep(parent_seconds);
	puts("皇帝正在死亡");
	return 0;
}
