#include "model/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void names_release(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->items[i].text);
	for (i = 0; i < names->old_count; i++)
		free(names->old[i]);
	free(names->items);
	free(names->old);
	memset(names, 0, sizeof(*names));
}

static struct name *find(
	const struct names *names, const char *prefix, const uint64_t key[3])
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (strcmp(names->items[i].prefix, prefix) == 0 &&
			memcmp(names->items[i].key, key,
				sizeof(names->items[i].key)) == 0)
			return &names->items[i];
	return NULL;
}

static struct name *add(
	struct names *names, const char *prefix, const uint64_t key[3])
{
	struct name *name;

	grow_array(&names->items, names->count, &names->capacity,
		sizeof(*names->items));
	name = &names->items[names->count++];
	name->prefix = prefix;
	memcpy(name->key, key, sizeof(name->key));
	name->text = NULL;
	return name;
}

const char *names_get(struct names *names, const char *prefix, uint64_t a,
	uint64_t b, uint64_t c)
{
	const uint64_t key[3] = {a, b, c};
	struct name *name = find(names, prefix, key);
	size_t i, number = 0;

	if (!name) {
		name = add(names, prefix, key);
		for (i = 0; i < names->count; i++)
			number += strcmp(names->items[i].prefix, prefix) == 0;
		name->text = xasprintf("%s:%zu", prefix, number);
	}
	return name->text;
}

/* Somebody may still show the text that the name has had. */
static void keep(struct names *names, char *text)
{
	if (!text)
		return;
	grow_array(&names->old, names->old_count, &names->old_capacity,
		sizeof(*names->old));
	names->old[names->old_count++] = text;
}

/* TEXT, if some name has had it before, taken from the old ones; or a copy. */
static char *again(struct names *names, const char *text)
{
	size_t i;
	char *found;

	for (i = 0; i < names->old_count; i++) {
		if (strcmp(names->old[i], text) != 0)
			continue;
		found = names->old[i];
		names->old[i] = names->old[--names->old_count];
		return found;
	}
	return xstrdup(text);
}

const char *names_set(struct names *names, const char *prefix, uint64_t a,
	uint64_t b, uint64_t c, const char *text)
{
	const uint64_t key[3] = {a, b, c};
	struct name *name = find(names, prefix, key);

	if (!name)
		name = add(names, prefix, key);
	if (!name->text || strcmp(name->text, text) != 0) {
		char *now = again(names, text);

		keep(names, name->text);
		name->text = now;
	}
	return name->text;
}

const char *names_find(const struct names *names, const char *prefix,
	uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t key[3] = {a, b, c};
	const struct name *name = find(names, prefix, key);

	return name ? name->text : NULL;
}
