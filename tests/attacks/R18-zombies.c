/* Children that end and are never waited for. */
#include "attack.h"

#include <unistd.h>

int main(void)
{
	int count = 0;

	while (count < 2000) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0)
			_exit(0);
		count++;
	}
	if (count > 200)
		leak("%d zombies", count);
	return finish();
}
