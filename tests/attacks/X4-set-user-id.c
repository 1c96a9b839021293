/* Programs that are somebody else, the machine's and its own. */
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void copy_itself(const char *name)
{
	int from = open("attack", O_RDONLY);
	int to = open(name, O_WRONLY | O_CREAT, 0755);
	char bytes[65536];
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, (size_t)n) != n)
			break;
	fchmod(to, 06755);
	close(to);
	close(from);
}

int main(int argc, char **argv)
{
	static const char *const paths[] = {"/bin/su", "/usr/bin/sudo",
		"/usr/bin/newuidmap", "/usr/bin/fusermount", "/bin/mount",
		"/tmp/own", "./own", "/dev/shm/own"};

	if (argc > 2)
		_exit(argv[2][0] == 'a' ? 55 : 0);
	copy_itself("/tmp/own");
	copy_itself("own");
	for (unsigned i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		int status = 0;

		if (fork() == 0) {
			execl(paths[i], "attack", "now", "again", (char *)NULL);
			_exit(77);
		}
		wait(&status);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 77)
			leak("%s: %#x", paths[i], status);
	}
	unlink("/tmp/own");
	unlink("own");
	return finish();
}
