/* The child's side: the program under this name. */
#ifndef CHILD_H
#define CHILD_H

#define CHILD_NAME "大海"

int child_main(const char *number);

#endif
