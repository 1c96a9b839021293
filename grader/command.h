/*
 * The subcommands of grader: one table row each in main.c.
 *
 * A command gets its own argc and argv (argv[0] = "grader NAME") and returns
 * an exit status.  It prints its own messages: results on standard output,
 * everything else on standard error.
 */
#ifndef GRADER_COMMAND_H
#define GRADER_COMMAND_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "base/message.h"
#include "grader/report/report.h"
#include "jail/jail.h"

enum exit_status {
	EXIT_FULL_MARKS = 0, /* also: a command that marks nothing succeeded */
	EXIT_NOT_FULL = 1,   /* the submission misses something, or refused */
	EXIT_USAGE = 2,      /* unknown command, exercise, option; no PATH */
	EXIT_TROUBLE = 3,    /* the grader's own: no gcc, no disk, no right */
	EXIT_SANDBOX = 4,    /* the sandbox is below --require-grade */
	EXIT_INTERRUPTED = 130,
};

struct command {
	const char *name;
	const char *arguments; /* "EXERCISE PATH", for the help */
	const char *help;      /* one line, marked with N_() */
	int (*run)(int argc, char **argv);
};

/* Ends with name == NULL. */
extern const struct command COMMANDS[];

int cmd_list(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_batch(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_regrade(int argc, char **argv);
int cmd_similar(int argc, char **argv);
int cmd_gradebook(int argc, char **argv);
int cmd_ci(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_mark(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_pack(int argc, char **argv);
int cmd_validate(int argc, char **argv);
int cmd_new_exercise(int argc, char **argv);
int cmd_doctor(int argc, char **argv);

/*
 * Prints "grader: ERR" on standard error and returns STATUS, for
 * `return command_fail(EXIT_TROUBLE, &err)`.
 */
int command_fail(int status, const struct err *err);

/*
 * The same for a text, in the user's language where it has a translation;
 * both are shown as shown.h makes them.
 */
int command_tell(int status, const char *text);

/* Prints TEXT, of which a submission chose a part, as shown.h makes it. */
void command_show(FILE *to, const char *text);

/*
 * Parses a decimal number for option NAME in [low, high]; otherwise prints
 * what is wrong and exits with EXIT_USAGE.
 */
unsigned long long command_number(const char *name, const char *text,
	unsigned long long low, unsigned long long high);

/*
 * Parses the options with argp, so that every wrong use of the command line
 * has exit status EXIT_USAGE, and answers --help and --usage.  The texts of
 * ARGP are marked with N_(); of its doc, the first paragraph stands before
 * the options and the others behind them.
 */
void command_parse(const struct argp *argp, int argc, char **argv, void *input);

/* What argp_error() does, in the user's language; a parser calls it so. */
void command_misuse(const struct argp_state *state, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
#define argp_error(state, ...) command_misuse(state, __VA_ARGS__)

/* True when GRADE ('A' best) is below REQUIRED (0 = nothing required). */
bool grade_below(char grade, char required);
/* Parses the argument of --require-grade, or exits with EXIT_USAGE. */
char command_grade(const char *text);
/* Says why the sandbox is not good enough; returns EXIT_SANDBOX. */
int command_refuse_grade(const struct jail_context *context, char required);

/*
 * How a text on FD is to look: colours on a terminal, unless NO_COLOR or
 * FORCE_COLOR says otherwise, and as wide as the terminal is.
 */
struct report_style command_style(int fd, enum language language);

/* Columns of the terminal that FD is; 80 of what is none. */
size_t command_columns(int fd);

/*
 * From now on an interrupt (SIGINT, SIGTERM, SIGHUP) is noted, so that the
 * command can end in order; a second one, or two seconds, end it at once.
 */
void command_catch_signals(void);
/* 0, or the exit status that tells which signal came: 130 for SIGINT. */
int command_interrupted(void);

#endif
