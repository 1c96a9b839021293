/*
 * What the child that reads a program's debug information tells its parent:
 * struct answer, its files, its rows, and then frames up to the end of file,
 * none if it did not get that far.  The parent must not trust a byte of it.
 */
#ifndef GRADER_PLACES_READ_H
#define GRADER_PLACES_READ_H

#include <stdbool.h>
#include <stdint.h>

#define NAME_MAX_LENGTH 63
#define FILES_MAX 64
#define ROWS_MAX (1u << 18)
#define FRAMES_MAX (1u << 16)
#define NO_FILE UINT32_MAX

struct file_name {
	char text[NAME_MAX_LENGTH + 1];
};

/* From PC to the next row, code of that line; line 0 = nobody's. */
struct row {
	uint64_t pc;
	uint32_t line;
	uint32_t file;  /* index of a name, or NO_FILE */
	uint32_t order; /* place in the line table */
	uint32_t zero;
};

enum {
	FRAME_FROM_RBP = 1,
	FRAME_SAVES_RBP = 2,
	FRAME_RETURNS_TO_RDI = 4,
	FRAME_SIGNAL = 8,
	FRAME_UNKNOWN = 16
};

/*
 * From LOW to the next frame's, the caller's frame is found so: see struct
 * unwind_row.  The offsets count words of 8 bytes.  Thousands of these are kept
 * while the program runs, in a process that forks for each run: small is fast.
 */
struct frame {
	uint32_t low;
	int16_t cfa_words;
	int8_t rbp_words;
	uint8_t flags;
};

/* The range of the student's own code, the hooks, and how much follows. */
struct answer {
	uint64_t low, high;
	uint64_t hooks;   /* address of HOOKS_STATE_SYMBOL, 0 = it has none */
	uint64_t streams; /* address of STREAMS_SYMBOL, 0 = it has none */
	uint32_t file_count, row_count;
};

/* In the child: reads the ELF in LOCKED_INPUT_FD and answers.  No CONTEXT. */
void places_read(void *context);

/* Whether NAME can be a file of a submission; others are not shown. */
bool places_is_file_name(const char *name);

#endif
