/*
 * The parent waits for its child, so that no zombie is left, and lives the
 * rest of its own seconds after that.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
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

	time_t start = time(NULL), lived;
	pid_t emperor = getpid(), child = fork();

	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != emperor)
			_exit(0);
		puts("老太监活着");
		sleep(child_seconds);
		puts("老太监正常死亡");
		return 0;
	}
	waitpid(child, NULL, 0);
	lived = time(NULL) - start;
	if (lived < parent_seconds)
		sleep(parent_seconds - lived);
	puts("皇帝正在死亡");
	return 0;
}
