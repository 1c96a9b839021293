/* What the child does, and how main asks for it. */
#ifndef TASK_H
#define TASK_H

/* The value of argv[0] by which the program knows that it is the child. */
#define TASK_NAME "spawn-task"

int run_task(const char *name, const char *seconds);

#endif
