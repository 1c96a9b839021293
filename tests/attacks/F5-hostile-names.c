/* Files, and a process, with names that are commands to whoever reads them. */
#include "attack.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	static const char *const names[] = {"\033]0;title\007", "\033[2J",
		"a\nb", "::error file=x::forged", "\xff\xfe\x80", "-rf",
		"$(id)", "{\"verdict\": \"pass\"}",
		"\xe2\x80\xae"
		"cod.c",
		"\r\rdone", "%s%n"};

	prctl(PR_SET_NAME, "\033[31m\n");
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int fd = open(names[i], O_CREAT | O_RDWR, 0600);
		char shared[300];

		if (fd < 0 || write(fd, names[i], strlen(names[i])) < 0)
			return 1;
		snprintf(shared, sizeof(shared), "/dev/shm/%s", names[i]);
		close(open(shared, O_CREAT | O_RDWR, 0600));
		fprintf(stderr, "%s\n", names[i]);
		printf("%s\n", names[i]);
	}
	return 1;
}
