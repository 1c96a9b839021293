/*
 * Names stand above their lanes when that leaves room for the words; else they
 * stand below each other and the lanes are close together.  Where even that is
 * too wide, the lanes that say least share the last column.
 */
#include "grader/report/diagram_lanes.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/layout.h"

#define SPACING_LEAST 4 /* a line, what stands beside it, and a gap */
#define SPACING_MOST 14

/* How much would be lost without a column for the lane. */
static size_t weigh(const struct diagram *diagram, size_t lane)
{
	size_t weight = diagram->lanes[lane].focus;

	if (diagram->lanes[lane].task == 0)
		weight += 3; /* the parent of them all */
	for (size_t i = 0; i < diagram->step_count; i++)
		if (diagram->rows[diagram->steps[i]].lane == lane)
			weight += 8;
	for (size_t i = 0; i < diagram->arrow_count; i++) {
		const struct diagram_arrow *arrow = &diagram->arrows[i];
		bool bad = arrow->kind == DIAGRAM_LOST ||
			   arrow->kind == DIAGRAM_WAITS_FOR;

		if (arrow->from_lane == lane || arrow->to_lane == lane)
			weight += bad ? 8 : 1;
	}
	return weight;
}

/* Keeps the COUNT lanes of most weight; of equal ones the first. */
static void choose(const struct diagram *diagram, bool *kept, size_t count)
{
	while (count--) {
		size_t best = DIAGRAM_NONE, most = 0;

		for (size_t i = 0; i < diagram->lane_count; i++) {
			size_t weight = weigh(diagram, i);

			if (kept[i] || diagram->lanes[i].task < 0 ||
				(best != DIAGRAM_NONE && weight <= most))
				continue;
			best = i;
			most = weight;
		}
		if (best == DIAGRAM_NONE)
			return;
		kept[best] = true;
	}
}

static void number_columns(struct text_lanes *lanes,
	const struct diagram *diagram, const bool *kept)
{
	for (size_t i = 0; i < diagram->lane_count; i++)
		if (kept[i]) {
			lanes->lane[lanes->count] = i;
			lanes->column[i] = lanes->count++;
		}
	for (size_t i = 0; i < diagram->lane_count; i++) {
		if (kept[i])
			continue;
		lanes->column[i] = lanes->count;
		lanes->others += diagram->lanes[i].tasks;
		lanes->crowded += diagram->lanes[i].task >= 0;
	}
	if (lanes->others)
		lanes->lane[lanes->count++] = DIAGRAM_NONE;
}

static void space_out(struct text_lanes *lanes, const struct diagram *diagram,
	size_t good, size_t most)
{
	size_t name = 4, want, room;

	for (size_t i = 0; i < diagram->lane_count; i++)
		if (text_lanes_own(lanes, i) && diagram->lanes[i].name &&
			layout_width(diagram->lanes[i].name) > name)
			name = layout_width(diagram->lanes[i].name);
	if (lanes->others && name < 8)
		name = 8; /* "15 more" */
	want = name + 2;
	room = lanes->count * want <= good ? good : most;
	lanes->stairs = want > SPACING_MOST || lanes->count * want > good;
	lanes->spacing = lanes->stairs ? room / (lanes->count + 1) : want;
	if (lanes->stairs && lanes->spacing > 6)
		lanes->spacing = 6;
	if (lanes->spacing < SPACING_LEAST)
		lanes->spacing = SPACING_LEAST;
	lanes->width = lanes->count * lanes->spacing;
}

void text_lanes_make(struct text_lanes *lanes, const struct diagram *diagram,
	size_t good, size_t most)
{
	size_t count = diagram->lane_count, room = most / SPACING_LEAST;
	auto_free bool *kept = xcalloc(count + 1, sizeof(*kept));
	bool shared = count && diagram->lanes[count - 1].task < 0;

	if (room < 2)
		room = 2;
	*lanes = (struct text_lanes){
		.column = xcalloc(count + 1, sizeof(*lanes->column)),
		.lane = xcalloc(count + 1, sizeof(*lanes->lane))};
	if (count > room)
		choose(diagram, kept, room - 1);
	else
		choose(diagram, kept, count - shared);
	number_columns(lanes, diagram, kept);
	space_out(lanes, diagram, good, most);
}

void text_lanes_release(struct text_lanes *lanes)
{
	free(lanes->column);
	free(lanes->lane);
	memset(lanes, 0, sizeof(*lanes));
}

size_t text_lanes_x(const struct text_lanes *lanes, size_t column)
{
	return column * lanes->spacing +
	       (lanes->stairs ? 1 : lanes->spacing / 2);
}

bool text_lanes_own(const struct text_lanes *lanes, size_t lane)
{
	return lane != DIAGRAM_NONE &&
	       lanes->lane[lanes->column[lane]] != DIAGRAM_NONE;
}
