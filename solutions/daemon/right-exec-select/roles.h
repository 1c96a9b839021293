/* The two roles of the program and what they share. */
#ifndef ROLES_H
#define ROLES_H

/* The name under which the program runs itself as the child. */
#define EUNUCH_NAME "eunuch"

/* The child: standard input is the lifeline.  Returns the exit status. */
int eunuch(unsigned life);

/* Whole seconds >= 0, or the end of the program with status 2. */
unsigned seconds(const char *text);

#endif
