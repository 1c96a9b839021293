/* Changes its program and its input: the next run must not notice. */
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char text[16] = "";
	int fd = open("input.txt", O_RDWR);

	(void)argc;
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0 ||
		strcmp(text, "input") != 0)
		leak("the input was changed by a former run");
	if (pwrite(fd, "attack", 6, 0) != 6 || fchmod(fd, 0))
		return 1;
	if (access("mark", F_OK) == 0)
		leak("a file of a former run");
	close(open("mark", O_CREAT | O_WRONLY, 0600));
	if (open("/proc/self/exe", O_WRONLY) >= 0)
		leak("the program, by /proc");
	if (open(argv[0], O_WRONLY) >= 0)
		leak("the program, by its name");
	if (chmod(argv[0], 0777) == 0 && open(argv[0], O_WRONLY) >= 0)
		leak("the program, after chmod");
	if (open("../bin/attack", O_WRONLY | O_CREAT, 0777) >= 0)
		leak("the program, by its folder");
	if (rename("../bin/attack", "../bin/other") == 0)
		leak("the program was renamed");
	unlink(argv[0]);
	unlink("input.txt");
	return finish();
}
