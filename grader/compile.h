/*
 * The compile step: C files in, a static program in memory out.
 *
 * gcc runs in a jail of its own and is attacked like everything else: its
 * log is cut, its output is looked at before anything runs it.
 */
#ifndef GRADER_COMPILE_H
#define GRADER_COMPILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "grader/places.h"
#include "grader/submission.h"
#include "grader/verdict.h"
#include "jail/jail.h"

/* A compiled submission.  All zeroes but fd: PROGRAM_INIT. */
struct program {
	int fd;             /* memfd with the static ELF to run, or -1 */
	int plain_fd;       /* the same without hooks, or -1 */
	uint64_t hooks;     /* address of the state of hooks/hooks.h in fd;
			       0 when it could not be built with them: then fd
			       is the plain one */
	bool has_assembler; /* may contain fences that the hooks do not see */
	uint64_t code_low;  /* the student's code: [low, high) */
	uint64_t code_high;
	struct places *places; /* address -> "tickets.c:41"; never NULL when
				  the program compiled */
	char *hash;            /* SHA-256 of the ELF, hex */
	struct verdict_compile compile; /* the command, ok, the log */
	double seconds;                 /* real time that it took */
};
#define PROGRAM_INIT                                                           \
	{                                                                      \
		.fd = -1, .plain_fd = -1                                       \
	}

/*
 * Compiles SUBMISSION (not a refused one) into *PROGRAM, which the caller
 * releases.  Returns 0 also when the code does not compile: then compile.ok
 * is false and fd is -1.  A negative errno is trouble of the grader, such as
 * -ENOENT without a compiler; *PROGRAM is then as PROGRAM_INIT.
 */
int compile_submission(const struct jail_context *context,
	const struct submission *submission, struct program *program,
	struct err *err);

void program_release(struct program *program);

/* The compiler's absolute path; NULL with ERR set when there is none. */
const char *compiler_path(struct err *err);

#endif
