/*
 * The runtime of hooks.h as an object file, to be linked into submissions.
 */
#ifndef HOOKS_OBJECT_H
#define HOOKS_OBJECT_H

#include <stddef.h>

extern const unsigned char hooks_object[];
extern const size_t hooks_object_size;

/*
 * The names of the library functions that the object defines as __wrap_NAME,
 * for the linker's --wrap; NULL-terminated.
 */
extern const char *const hooks_wrapped[];

#endif
