/* A report.json where it lies: a file, or what comes on standard input. */
#ifndef GRADER_REPORT_FILE_H
#define GRADER_REPORT_FILE_H

#include "grader/report_verdict.h"

#define REPORT_FILE_MAX (64u << 20) /* earlier versions wrote big ones */

/*
 * Reads the report at PATH ("-": standard input) as far as DEPTH says; as
 * report_verdict_read().  *LANGUAGE, if not NULL, is set when all is read.
 */
int report_file_read(struct verdict *verdict, enum language *language,
	enum report_depth depth, const char *path, struct err *err);

#endif
