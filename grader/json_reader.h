/*
 * Reading a JSON file strictly, with errors that name the file, the line and
 * the field: "exercises/x/exercise.json:12: field 'scenarios[0].id': ...".
 *
 * A json_node is a borrowed view of one value with its path; it lives as
 * long as its document.  Getters copy what they return; their OUT is
 * untouched on error, and when an optional field is absent.
 */
#ifndef GRADER_JSON_READER_H
#define GRADER_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "grader/verdict.h"

struct json_document {
	const char *text; /* borrowed */
	size_t length;
	const char *name; /* borrowed: the file, for messages */
	void *root;       /* owned */
	struct err *err;  /* where every message goes */
};

struct json_node {
	const struct json_document *document;
	const void *item;
	char path[256]; /* "criteria[2].rules[0]" */
};

/*
 * Parses TEXT: UTF-8 without a byte order mark, one value, no field twice in
 * an object, nothing behind it.  Returns 0 or -EINVAL.
 */
int json_document_open(struct json_document *document, const char *text,
	size_t length, const char *name, struct err *err);
/*
 * The same for a file that people write: JSON to the letter (json_syntax.h),
 * and the message says what is wrong.
 */
int json_document_open_strict(struct json_document *document, const char *text,
	size_t length, const char *name, struct err *err);
void json_document_close(struct json_document *document);
struct json_node json_document_root(const struct json_document *document);

/* Sets the error for FIELD of NODE (NULL: NODE itself); returns -EINVAL. */
int json_fail(const struct json_node *node, const char *field,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * Sets the error "WHAT 'WORD'" for FIELD of NODE, with the candidate that was
 * probably meant, if any is near; returns -EINVAL.
 */
int json_fail_unknown(const struct json_node *node, const char *field,
	const char *what, const char *word, const char *const *candidates,
	size_t count);

/* Line of FIELD of NODE (NULL: NODE itself), from 1. */
int json_line(const struct json_node *node, const char *field);

/* Fails unless NODE is an object whose fields are all among ALLOWED. */
int json_check_fields(const struct json_node *node, const char *const *allowed);

/* True, and *CHILD set, when the object has that field. */
bool json_child(const struct json_node *node, const char *field,
	struct json_node *child);

int json_get_text(const struct json_node *node, const char *field,
	bool required, char **out);
int json_get_number(const struct json_node *node, const char *field,
	bool required, double low, double high, double *out);
int json_get_whole(const struct json_node *node, const char *field,
	bool required, int64_t low, int64_t high, int64_t *out);
int json_get_bool(const struct json_node *node, const char *field, bool *out);
/* {"zh": "...", "en": "..."}, both required and not empty. */
int json_get_bilingual(const struct json_node *node, const char *field,
	bool required, struct bilingual *out);
/* A list of texts; *OUT is owned, NULL-terminated, its elements too. */
int json_get_texts(const struct json_node *node, const char *field,
	bool required, char ***out, size_t *count);
/* A text, or a number: its text as written in C locale. */
int json_get_expression(const struct json_node *node, const char *field,
	bool required, char **out);

/* Fails unless the field is a list; *LIST is its node. */
int json_get_list(const struct json_node *node, const char *field,
	bool required, struct json_node *list, size_t *count);
struct json_node json_element(const struct json_node *list, size_t index);
/* Number of fields of an object, and the name of one; borrowed. */
size_t json_field_count(const struct json_node *node);
const char *json_field_name(const struct json_node *node, size_t index);
bool json_is_object(const struct json_node *node);
bool json_is_list(const struct json_node *node);
bool json_is_text(const struct json_node *node);

/* Borrowed text of a node that is a text. */
const char *json_text(const struct json_node *node);

/* Compact text of any node, owned by the caller. */
char *json_print(const struct json_node *node);

void text_list_free(char **list);

#endif
