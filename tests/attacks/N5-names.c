/* Asks the machine's name services. */
#include "attack.h"

#include <netdb.h>
#include <pwd.h>
#include <unistd.h>

int main(void)
{
	struct addrinfo *found;

	if (getaddrinfo("example.com", "80", NULL, &found) == 0)
		leak("an address");
	if (gethostbyname("example.org"))
		leak("a host");
	if (getpwnam("root"))
		leak("a user");
	return finish();
}
