/* The ticket file db.json in the working folder: {"count": N}. */
#ifndef DB_H
#define DB_H

/* The number of tickets left; ends the process when there is no file. */
int db_read(void);

/* Replaces the file in one step. */
void db_write(int count);

#endif
