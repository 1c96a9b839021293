/*
 * A table of bit masks: bit N is argument N.  Arguments that the handlers
 * themselves cast to an int (descriptors, process numbers, time-outs) and
 * flags that they only test single bits of need not be here.
 */
#include "tracer/narrow.h"

#include <stddef.h>
#include <sys/syscall.h>

#define BIT(argument) (1u << (argument))

static const struct {
	short number;
	unsigned char narrow;
} calls[] = {
	{SYS_poll, BIT(1)},
	{SYS_ppoll, BIT(1)},
	{SYS_futex, BIT(1) | BIT(2) | BIT(5)},
	{SYS_semget, BIT(0) | BIT(1) | BIT(2)},
	{SYS_semop, BIT(0) | BIT(2)},
	{SYS_semtimedop, BIT(0) | BIT(2)},
	{SYS_semctl, BIT(0) | BIT(1) | BIT(2)},
	{SYS_msgget, BIT(0) | BIT(1)},
	{SYS_msgsnd, BIT(0) | BIT(3)},
	{SYS_msgrcv, BIT(0) | BIT(4)},
	{SYS_msgctl, BIT(0) | BIT(1)},
	{SYS_shmget, BIT(0) | BIT(2)},
	{SYS_shmat, BIT(0) | BIT(2)},
	{SYS_shmctl, BIT(0) | BIT(1)},
	{SYS_memfd_create, BIT(1)},
	{SYS_waitid, BIT(0) | BIT(3)},
	{SYS_wait4, BIT(2)},
	{SYS_prctl, BIT(0)},
	{SYS_setitimer, BIT(0)},
	{SYS_getitimer, BIT(0)},
	{SYS_timer_settime, BIT(0) | BIT(1)},
	{SYS_timer_gettime, BIT(0)},
	{SYS_timer_getoverrun, BIT(0)},
	{SYS_timer_delete, BIT(0)},
	{SYS_timerfd_create, BIT(0) | BIT(1)},
	{SYS_timerfd_settime, BIT(1)},
	{SYS_getrandom, BIT(2)},
	{SYS_pidfd_open, BIT(1)},
	{SYS_pidfd_send_signal, BIT(3)},
};

void narrow_arguments(int number, uint64_t args[6])
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (calls[i].number != number)
			continue;
		for (int argument = 0; argument < 6; argument++)
			if (calls[i].narrow & BIT(argument))
				args[argument] = (uint32_t)args[argument];
		return;
	}
}
