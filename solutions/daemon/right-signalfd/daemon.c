/*
 * The child turns both of its fates into descriptors, a timerfd for old age
 * and a signalfd for the parent's death, and polls which one comes first.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
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

static int death_descriptor(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int age_descriptor(unsigned life)
{
	struct itimerspec timer = {.it_value = {.tv_sec = life}};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	if (life == 0)
		timer.it_value.tv_nsec = 1; /* zero would disarm it */
	timerfd_settime(fd, 0, &timer, NULL);
	return fd;
}

static int eunuch(pid_t emperor, unsigned life)
{
	struct pollfd fate[] = {
		{.fd = death_descriptor(), .events = POLLIN},
		{.fd = age_descriptor(life), .events = POLLIN},
	};

	if (getppid() != emperor)
		return 0;
	puts("老太监活着");
	poll(fate, 2, -1);
	if (fate[0].revents == 0)
		puts("老太监正常死亡");
	return 0;
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

	pid_t emperor = getpid(), child = fork();

	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0)
		return eunuch(emperor, child_seconds);
	sleep(parent_seconds);
	puts("皇帝正在死亡");
	kill(child, SIGUSR1);
	waitpid(child, NULL, 0);
	return 0;
}
