/*
 * The callbacks that gcc's -fsanitize=thread calls in front of each access to
 * memory, with the names that it gives them (gcc/sanitizer.def).
 */
#include "guest.h"

struct hooks_state grader_hooks_state GUEST;

#define ACCESS(name, op, size)                                                 \
	GUEST void __tsan_##name(void *address);                               \
	void __tsan_##name(void *address)                                      \
	{                                                                      \
		guest_access(op, address, size, CALLER);                       \
	}
#define ACCESSES(size)                                                         \
	ACCESS(read##size, HOOKS_READ, size)                                   \
	ACCESS(write##size, HOOKS_WRITE, size)                                 \
	ACCESS(unaligned_read##size, HOOKS_READ, size)                         \
	ACCESS(unaligned_write##size, HOOKS_WRITE, size)                       \
	ACCESS(volatile_read##size, HOOKS_READ, size)                          \
	ACCESS(volatile_write##size, HOOKS_WRITE, size)                        \
	ACCESS(unaligned_volatile_read##size, HOOKS_READ, size)                \
	ACCESS(unaligned_volatile_write##size, HOOKS_WRITE, size)

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
ACCESS(vptr_read, HOOKS_READ, sizeof(void *))

GUEST void __tsan_vptr_update(void *address, void *value);
void __tsan_vptr_update(void *address, void *value)
{
	(void)value;
	guest_access(HOOKS_WRITE, address, sizeof(void *), CALLER);
}

GUEST void __tsan_read_range(void *address, size_t size);
void __tsan_read_range(void *address, size_t size)
{
	guest_access(HOOKS_READ, address, size, CALLER);
}

GUEST void __tsan_write_range(void *address, size_t size);
void __tsan_write_range(void *address, size_t size)
{
	guest_access(HOOKS_WRITE, address, size, CALLER);
}

GUEST void __tsan_init(void);
void __tsan_init(void)
{
}

GUEST void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller)
{
	(void)caller;
}

GUEST void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}
