/*
 * Calls of all numbers with arguments of chance: what the supervisor reads
 * from the program's memory is rubbish, lengths are too long, pointers lead
 * nowhere or to the end of a page.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SEED
#define SEED 1
#endif
#define CHILDREN 24
#define CALLS 150

static uint64_t state;

static uint64_t chance(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/*
 * Forbidden or not modelled (the run would end), the end of the child, or a
 * signal to others.
 */
static int is_left_out(long number)
{
	static const short numbers[] = {15, 60, 62, 101, 129, 134, 139, 153,
		154, 155, 156, 165, 166, 167, 168, 169, 174, 175, 176, 177, 178,
		179, 180, 200, 205, 212, 231, 234, 246, 248, 249, 250, 272, 297,
		298, 299, 303, 304, 307, 308, 310, 311, 313, 317, 320, 321, 323,
		424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 437, 438, 442,
		443, 444, 445, 446, 457, 458, 460, 467};

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (number == numbers[i])
			return 1;
	return number > 334 && number < 424;
}

static uint64_t argument(char *page)
{
	switch (chance() % 12) {
	case 0:
		return 0;
	case 1:
		return chance() % 8;
	case 2:
		return UINT64_MAX;
	case 3:
		return chance();
	case 4:
		return (uint64_t)page + chance() % 4096;
	case 5:
		return (uint64_t)page + 4096 - chance() % 16;
	case 6:
		return 0xffffffff81000000;
	case 7:
		return 1ul << chance() % 64;
	case 8:
		return (uint64_t)page;
	case 9:
		return chance() % 4096;
	case 10:
		return (uint32_t)-chance() % 4096;
	default:
		return 1ul << 47;
	}
}

static void fill(char *page)
{
	for (int i = 0; i < 4096; i += 8) {
		uint64_t value = argument(page);

		memcpy(page + i, &value, 8);
	}
}

static void call_by_chance(char *page)
{
	for (int i = 0; i < CALLS; i++) {
		long number = (long)(chance() % 470);

		if (is_left_out(number))
			continue;
		if (i % 16 == 0)
			fill(page);
		syscall(number, argument(page), argument(page), argument(page),
			argument(page), argument(page), argument(page));
	}
}

int main(void)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(page + 4096, 4096, PROT_NONE);
	for (uint64_t i = 0; i < CHILDREN; i++) {
		state = (SEED * CHILDREN + i + 1) * 0x9e3779b97f4a7c15;
		if (fork() == 0) {
			alarm(1);
			call_by_chance(page);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
