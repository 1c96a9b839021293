/*
 * What would make two runs differ, or be seen by no system call: the vDSO,
 * the random bytes of a fresh image, the time stamp counter.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>

#include "tracer/engine.h"
#include "tracer/memory.h"
#include "tracer/stops.h"

#define STRINGS_MAX 4096

/* A piece of the new stack: to read a word at a time is a call a word. */
struct piece {
	uint64_t start;
	size_t length;
	unsigned char bytes[2048];
};

static bool word_at(const struct task *task, struct piece *piece,
	uint64_t address, uint64_t *word)
{
	uint64_t offset = address - piece->start;

	if (piece->length < sizeof(*word) ||
		offset > piece->length - sizeof(*word)) {
		piece->start = address;
		piece->length = memory_read_some(
			task, address, piece->bytes, sizeof(piece->bytes));
		if (piece->length < sizeof(*word))
			return false;
		offset = 0;
	}
	memcpy(word, piece->bytes + offset, sizeof(*word));
	return true;
}

/*
 * A fresh program image: the vDSO is hidden, so that reading a clock is a
 * system call that we see, and AT_RANDOM gets fixed bytes.
 */
void tame_image(const struct task *task)
{
	static const unsigned char bytes[16] = {0x6b, 0x1d, 0x52, 0x9e, 0x37,
		0xc4, 0x08, 0xa1, 0xf3, 0x7c, 0x25, 0xd9, 0x4e, 0x80, 0xb6,
		0x13};
	struct user_regs_struct regs;
	uint64_t at, kind, value, count;
	const uint64_t ignore = AT_IGNORE;
	struct piece stack = {0};
	int strings;

	if (ptrace(PTRACE_GETREGS, task->tid, 0, &regs) < 0 ||
		!word_at(task, &stack, regs.rsp, &count))
		return;
	at = regs.rsp + 8 * (count + 2);
	for (strings = 0; strings < STRINGS_MAX; strings++, at += 8)
		if (!word_at(task, &stack, at, &value) || value == 0)
			break;
	at += 8;
	while (word_at(task, &stack, at, &kind) && kind != AT_NULL &&
		word_at(task, &stack, at + 8, &value)) {
		if (kind == AT_SYSINFO_EHDR)
			memory_write(task, at, &ignore, sizeof(ignore));
		if (kind == AT_RANDOM)
			memory_write(task, value, bytes, sizeof(bytes));
		at += 16;
	}
}

/* rdtsc and rdtscp trap (PR_SET_TSC): they read virtual nanoseconds. */
bool emulate_rdtsc(struct engine *engine, struct task *task)
{
	struct user_regs_struct regs;
	unsigned char code[3];
	uint64_t ticks = (uint64_t)engine->clock.now_ns;

	if (ptrace(PTRACE_GETREGS, task->tid, 0, &regs) < 0 ||
		!memory_read(task, regs.rip, code, sizeof(code)) ||
		code[0] != 0x0f)
		return false;
	if (code[1] == 0x31)
		regs.rip += 2;
	else if (code[1] == 0x01 && code[2] == 0xf9)
		regs.rip += 3;
	else
		return false;
	ticks += (uint64_t)++engine->readings;
	regs.rax = ticks & UINT32_MAX;
	regs.rdx = ticks >> 32;
	if (code[1] == 0x01)
		regs.rcx = 0;
	ptrace(PTRACE_SETREGS, task->tid, 0, &regs);
	return true;
}
