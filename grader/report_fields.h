/*
 * Fields of a report, read one after the other: the first error stays, and
 * what is read after it is empty.  Private to the readers of reports.
 */
#ifndef GRADER_REPORT_FIELDS_H
#define GRADER_REPORT_FIELDS_H

#include "grader/json_reader.h"

struct fields {
	struct json_node node;
	int error; /* 0 or -EINVAL, the message is set */
};

struct fields fields_of(const struct json_node *node);
/* Owned; NULL when absent or null; what else is no text is an error. */
char *field_text(struct fields *fields, const char *name);
/* Owned; absent or null is an error. */
char *field_needed(struct fields *fields, const char *name);
/* Owned: a SHA-256 in hex; whatever else is an error. */
char *field_hash(struct fields *fields, const char *name);
/* Makes it an error when the field is absent; null is there. */
void field_expect(struct fields *fields, const char *name);
struct bilingual field_both(struct fields *fields, const char *name);
int64_t field_whole(struct fields *fields, const char *name, int64_t low,
	int64_t high, int64_t fallback);
/* From 0 to HIGH. */
double field_number(struct fields *fields, const char *name, double high);
bool field_bool(struct fields *fields, const char *name);
uint64_t field_seed(struct fields *fields, const char *name);
/* Number of elements; 0 when absent. */
size_t field_list(
	struct fields *fields, const char *name, struct json_node *list);
/* The object NAME; false when it is absent, or null. */
bool field_object(
	struct fields *fields, const char *name, struct fields *inner);

#endif
