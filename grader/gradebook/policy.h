/*
 * What a course makes of a mark: late days, extensions, marks that a person has
 * overruled.  Applied in the gradebook, never inside a report.  Pure.
 *
 *	{
 *		"late": {"percent_per_day": 10, "grace_minutes": 15,
 *			"most_percent": 50},
 *		"missing_score": 0,
 *		"exercises": {"tickets": {"due": "2026-11-20T23:59:00+08:00"}},
 *		"students": {
 *			"2021001": {"extension_hours": 48},
 *			"2021002": {"exercises": {"tickets": {"score": 80,
 *				"comment": "shown in person"}}},
 *			"2021003": {"exercises": {"tickets": {
 *				"handed_in": "2026-11-20T20:00:00+08:00"}}}
 *		}
 *	}
 */
#ifndef GRADER_GRADEBOOK_POLICY_H
#define GRADER_GRADEBOOK_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct policy;

/* Reads TEXT; NAME is for messages.  0 or -EINVAL with line and field. */
int policy_read(struct policy **policy, const char *text, size_t length,
	const char *name, struct err *err);
void policy_free(struct policy *policy); /* accepts NULL */

/* A mark before and after; times are seconds since 1970, 0 unknown. */
struct policy_case {
	const char *student, *exercise;
	int64_t handed_in;
	double score;
	bool missing; /* nothing was handed in */
};
struct policy_outcome {
	double score;
	int days;            /* late, begun ones; after grace and extension */
	double percent;      /* taken off */
	bool overruled;      /* by a person */
	bool none;           /* no mark: it is missing, and "missing_score",
				which says what that is worth, as well */
	const char *comment; /* of that person; borrowed; NULL: none */
};

/* POLICY may be NULL: nothing changes. */
struct policy_outcome policy_apply(
	const struct policy *policy, const struct policy_case *one);

/*
 * "2026-11-20T23:59:00+08:00" or with "Z" (RFC 3339) as seconds since 1970.
 * 0, or -EINVAL.
 */
int policy_time(const char *text, int64_t *seconds);

#endif
