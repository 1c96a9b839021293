/* SIGCHLD is read from a descriptor, as one more input of an event loop. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static int child_events(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Blocked before it can come. */
static void wait_for_alarm(unsigned seconds)
{
	sigset_t set;
	int got;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	alarm(seconds);
	sigwait(&set, &got);
}

static void loop(int events, pid_t child)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct signalfd_siginfo info;
	int set = epoll_create1(EPOLL_CLOEXEC);

	epoll_ctl(set, EPOLL_CTL_ADD, events, &event);
	do {
		epoll_wait(set, &event, 1, -1);
		if (read(events, &info, sizeof(info)) != sizeof(info))
			break;
	} while (waitpid(child, NULL, WNOHANG) != child);
	close(set);
}

int main(int argc, char **argv)
{
	const char *name = "大海";
	unsigned seconds = 3;
	char *end;

	if (argc == 3) {
		long value = strtol(argv[2], &end, 10);

		if (end == argv[2] || *end != '\0' || value < 0) {
			fprintf(stderr, "spawn: '%s'?\n", argv[2]);
			return 2;
		}
		name = argv[1];
		seconds = value;
	} else if (argc != 1) {
		fprintf(stderr, "spawn: NAME SECONDS\n");
		return 2;
	}

	int events = child_events();
	pid_t child = fork();

	if (child == 0) {
		puts("");
		printf("%s  is  running\n", name);
		if (seconds > 0)
			wait_for_alarm(seconds);
		printf("%s\tis done\n", name);
		exit(0);
	}
	puts("主");
	fflush(stdout);
	loop(events, child);
	return 0;
}
