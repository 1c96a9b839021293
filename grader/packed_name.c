#include "grader/packed_name.h"

#include <ctype.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool packed_name_is_litter(const char *name)
{
	const char *base = base_of(name);

	return !strncmp(name, "__MACOSX/", 9) || !strcmp(name, "__MACOSX") ||
	       !strcmp(base, ".DS_Store") || !strncmp(base, "._", 2);
}

static bool has_component(const char *path, const char *wanted)
{
	size_t length = strlen(wanted);

	while (*path) {
		size_t size = strcspn(path, "/");

		if (size == length && !strncmp(path, wanted, length))
			return true;
		path += size;
		path += strspn(path, "/");
	}
	return false;
}

/* "/x" and, where the archive was made, "C:\x" or "C:/x". */
static bool is_absolute(const char *path)
{
	return path[0] == '/' || path[0] == '\\' ||
	       (isalpha((unsigned char)path[0]) && path[1] == ':' &&
		       (path[2] == '/' || path[2] == '\\'));
}

bool packed_name_leads_out(const char *name)
{
	return is_absolute(name) || has_component(name, "..");
}

char *packed_name_normal(const char *path)
{
	struct buf normal = {0};

	while (*path) {
		size_t size = strcspn(path, "/");

		if (size > 0 && !(size == 1 && path[0] == '.')) {
			if (normal.length > 0)
				buf_addc(&normal, '/');
			buf_add(&normal, path, size);
		}
		path += size;
		path += *path == '/';
	}
	return normal.data ? buf_detach(&normal) : xstrdup("");
}
