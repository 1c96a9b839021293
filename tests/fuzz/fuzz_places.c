/*
 * What the child that reads debug information answers: it has parsed what a
 * student made, so the parent believes none of it.  Whatever was answered,
 * what is found for a pc is a file name that may be shown.
 */
#include "fuzz.h"

/* the parent's part, with its private functions; the library has its own */
#define places_new fuzzed_places_new
#define places_free fuzzed_places_free
#define places_find fuzzed_places_find
#define places_code_range fuzzed_places_code_range
#define places_hooks fuzzed_places_hooks
#define places_streams fuzzed_places_streams
#define places_unwind fuzzed_places_unwind
#include "grader/places.c"

static void look_up(struct places *places, uint64_t pc)
{
	const char *place = places_find(places, pc);
	struct unwind_row row, again;
	bool known = places_unwind(places, pc, &row);

	if (place) {
		auto_free char *name = xstrdup(place);
		char *colon = strrchr(name, ':');

		assert(colon && strtoul(colon + 1, NULL, 10) > 0);
		*colon = '\0';
		assert(places_is_file_name(name));
	}
	assert(places_unwind(places, pc, &again) == known);
	if (known)
		assert(again.cfa_offset == row.cfa_offset &&
			again.rbp_offset == row.rbp_offset);
}

/* Looks for all that it was told of, and on both sides of it. */
static void check_places(struct places *places)
{
	uint64_t low, high;
	bool known = places_code_range(places, &low, &high);

	assert(known == (low < high));
	for (size_t i = 0; i < places->size.row_count; i++) {
		look_up(places, places->rows[i].pc);
		look_up(places, places->rows[i].pc - 1);
		look_up(places, places->rows[i].pc + 1);
	}
	for (size_t i = 0; i < places->frame_count; i++) {
		look_up(places, places->frames[i].low);
		look_up(places, places->frames[i].low - 1);
	}
	look_up(places, 0);
	look_up(places, UINT64_MAX);
	look_up(places, low);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct places *places = xcalloc(1, sizeof(*places));
	struct buf answer = {0};

	if (size > 0)
		buf_add(&answer, data, size);
	accept_answer(places, &answer);
	check_places(places);
	places_free(places);
	buf_release(&answer);
	return 0;
}
