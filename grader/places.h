/*
 * Source places: from an address of a compiled submission to "tickets.c:41".
 *
 * Life cycle: places_new() once after compiling, places_find() from then on,
 * places_free().  The debug information comes out of a student's build, and
 * assembler in a submission can put anything there: a program whose debug
 * information cannot be read in a few seconds simply has no places.  Nothing
 * here is an error.
 */
#ifndef GRADER_PLACES_H
#define GRADER_PLACES_H

#include <stdbool.h>
#include <stdint.h>

struct places;
struct unwind_row;

/*
 * Reads the line tables of the ELF in PROGRAM_FD (borrowed, its offset is left
 * alone), as gcc -g writes them for files that are passed as ./NAME.c, and the
 * call frame information of all its code.  Never NULL; the caller frees it.
 * Forks a child for the time of the call and reaps it.
 */
struct places *places_new(int program_fd);

void places_free(struct places *places); /* accepts NULL */

/*
 * "FILE:LINE" of the call that returns to PC, or NULL when PC is not in the
 * student's own files.  The text is borrowed, valid until the next call.
 * PLACES is a struct places; the types are those of trace_place_fn.
 */
const char *places_find(void *places, uint64_t pc);

/*
 * The student's own code lies in [*LOW, *HIGH): the address range of all
 * compile units whose file was given as ./NAME.  False, both 0, when unknown.
 */
bool places_code_range(
	const struct places *places, uint64_t *low, uint64_t *high);

/*
 * Where the program has the state of hooks/hooks.h; 0 when it was built
 * without.
 */
uint64_t places_hooks(const struct places *places);

/*
 * Where the C library has the pointer to its chain of open streams; 0 when that
 * is unknown.  Accepts NULL.
 */
uint64_t places_streams(const struct places *places);

/*
 * How the caller's frame is found from PC, the student's code or the
 * library's; false when the program does not say, or says it in a way that
 * compilers do not use.  PLACES is a struct places; the types are those of
 * unwind_fn.
 */
bool places_unwind(void *places, uint64_t pc, struct unwind_row *row);

#endif
