/* A title is printed before fork and is still in the buffer there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *name = "大海", *end = "";
	long seconds = 3;

	if (argc == 3) {
		name = argv[1];
		seconds = *argv[2] ? strtol(argv[2], &end, 10) : -1;
	}
	if (*end || seconds < 0 || argc == 2 || argc > 3) {
		fputs("spawn: NAME and SECONDS, please\n", stderr);
		return 2;
	}
	printf("--- %s, %ld s ---\n", name, seconds);
	if (fork() == 0) {
		printf("%s is running\n", name);
		fflush(stdout);
		sleep(seconds);
		printf("%s is done\n", name);
		return 0;
	}
	printf("主\n");
	fflush(stdout);
	wait(NULL);
	return 0;
}
