/*
 * The child: it lives until select() times out, or until the lifeline on
 * standard input ends because the parent is gone.
 */
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>

#include "roles.h"

/* 1 if the parent died before LIMIT seconds were over, else 0. */
static int wait_for_death(unsigned limit)
{
	struct timeval timeout = {.tv_sec = limit};
	fd_set lifeline;

	FD_ZERO(&lifeline);
	FD_SET(STDIN_FILENO, &lifeline);
	return select(STDIN_FILENO + 1, &lifeline, NULL, NULL, &timeout);
}

int eunuch(unsigned life)
{
	if (wait_for_death(0) != 0)
		return 0;
	printf("老太监活着\n");
	fflush(stdout);
	if (wait_for_death(life) == 0)
		printf("老太监正常死亡\n");
	return 0;
}
