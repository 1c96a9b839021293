#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	char *end = "?";
	long count = argc == 2 ? strtol(argv[1], &end, 10) : 0;

	if (*end || count < 1) {
		fprintf(stderr, "usage: skeleton N\n");
		return 2;
	}
	for (long i = 1; i <= count; i++)
		printf("child %ld: hello\n", i);
	printf("all %ld are done\n", count);
	return 0;
}
