/*
 * The memory that a call reads into or writes from: one piece, or the vector
 * of readv(2), sendmsg(2) and their kin.
 */
#define _GNU_SOURCE
#include "tracer/segments.h"
#include "tracer/memory.h"

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
	bool is_listed = true;
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
		is_listed = false;
		to->count = 1;
		to->items[0].iov_base = (void *)(uintptr_t)task->args[1];
		to->items[0].iov_len = task->args[2];
	}
	if (is_listed && !memory_read(task, to->address, to->items,
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

bool segments_aim_at_rest(
	struct task *task, const struct segments *from, long number)
{
	uint64_t skip = task->io_done;
	size_t i = 0;

	while (i < from->count && skip >= from->items[i].iov_len)
		skip -= from->items[i++].iov_len;
	if (i == from->count)
		return false;
	task->run.orig_rax = (unsigned long long)number;
	task->run.rsi = (uint64_t)(uintptr_t)from->items[i].iov_base + skip;
	task->run.rdx = from->items[i].iov_len - skip;
	task->run_changed = true;
	return true;
}

long segments_plain_call(long number)
{
	switch (number) {
	case SYS_readv:
		return SYS_read;
	case SYS_preadv:
		return SYS_pread64;
	case SYS_writev:
		return SYS_write;
	case SYS_pwritev:
		return SYS_pwrite64;
	case SYS_read:
	case SYS_pread64:
	case SYS_write:
	case SYS_pwrite64:
		return number;
	default:
		return -1;
	}
}

void segments_cut(
	struct task *task, const struct segments *whole, uint64_t length)
{
	task->io_done = 0;
	if (!segments_aim_at_rest(
		    task, whole, segments_plain_call(task->call->number)))
		return;
	if (task->run.rdx > length)
		task->run.rdx = length;
}
