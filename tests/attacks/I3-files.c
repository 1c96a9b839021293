/* Leaves files wherever it can for the next run. */
#include "attack.h"

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	static const char *const own[] = {"mark", "/tmp/mark", "/dev/shm/mark"};
	static const char *const foreign[] = {"/var/tmp/mark", "/mark",
		"/home/mark", "/run/mark", "/mnt/reports/mark", "../mark",
		"../bin/mark", "/usr/lib/locale/C.utf8/mark", "/proc/mark",
		"/dev/mark", "/var/lock/mark"};

	for (unsigned i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (open(own[i], O_CREAT | O_EXCL | O_RDWR, 0666) < 0 &&
			errno == EEXIST)
			leak("%s of a former run", own[i]);
	for (unsigned i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (open(foreign[i], O_CREAT | O_RDWR, 0666) >= 0)
			leak("%s", foreign[i]);
	return finish();
}
