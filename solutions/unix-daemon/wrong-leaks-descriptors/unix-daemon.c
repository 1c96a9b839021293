/* Opens the log for each line and never closes it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t flag;

static void set_flag(int s)
{
	flag = s;
}

/* All of the second, whatever comes. */
static void second(void)
{
	struct timespec t = {1, 0};

	while (nanosleep(&t, &t) != 0)
		;
}

int main(int argc, char **argv)
{
	char file[4096], record[4096];
	int seconds = 10, extra, fd, i;
	char tail;

	if (argc > 2 || (argc == 2 && (sscanf(argv[1], "%d%c", &seconds,
					       &tail) != 1 ||
					      seconds < 0))) {
		fprintf(stderr, "%s: SECONDS must be a number >= 0\n", argv[0]);
		return 2;
	}
	if (!getcwd(file, 4000))
		return 3;
	snprintf(record, sizeof record, "%.4000s/daemon.log", file);
	for (extra = 0; file[extra]; extra++)
		;
	sprintf(file + extra, "/daemon.pid");
	fd = open(file, O_CREAT | O_EXCL | O_WRONLY, 0600);
	if (fd == -1)
		return 1;
	signal(SIGTERM, set_flag);
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			int null = open("/dev/null", O_RDWR);

			dprintf(fd, "%d\n", getpid());
			close(fd);
			umask(0);
			if (chdir("/") == -1)
				_exit(3);
			for (i = 0; i < 3; i++)
				dup2(null, i);
			for (i = 0; i < seconds; i++) {
				second();
				fd = open(record, O_CREAT | O_APPEND | O_WRONLY,
					0644);
				dprintf(fd, "alive\n");
				if (flag)
					break;
			}
			unlink(file);
			fd = open(record, O_CREAT | O_APPEND | O_WRONLY, 0644);
			dprintf(fd, "bye\n");
			_exit(0);
		}
		_exit(0);
	}
	return 0;
}
