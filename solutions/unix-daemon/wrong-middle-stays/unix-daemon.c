/* The leader of the session waits for the daemon, with all that it was given. */
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t asked;

static void on_signal(int s)
{
	asked = s;
}

static int only_one(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	memcpy(name.sun_path, "\0unix-daemon", 12);
	if (bind(fd, (struct sockaddr *)&name,
		    offsetof(struct sockaddr_un, sun_path) + 12) < 0)
		return -1;
	return fd;
}

static void write_log(const char *file, const char *text)
{
	int fd = open(file, O_CREAT | O_APPEND | O_WRONLY, 0644);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		_exit(9);
	close(fd);
}

int main(int argc, char **argv)
{
	char cwd[2000], pid_name[2100], log_name[2100], temp_name[2100];
	long seconds = argc < 2 ? 10 : -1, i;
	struct sigaction sa = {.sa_handler = on_signal};
	char *end;
	int null;
	FILE *f;

	if (argc == 2 && argv[1][0]) {
		seconds = strtol(argv[1], &end, 10);
		if (*end)
			seconds = -1;
	}
	if (seconds < 0 || argc > 2) {
		fprintf(stderr, "unix-daemon: bad arguments\n");
		return 2;
	}
	if (only_one() < 0)
		return 1;
	if (!getcwd(cwd, sizeof cwd))
		return 3;
	sprintf(pid_name, "%s/daemon.pid", cwd);
	sprintf(temp_name, "%s/daemon.tmp", cwd);
	sprintf(log_name, "%s/daemon.log", cwd);

	if (fork())
		_exit(0);
	setsid();
	umask(0);
	if (chdir("/"))
		_exit(3);
	sigaction(SIGTERM, &sa, NULL);

	if (fork()) {
		/* its number is not in daemon.pid: nobody signals this one */
		while (wait(NULL) > 0)
			;
		_exit(0);
	}
	null = open("/dev/null", O_RDWR);
	dup2(null, 0), dup2(null, 1), dup2(null, 2);
	f = fopen(temp_name, "w");
	fprintf(f, "%d\n", (int)getpid());
	fclose(f);
	rename(temp_name, pid_name);
	for (i = 0; i < seconds && !asked; i++) {
		write_log(log_name, "alive\n");
		sleep(1);
	}
	remove(pid_name);
	write_log(log_name, "bye\n");
	exit(0);
}
