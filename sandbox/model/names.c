#include "model/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void names_release(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->items[i].text);
	free(names->items);
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

const char *names_set(struct names *names, const char *prefix, uint64_t a,
	uint64_t b, uint64_t c, const char *text)
{
	const uint64_t key[3] = {a, b, c};
	struct name *name = find(names, prefix, key);

	if (!name)
		name = add(names, prefix, key);
	if (!name->text || strcmp(name->text, text) != 0) {
		free(name->text);
		name->text = xstrdup(text);
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
