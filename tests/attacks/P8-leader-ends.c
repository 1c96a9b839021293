/* The first thread ends, and another executes the program anew. */
#include "attack.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static char *self;

static void *other(void *unused)
{
	usleep(1000);
	execl(self, self, "now", "again", (char *)NULL);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc > 2)
		return finish();
	self = argv[0];
	pthread_create(&thread, NULL, other, NULL);
	pthread_exit(NULL);
}
