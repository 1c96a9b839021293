#include "grader/program_name.h"

#include <string.h>

#include "base/alloc.h"

#define NAME_BYTES_MAX 100

char *program_name(const char *path)
{
	size_t length = strlen(path), start;

	while (length > 0 && path[length - 1] == '/')
		length--;
	start = length;
	while (start > 0 && path[start - 1] != '/')
		start--;
	if (length - start > 2 && !strncmp(path + length - 2, ".c", 2))
		length -= 2;
	if (length == start || path[start] == '.' ||
		length - start > NAME_BYTES_MAX)
		return xstrdup("program");
	return xstrndup(path + start, length - start);
}
