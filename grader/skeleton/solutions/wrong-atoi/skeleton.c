/* atoi() takes anything for a number. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc > 1 ? atoi(argv[1]) : 3;

	for (long i = 1; i <= count; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("fork");
			return 1;
		}
		if (pid == 0) {
			printf("child %ld: hello\n", i);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	printf("all %ld are done\n", count);
	return 0;
}
