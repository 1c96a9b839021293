/*
 * A fuzz target without a fuzzer: hands it each file of its corpus once, as
 * TAP.  A file that crashes it ends the program, and the tests that were
 * planned and not reported have failed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "fuzz.h"

#define FILE_MAX (1 << 20)
#define SECONDS_MAX 20 /* for one file: longer is a hang */

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool replay(const char *folder, const char *name)
{
	auto_free char *path = xasprintf("%s/%s", folder, name);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf data = {0};
	bool is_read = fd >= 0 && buf_read_fd(&data, fd, FILE_MAX) == 0;

	alarm(SECONDS_MAX);
	if (is_read) {
		auto_free char *copy = fuzz_copy(
			(const uint8_t *)buf_text(&data), data.length);

		LLVMFuzzerTestOneInput((const uint8_t *)copy, data.length);
	}
	alarm(0);
	buf_release(&data);
	return is_read;
}

/* fuzz_NAME [--tap=FILE] FOLDER */
int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[argc - 1] : "";
	FILE *tap = stdout;
	struct dirent **names = NULL;
	int count, failed = 0;

	if (argc > 2 && !strncmp(argv[1], "--tap=", 6))
		tap = fopen(argv[1] + 6, "we");
	count = scandir(folder, &names, is_input, alphasort);
	if (!tap || count <= 0) {
		fprintf(stderr, "no inputs in '%s'\n", folder);
		return 1;
	}
	fprintf(tap, "1..%d\n", count);
	for (int i = 0; i < count; i++) {
		bool is_good;

		fflush(tap);
		is_good = replay(folder, names[i]->d_name);
		fprintf(tap, "%sok %d - %s/%s\n", is_good ? "" : "not ", i + 1,
			folder, names[i]->d_name);
		failed += !is_good;
		free(names[i]);
	}
	free(names);
	return fclose(tap) != 0 || failed > 0;
}
