/* Writes the report itself, wherever it might be read. */
#include "attack.h"

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	static const char *const paths[] = {"../report.json", "/report.json",
		"/mnt/reports/other.json", "/mnt/reports/attack.json",
		"/var/tmp/report.json", "/run/report.json",
		"/proc/1/cwd/report.json", "/proc/1/root/tmp/report.json",
		"../bin/attack", "/bin/attack", "../../report.json",
		"/proc/1/fd/1", "/proc/self/fd/3", "/etc/report.json"};
	static const char text[] = "{\"verdict\": \"pass\"}";

	for (unsigned i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		int fd = open(paths[i], O_WRONLY | O_CREAT | O_TRUNC, 0600);

		if (fd >= 0 && write(fd, text, sizeof(text) - 1) > 0)
			leak("%s", paths[i]);
	}
	for (int fd = 3; fd < 1024; fd++)
		if (write(fd, text, sizeof(text) - 1) > 0)
			leak("descriptor %d", fd);
	return finish();
}
