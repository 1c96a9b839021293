/*
 * Patterns against what a program prints: a line of the input with the pattern
 * in front of it, or, without a newline in the input, with patterns like those
 * of the exercises.  A match gives every named group a text of the line.
 */
#include "fuzz.h"
#include "grader/pattern.h"

static void try_line(const char *source, const char *line)
{
	char *values[PATTERN_VALUES_MAX] = {NULL};
	struct pattern pattern;
	struct buf stripped = {0}, twice = {0};
	char message[240] = "";

	pattern_strip(&stripped, line);
	pattern_strip(&twice, buf_text(&stripped));
	if (pattern_compile(&pattern, source, message, sizeof(message)) != 0) {
		assert(message[0] && !pattern.code && !pattern.source);
	} else {
		if (pattern_match(&pattern, buf_text(&stripped),
			    stripped.length, values))
			for (size_t i = 0; i < pattern.name_count; i++) {
				assert(values[i]);
				assert(strstr(buf_text(&stripped), values[i]));
				assert(pattern_value_index(&pattern,
					       pattern.names[i]) >= 0);
				free(values[i]);
			}
		else
			assert(!values[0]);
		pattern_release(&pattern);
	}
	buf_release(&stripped);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const own[] = {
		"(?<buyer>[0-9]+)号(购票成功|boughtticket)(?<left>[0-9]+)[!.]?",
		"\\[(?<who>[^\\]]*)\\](?<text>.*)",
		"(?:produce|consume)r?(?<n>\\d+):(?<item>[A-Za-z_]+)(=(?<v>\\d+"
		"))?",
	};
	auto_free char *text = fuzz_text(data, size);
	char *line = strchr(text, '\n');

	if (line) {
		*line = '\0';
		try_line(text, line + 1);
		return 0;
	}
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		try_line(own[i], text);
	return 0;
}
