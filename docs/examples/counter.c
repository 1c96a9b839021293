/* Two workers count in one file, without a lock. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void count(int number)
{
	char text[64] = "";
	int file = open("counter.json", O_RDWR), count = 0;

	if (file < 0 || read(file, text, sizeof(text) - 1) < 0)
		exit(1);
	sscanf(text, "{\"count\": %d", &count);
	snprintf(text, sizeof(text), "{\"count\": %d}\n", count + 1);
	if (pwrite(file, text, 13, 0) != 13)
		exit(1);
	close(file);
	printf("worker %d: counted\n", number);
}

int main(int argc, char **argv)
{
	int workers = argc > 1 ? atoi(argv[1]) : 1;

	for (int i = 1; i <= workers; i++)
		if (fork() == 0) {
			count(i);
			exit(0);
		}
	while (wait(NULL) > 0)
		;
	return 0;
}
