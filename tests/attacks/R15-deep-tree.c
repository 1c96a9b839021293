/* A tree of folders 3000 deep, which no path names. */
#include "attack.h"

#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	int depth = 0;

	while (depth < 3000 && mkdir("d", 0700) == 0 && chdir("d") == 0)
		depth++;
	return finish();
}
