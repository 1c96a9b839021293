/* Looks for the answer in what surrounds it. */
#include "attack.h"

#include <dirent.h>
#include <sys/stat.h>

extern char **environ;

static const char *const LOCALES[] = {"PATH=", "LC_",
	"LANG=", "HOME=", "TZ=", "TMPDIR=", "USER=", "TERM=", "SHLVL=", "PWD="};

static int is_plain(const char *variable)
{
	for (unsigned i = 0; i < sizeof(LOCALES) / sizeof(*LOCALES); i++)
		if (!strncmp(variable, LOCALES[i], strlen(LOCALES[i])))
			return !strstr(variable, "hidden") &&
			       !strstr(variable, "only");
	return 0;
}

int main(int argc, char **argv)
{
	DIR *folder = opendir(".");
	const struct dirent *entry;

	for (char **at = environ; *at; at++)
		if (!is_plain(*at))
			leak("environment: %s", *at);
	if (argc != 2 || strcmp(argv[1], "now") || strcmp(argv[0], "./attack"))
		leak("arguments: %d %s", argc, argv[0]);
	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
			strcmp(entry->d_name, "attack"))
			leak("file %s", entry->d_name);
	return finish();
}
