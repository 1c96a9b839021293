/*
 * grader doctor: the layers of the sandbox on this machine, each tried by
 * doing it, what to do about the missing ones, and the tools that are needed.
 */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/calls.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/compile.h"
#include "grader/report/layout.h"

static char required_grade;
static bool only_calls;

static error_t parse(int key, char *argument, struct argp_state *state)
{
	(void)state;
	if (key == 'g') {
		required_grade = command_grade(argument);
		return 0;
	}
	if (key == 'c') {
		only_calls = true;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void print_row(const char *name, const char *text)
{
	struct buf line = {0};

	buf_adds(&line, "  ");
	layout_pad(&line, name, 18);
	buf_addf(&line, " %s", text);
	puts(buf_text(&line));
	buf_release(&line);
}

/* "off: WHY", where the C library or the jail has words for why. */
static void print_state(const struct jail_layer_state *layer)
{
	static const char off[] = "off: ";
	const char *detail = layer->detail;
	auto_free char *text = NULL;

	if (strncmp(detail, off, strlen(off)) != 0)
		text = xstrdup(translated(detail));
	else
		text = xasprintf(
			_("off: %s"), translated(detail + strlen(off)));
	print_row(translated(layer->name), text);
}

static void print_layers(const struct jail_context *context)
{
	const struct jail_layer_state *layers = jail_layers(context);

	for (int i = 0; i < JAIL_LAYER_COUNT; i++) {
		print_state(&layers[i]);
		if (!layers[i].on && layers[i].remedy)
			printf("  %-18s      -> %s\n", "",
				translated(layers[i].remedy));
	}
}

/* True when all that grading needs is there. */
static bool print_tools(void)
{
	auto_free char *exercises = NULL;
	struct utsname system;
	struct err err = {""};
	const char *gcc;

	if (!uname(&system)) {
		auto_free char *kernel =
			xasprintf("%s %s", system.release, system.machine);

		print_row(_("kernel"), kernel);
	}
	print_row("grader", GRADER_VERSION);
	print_row(_("user"), geteuid() ? _("ordinary")
				       : _("root (given up inside the jail)"));
	gcc = compiler_path(&err);
	print_row(_("compiler"), gcc ? gcc : err.text);
	exercises = catalog_folder(&err);
	print_row(_("exercises"), exercises ? exercises : err.text);
	return gcc && exercises;
}

int cmd_doctor(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"calls", 'c', NULL, 0,
			N_("show what the jail does with each system call"), 0},
		{"require-grade", 'g', "A|B|C", 0,
			N_("exit with 4 when the sandbox is worse"), 0},
		{0},
	};
	static const struct argp argp = {.options = options,
		.parser = parse,
		.doc = N_("Shows the layers of the sandbox on this machine and "
			  "what to do about the missing ones.")};
	struct jail_context *context = NULL;
	struct err err = {""};
	int status = EXIT_FULL_MARKS;

	command_parse(&argp, argc, argv, NULL);
	if (only_calls) {
		calls_print(stdout);
		return status;
	}
	if (jail_context_new(&context, &err))
		return command_fail(EXIT_TROUBLE, &err);
	puts(_("Tools"));
	if (!print_tools())
		status = EXIT_TROUBLE;
	puts(_("\nSandbox"));
	print_layers(context);
	printf(_("\nGrade %c"), jail_grade(context));
	puts(jail_grade(context) == 'A'
			? _(": every layer that matters is on")
			: _(": see SECURITY.md for what is less"));
	if (grade_below(jail_grade(context), required_grade))
		status = command_refuse_grade(context, required_grade);
	jail_context_free(context);
	return status;
}
