/* Opens files, nests epolls, makes timers, all as many as there are. */
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	int count = 0, last = -1, fd;
	timer_t timer;

	while ((fd = epoll_create1(0)) >= 0 && count < 100000) {
		if (last >= 0)
			epoll_ctl(fd, EPOLL_CTL_ADD, last, &event);
		last = fd;
		count++;
	}
	if (count > 1024)
		leak("%d epolls", count);
	while (close(last--) == 0)
		if (last < 3)
			break;
	count = 0;
	while (open("/dev/null", O_RDONLY) >= 0 && count < 100000)
		count++;
	if (count > 1024)
		leak("%d files", count);
	count = 0;
	while (count < 10000 &&
		timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0)
		count++;
	if (count == 10000)
		leak("%d timers", count);
	return finish();
}
