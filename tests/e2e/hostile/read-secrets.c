/* Reads what is not its own; says LEAK and the path when it could. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	static const char *const paths[] = {"/etc/passwd", "/etc/shadow",
		"/etc/hostname", "/root", "/home", "/usr/bin/gcc", "/bin/sh",
		SOURCE_TREE "/solutions", SOURCE_TREE "/exercises",
		SOURCE_TREE "/build/grader", "/proc/1/environ", "/proc/1/root",
		"/proc/1/cwd", "/proc/kcore", "/sys", "/dev/mem", "/dev/sda",
		"../../../../etc/passwd", "/proc/self/root/etc/passwd"};

	prctl(PR_SET_NAME, "gx-read-secrets");
	for (int fd = 3; fd < 1024; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			printf("LEAK descriptor %d\n", fd);
	}
	for (unsigned i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		if (open(paths[i], O_RDONLY) >= 0)
			printf("LEAK %s\n", paths[i]);
	}
	return 0;
}
