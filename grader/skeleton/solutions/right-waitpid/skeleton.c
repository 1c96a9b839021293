/* Main knows its children by their numbers and waits for the last one first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 20

static pid_t start(int number)
{
	char line[40];
	pid_t pid = fork();

	if (pid == 0) {
		snprintf(line, sizeof(line), "child %d: hello\n", number);
		if (write(STDOUT_FILENO, line, strlen(line)) < 0)
			_exit(1);
		_exit(0);
	}
	return pid;
}

int main(int argc, char **argv)
{
	pid_t children[MOST];
	int count = 0, wanted, used = 0;

	if (argc != 2 || sscanf(argv[1], "%d%n", &wanted, &used) != 1 ||
		argv[1][used] || wanted < 1 || wanted > MOST) {
		fprintf(stderr, "skeleton: a number from 1 to %d\n", MOST);
		exit(2);
	}
	while (count != wanted) {
		children[count] = start(count + 1);
		count++;
	}
	while (count > 0)
		waitpid(children[--count], NULL, 0);
	printf("all %d are done\n", wanted);
	return 0;
}
