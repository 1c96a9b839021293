/* The dynamic loader as a program, and what it would load first. */
#include "attack.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *with_loader[] = {"ld.so", "/bin/true", NULL};
	char *again[] = {"attack", "now", "again", NULL};
	char *evil[] = {"LD_PRELOAD=./evil.so", "LD_AUDIT=./evil.so",
		"LD_LIBRARY_PATH=.", "GCONV_PATH=.",
		"GLIBC_TUNABLES=glibc.malloc.check=3", NULL};
	int status;

	(void)argv;
	if (argc > 2)
		_exit(getenv("LD_PRELOAD") ? 55 : 56);
	if (fork() == 0) {
		execv("/lib64/ld-linux-x86-64.so.2", with_loader);
		_exit(77);
	}
	wait(&status);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 77)
		leak("the loader: %#x", status);
	if (fork() == 0) {
		execve("./attack", again, evil);
		_exit(77);
	}
	wait(&status);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 55)
		leak("a static program: %#x", status);
	return finish();
}
