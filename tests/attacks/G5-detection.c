/* Looks whether it is watched; whoever grades has the same jail each time. */
#include "attack.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

static void show(const char *path, const char *field)
{
	FILE *file = fopen(path, "r");
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, field, strlen(field)))
			printf("%s", line);
	if (file)
		fclose(file);
}

int main(void)
{
	struct utsname system;
	struct stat status;

	uname(&system);
	printf("%s %d %d %d %d\n", system.nodename, getpid(), getppid(),
		getuid(), getpgrp());
	show("/proc/self/status", "TracerPid");
	show("/proc/self/status", "Seccomp");
	show("/proc/uptime", "");
	show("/proc/sys/kernel/random/boot_id", "");
	if (stat("/", &status) == 0)
		printf("root %s\n",
			status.st_uid == getuid() ? "own" : "other");
	if (!strncmp(system.nodename, "grader", 6))
		puts("watched");
	return finish();
}
