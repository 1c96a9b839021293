/*
 * A tracee's memory, read and written from outside while it is stopped.
 */
#define _GNU_SOURCE
#include "tracer/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/engine.h"

size_t memory_read_some(
	const struct task *task, uint64_t address, void *data, size_t length)
{
	/* cppcheck-suppress ctuuninitvar ; process_vm_readv() writes there */
	struct iovec ours = {data, length};
	struct iovec theirs = {(void *)(uintptr_t)address, length};
	ssize_t got = process_vm_readv(task->tid, &ours, 1, &theirs, 1, 0);

	return got > 0 ? (size_t)got : 0;
}

bool memory_read(
	const struct task *task, uint64_t address, void *data, size_t length)
{
	const struct near *near = task->near;
	uint64_t offset = near ? address - near->start : 0;

	if (near && length <= near->length && offset <= near->length - length) {
		memcpy(data, near->bytes + offset, length);
		return true;
	}
	return length == 0 ||
	       memory_read_some(task, address, data, length) == length;
}

void memory_note_stack(const struct engine *engine, const struct task *task,
	uint64_t start, const void *data, size_t length)
{
	struct near *near = task->near;

	if (!near)
		return;
	near->length = 0;
	if (task->process->had_threads || engine->memory_shared)
		return;
	near->start = start;
	near->length =
		length < sizeof(near->bytes) ? length : sizeof(near->bytes);
	memcpy(near->bytes, data, near->length);
}

void memory_forget_stack(const struct task *task)
{
	if (task->near)
		task->near->length = 0;
}

bool memory_give(const struct task *task, uint64_t address, const void *data,
	size_t length)
{
	struct iovec ours = {(void *)(uintptr_t)data, length};
	struct iovec theirs = {(void *)(uintptr_t)address, length};

	memory_forget_stack(task);
	return length == 0 || process_vm_writev(task->tid, &ours, 1, &theirs, 1,
				      0) == (ssize_t)length;
}

bool memory_write(const struct task *task, uint64_t address, const void *data,
	size_t length)
{
	char path[40];
	bool written;
	int fd;

	if (memory_give(task, address, data, length))
		return true;
	/* read-only private pages: /proc/PID/mem may, as ptrace may */
	snprintf(path, sizeof(path), "/proc/%d/mem", task->tid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	written = pwrite(fd, data, length, (off_t)address) == (ssize_t)length;
	close(fd);
	return written;
}

bool memory_string(
	const struct task *task, uint64_t address, char *text, size_t size)
{
	size_t used = 0, chunk;

	while (used < size - 1) {
		/* never across a page that may not be there */
		chunk = 4096 - (address + used) % 4096;
		if (chunk > size - 1 - used)
			chunk = size - 1 - used;
		if (!memory_read(task, address + used, text + used, chunk))
			return false;
		if (memchr(text + used, '\0', chunk))
			return true;
		used += chunk;
	}
	text[used] = '\0';
	return false;
}

bool memory_words(const struct task *task, uint64_t address, uint64_t *words,
	size_t count)
{
	return memory_read(task, address, words, count * sizeof(*words));
}

struct process *memory_owner(
	const struct engine *engine, const struct task *task)
{
	return engine->tasks[task->process->memory]->process;
}

void memory_remapped(const struct engine *engine, const struct task *task)
{
	memory_owner(engine, task)->mapping_count = 0;
}

static bool parse_mapping(const char *line, struct mapping *to)
{
	unsigned long long low, high, offset, inode;
	unsigned major_number, minor_number;
	char flags[8];

	if (sscanf(line, "%llx-%llx %7s %llx %x:%x %llu", &low, &high, flags,
		    &offset, &major_number, &minor_number, &inode) != 7)
		return false;
	*to = (struct mapping){
		.low = low,
		.high = high,
		.dev = makedev(major_number, minor_number),
		.ino = inode,
		.offset = offset,
		.shared = flags[3] == 's',
	};
	return true;
}

static bool holds(const struct mapping *mapping, uint64_t address)
{
	return address >= mapping->low && address < mapping->high;
}

static bool read_mapping(
	const struct task *task, uint64_t address, struct mapping *mapping)
{
	char path[40], *line = NULL;
	size_t size = 0;
	bool found = false;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", task->tid);
	maps = fopen(path, "re");
	if (!maps)
		return false;
	while (!found && getline(&line, &size, maps) > 0)
		found = parse_mapping(line, mapping) && holds(mapping, address);
	free(line);
	fclose(maps);
	return found;
}

static const struct mapping *find_mapping(
	const struct engine *engine, const struct task *task, uint64_t address)
{
	struct process *owner = memory_owner(engine, task);
	struct mapping found;
	size_t i;

	for (i = 0; i < owner->mapping_count; i++)
		if (holds(&owner->mappings[i], address))
			return &owner->mappings[i];
	if (!read_mapping(task, address, &found))
		return NULL;
	if (owner->mapping_count == MAPPINGS_KNOWN_MAX)
		owner->mapping_count = 0;
	owner->mappings[owner->mapping_count] = found;
	return &owner->mappings[owner->mapping_count++];
}

bool memory_mapping(const struct engine *engine, const struct task *task,
	uint64_t address, bool *shared, uint64_t *end, struct futex_key *key)
{
	const struct mapping *mapping = find_mapping(engine, task, address);

	if (!mapping)
		return false;
	*end = mapping->high;
	*shared = mapping->shared;
	key->a = mapping->dev;
	key->b = mapping->ino;
	key->offset = mapping->offset + (address - mapping->low);
	return true;
}

bool memory_futex_key(const struct engine *engine, const struct task *task,
	uint64_t address, bool is_private, struct futex_key *key)
{
	bool shared = false;
	uint64_t end;
	uint32_t word;

	memset(key, 0, sizeof(*key));
	/* a private one is told by its address, whether there or not */
	if (!is_private && (!memory_read(task, address, &word, sizeof(word)) ||
				   !memory_mapping(engine, task, address,
					   &shared, &end, key)))
		return false;
	if (shared) {
		key->space = 3;
		return true;
	}
	key->space = is_private ? 1 : 2;
	key->a = (uint64_t)task->process->memory;
	key->b = address;
	key->offset = 0;
	return true;
}
