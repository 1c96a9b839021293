/* Programs of the machine. */
#include "attack.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	static const char *const paths[] = {"/bin/sh", "/bin/bash",
		"/usr/bin/python3", "/usr/bin/perl", "/usr/bin/id",
		"/bin/busybox", "/usr/bin/gcc", "../../../bin/sh"};
	char line[64] = "";
	FILE *pipe;

	if (system("echo LEAK system") == 0)
		leak("system");
	fflush(stdout);
	pipe = popen("/bin/echo shell", "r");
	if (pipe && fgets(line, sizeof(line), pipe))
		leak("popen: %s", line);
	if (pipe)
		pclose(pipe);
	for (unsigned i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		int status = 0;

		fflush(stdout);
		if (fork() == 0) {
			execl(paths[i], paths[i], "-c", "exit 0", (char *)NULL);
			_exit(errno == ENOENT || errno == EACCES ? 77 : 78);
		}
		wait(&status);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 77)
			leak("%s: %#x", paths[i], status);
	}
	return finish();
}
