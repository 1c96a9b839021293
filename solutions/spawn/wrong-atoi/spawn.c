/*
 * atoi takes everything for a number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void task(const char *name, unsigned seconds)
{
	printf("%s is running\n", name);
	sleep(seconds);
	printf("%s is done\n", name);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "大海";
	int seconds = argc > 2 ? atoi(argv[2]) : 3;
	pid_t child = fork();

	if (child == 0) {
		task(name, seconds);
		return 0;
	}
	printf("主\n");
	waitpid(child, NULL, 0);
	return 0;
}
