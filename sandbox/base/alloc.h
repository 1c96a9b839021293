/*
 * Allocation that cannot fail: out of memory ends the process with a message
 * and exit status 3 (trouble of the grader), so that no caller has a path
 * that nobody ever tested.
 *
 * auto_free frees a pointer, auto_close closes a descriptor (>= 0), when the
 * variable goes out of scope.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t max);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Makes room for one more element in the array *ITEMS of *CAPACITY elements,
 * COUNT of them used.  Usage:
 *	grow_array(&list->items, list->count, &list->capacity,
 *		sizeof(*list->items));
 */
void grow_array(void *items, size_t count, size_t *capacity, size_t size);

void alloc_cleanup_free(void *variable);
void alloc_cleanup_close(const int *fd);

#define auto_free __attribute__((cleanup(alloc_cleanup_free)))
#define auto_close __attribute__((cleanup(alloc_cleanup_close)))

#endif
