/*
 * Emperor and eunuch with the seconds of the course note: the child lives
 * for three seconds, the parent for one.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pid_t child;

	setvbuf(stdout, NULL, _IOLBF, 0);
	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0) {
		puts("老太监活着");
		sleep(3);
		puts("老太监正常死亡");
		return 0;
	}
	sleep(1);
	puts("皇帝正在死亡");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
