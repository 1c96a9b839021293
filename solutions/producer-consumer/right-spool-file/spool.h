/* A queue in a file, guarded by a record lock; see spool.c. */
#ifndef SPOOL_H
#define SPOOL_H

enum taken { TAKEN_ITEM, TAKEN_NOTHING, TAKEN_END };

void spool_create(void);
void spool_open(void);
void spool_put(int producer, int number);
enum taken spool_take(int *producer, int *number);
void spool_finish(void);

#endif
