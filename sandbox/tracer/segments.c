/*
 * The memory that a call reads into or writes from: one piece, or the vector
 * of readv(2), sendmsg(2) and their kin.
 */
#define _GNU_SOURCE
#include "tracer/segments.h"

#include <sys/socket.h>
#include <sys/syscall.h>

static bool is_vector(int number)
{
	return number == SYS_readv || number == SYS_writev ||
	       number == SYS_preadv || number == SYS_pwritev ||
	       number == SYS_preadv2 || number == SYS_pwritev2;
}

bool segments_read(const struct task *task, struct segments *to)
{
	size_t i;

	to->address = 0;
	to->count = 0;
	to->total = 0;
	if (task->call->number == SYS_sendmsg ||
		task->call->number == SYS_recvmsg) {
		struct msghdr header;

		if (!memory_read(
			    task, task->args[1], &header, sizeof(header)) ||
			header.msg_iovlen > SEGMENTS_MAX)
			return false;
		to->count = header.msg_iovlen;
		to->address = (uint64_t)(uintptr_t)header.msg_iov;
	} else if (is_vector(task->call->number)) {
		if (task->args[2] > SEGMENTS_MAX)
			return false;
		to->count = task->args[2];
		to->address = task->args[1];
	} else {
		to->count = 1;
		to->items[0].iov_base = (void *)(uintptr_t)task->args[1];
		to->items[0].iov_len = task->args[2];
	}
	if (to->address && !memory_read(task, to->address, to->items,
				   to->count * sizeof(struct iovec)))
		return false;
	for (i = 0; i < to->count; i++)
		to->total += to->items[i].iov_len;
	return true;
}

size_t segments_gather(const struct task *task, const struct segments *from,
	uint64_t offset, uint64_t length, char *data, size_t size)
{
	size_t used = 0, i;

	if (length > size)
		length = size;
	for (i = 0; i < from->count && used < length; i++) {
		uint64_t part = from->items[i].iov_len;
		uint64_t base = (uint64_t)(uintptr_t)from->items[i].iov_base;

		if (offset >= part) {
			offset -= part;
			continue;
		}
		base += offset;
		part -= offset;
		offset = 0;
		if (part > length - used)
			part = length - used;
		if (!memory_read(task, base, data + used, part))
			break;
		used += part;
	}
	return used;
}
