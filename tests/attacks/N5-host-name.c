/* What is the machine called? */
#include "attack.h"

#include <unistd.h>

int main(void)
{
	char name[256] = "";

	if (gethostname(name, sizeof(name)) == 0 && strcmp(name, "jail") != 0)
		leak("the name of the machine");
	return finish();
}
