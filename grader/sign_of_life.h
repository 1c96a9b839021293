/*
 * A grading tells whoever waits for it that it goes on: after each run and each
 * call of the compiler, all of which have an end of their own.  Who grades
 * alone has nobody to tell.
 */
#ifndef GRADER_SIGN_OF_LIFE_H
#define GRADER_SIGN_OF_LIFE_H

/* From now on GIVE(CONTEXT) is called, at most every INTERVAL_MS. */
void sign_of_life_to(
	void (*give)(void *context), void *context, unsigned interval_ms);

void sign_of_life(void);

#endif
