/*
 * gcc turns atomic operations into calls too, which do the operation: all
 * with the strongest order, as one task runs at a time.
 */
#include "guest.h"

#define STRONGEST __ATOMIC_SEQ_CST

/* NOLINTBEGIN(bugprone-macro-parentheses): the name of a type takes none */

#define FETCH(bits, type, name)                                                \
	GUEST type __tsan_atomic##bits##_fetch_##name(                         \
		volatile type *address, type value, int order);                \
	type __tsan_atomic##bits##_fetch_##name(                               \
		volatile type *address, type value, int order)                 \
	{                                                                      \
		(void)order;                                                   \
		guest_access(                                                  \
			HOOKS_ATOMIC_WRITE, address, sizeof(type), CALLER);    \
		return __atomic_fetch_##name(address, value, STRONGEST);       \
	}

#define COMPARE_EXCHANGE(bits, type, name)                                     \
	GUEST int __tsan_atomic##bits##_compare_exchange_##name(               \
		volatile type *address, type *expected, type value,            \
		int success, int failure);                                     \
	int __tsan_atomic##bits##_compare_exchange_##name(                     \
		volatile type *address, type *expected, type value,            \
		int success, int failure)                                      \
	{                                                                      \
		(void)success;                                                 \
		(void)failure;                                                 \
		guest_access(                                                  \
			HOOKS_ATOMIC_WRITE, address, sizeof(type), CALLER);    \
		return __atomic_compare_exchange_n(                            \
			address, expected, value, 0, STRONGEST, STRONGEST);    \
	}

#define ATOMICS(bits, type)                                                    \
	GUEST type __tsan_atomic##bits##_load(                                 \
		const volatile type *address, int order);                      \
	type __tsan_atomic##bits##_load(                                       \
		const volatile type *address, int order)                       \
	{                                                                      \
		(void)order;                                                   \
		guest_access(                                                  \
			HOOKS_ATOMIC_READ, address, sizeof(type), CALLER);     \
		return __atomic_load_n(address, STRONGEST);                    \
	}                                                                      \
	GUEST void __tsan_atomic##bits##_store(                                \
		volatile type *address, type value, int order);                \
	void __tsan_atomic##bits##_store(                                      \
		volatile type *address, type value, int order)                 \
	{                                                                      \
		(void)order;                                                   \
		guest_access(                                                  \
			HOOKS_ATOMIC_WRITE, address, sizeof(type), CALLER);    \
		__atomic_store_n(address, value, STRONGEST);                   \
	}                                                                      \
	GUEST type __tsan_atomic##bits##_exchange(                             \
		volatile type *address, type value, int order);                \
	type __tsan_atomic##bits##_exchange(                                   \
		volatile type *address, type value, int order)                 \
	{                                                                      \
		(void)order;                                                   \
		guest_access(                                                  \
			HOOKS_ATOMIC_WRITE, address, sizeof(type), CALLER);    \
		return __atomic_exchange_n(address, value, STRONGEST);         \
	}                                                                      \
	GUEST type __tsan_atomic##bits##_compare_exchange_val(                 \
		volatile type *address, type expected, type value,             \
		int success, int failure);                                     \
	type __tsan_atomic##bits##_compare_exchange_val(                       \
		volatile type *address, type expected, type value,             \
		int success, int failure)                                      \
	{                                                                      \
		(void)success;                                                 \
		(void)failure;                                                 \
		guest_access(                                                  \
			HOOKS_ATOMIC_WRITE, address, sizeof(type), CALLER);    \
		__atomic_compare_exchange_n(                                   \
			address, &expected, value, 0, STRONGEST, STRONGEST);   \
		return expected;                                               \
	}                                                                      \
	COMPARE_EXCHANGE(bits, type, strong)                                   \
	COMPARE_EXCHANGE(bits, type, weak)                                     \
	FETCH(bits, type, add)                                                 \
	FETCH(bits, type, sub)                                                 \
	FETCH(bits, type, and)                                                 \
	FETCH(bits, type, or)                                                  \
	FETCH(bits, type, xor)                                                 \
	FETCH(bits, type, nand)

/* NOLINTEND(bugprone-macro-parentheses) */

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)

GUEST void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
	(void)order;
	if (is_watching())
		guest_note(HOOKS_FENCE, 0, CALLER);
	__atomic_thread_fence(STRONGEST);
}

GUEST void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
	(void)order;
	__atomic_signal_fence(STRONGEST);
}
