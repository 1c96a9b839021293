/* Main asks now and then whether the child has ended. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_alive(pid_t pid)
{
	return waitpid(pid, NULL, WNOHANG) == 0;
}

int main(int argc, char *argv[])
{
	const char *name = "大海";
	int seconds = 3, used = 0;

	switch (argc) {
	case 1:
		break;
	case 3:
		name = argv[1];
		if (sscanf(argv[2], "%d%n", &seconds, &used) == 1 &&
			seconds >= 0 && argv[2][used] == '\0')
			break;
		/* fall through */
	default:
		fprintf(stderr, "spawn NAME SECONDS\n");
		exit(2);
	}
	setvbuf(stdout, NULL, _IONBF, 0);

	pid_t pid = fork();

	if (pid == 0) {
		printf("%s is running\n", name);
		for (int i = 0; i < 10 * seconds; i++)
			usleep(100000);
		printf("%s is done\n", name);
		_exit(0);
	}
	printf("主\n");
	while (is_alive(pid))
		usleep(300000);
	return 0;
}
