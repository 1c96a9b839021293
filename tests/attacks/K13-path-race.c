/* A thread rewrites the path while somebody may be deciding by it. */
#include "attack.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#define ROUNDS 400

static char path[32] = "./harmless";

static void *rewrite(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		strcpy(path, i % 2 ? "./harmless" : "/etc/passwd");
		sched_yield();
	}
	return unused;
}

int main(void)
{
	pthread_t thread;
	char text[8];

	close(open("harmless", O_CREAT | O_WRONLY, 0600));
	pthread_create(&thread, NULL, rewrite, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		int fd = open(path, O_RDONLY);

		if (fd >= 0 && read(fd, text, sizeof(text)) > 0)
			leak("/etc/passwd");
		close(fd);
		sched_yield();
	}
	pthread_join(thread, NULL);
	unlink("harmless");
	return finish();
}
