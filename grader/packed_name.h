/* The names of an archive's entries, as text.  Pure. */
#ifndef GRADER_PACKED_NAME_H
#define GRADER_PACKED_NAME_H

#include <stdbool.h>

/* Absolute, also where the archive was made ("C:\x"), or with a "..". */
bool packed_name_leads_out(const char *name);

/* What a Mac puts into its archives. */
bool packed_name_is_litter(const char *name);

/* NAME in one form: no empty component and no "."; owned. */
char *packed_name_normal(const char *name);

#endif
