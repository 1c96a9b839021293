/* Children by vfork(), each of which executes the program anew. */
#include "attack.h"

#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc > 2)
		return 0;
	for (int i = 0; i < 300; i++) {
		if (vfork() == 0) {
			execl(argv[0], argv[0], "now", "child", (char *)NULL);
			_exit(1);
		}
		wait(NULL);
	}
	return finish();
}
