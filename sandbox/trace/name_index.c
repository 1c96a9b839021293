#include "trace/name_index.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static size_t hash_name(const char *name)
{
	return (size_t)(((uintptr_t)name >> 4) * 0x9e3779b97f4a7c15u);
}

static void enter(struct name_index *index, size_t number)
{
	size_t at = hash_name(index->names[number]);

	while (index->slots[at % index->slot_count])
		at++;
	index->slots[at % index->slot_count] = number + 1;
}

static void grow(struct name_index *index)
{
	size_t i;

	free(index->slots);
	index->slot_count = index->slot_count ? index->slot_count * 2 : 64;
	index->slots = xcalloc(index->slot_count, sizeof(*index->slots));
	for (i = 0; i < index->count; i++)
		enter(index, i);
}

size_t name_index_get(struct name_index *index, const char *name)
{
	size_t at, number;

	if (index->count * 2 >= index->slot_count)
		grow(index);
	for (at = hash_name(name);; at++) {
		number = index->slots[at % index->slot_count];
		if (!number)
			break;
		assert(number <= index->count);
		if (index->names[number - 1] == name)
			return number - 1;
	}
	grow_array(&index->names, index->count, &index->capacity,
		sizeof(*index->names));
	index->names[index->count] = name;
	enter(index, index->count);
	return index->count++;
}

void name_index_release(struct name_index *index)
{
	free(index->names);
	free(index->slots);
	memset(index, 0, sizeof(*index));
}
