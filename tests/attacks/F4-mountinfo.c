/* Reads where its mounts come from: no path of a person's may be there. */
#include "attack.h"

int main(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "r");
	char line[512], root[256], at[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*d %*d %*s %255s %255s", root, at) != 2)
			continue;
		if (!strncmp(at, "/usr/", 5) || !strncmp(at, "/dev/", 5))
			continue;
		/* the same folder inside and out */
		if (strcmp(root, "/") && strcmp(root, at))
			leak("%s on %s", root, at);
		if (!strncmp(at, "/mnt", 4) || !strncmp(at, "/etc", 4))
			leak("a mount of the machine, %s", at);
	}
	return finish();
}
