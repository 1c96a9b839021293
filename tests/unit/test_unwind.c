/*
 * The places of events: a program that litters its stack with return addresses
 * of helpers that are long done runs under the engine, and each event must name
 * the line of its call.  Such lines bear a mark in the program's text.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/err.h"
#include "grader/places.h"
#include "run.h"

static const char program[] =
	"#include <pthread.h>\n"
	"#include <signal.h>\n"
	"#include <stdio.h>\n"
	"#include <stdlib.h>\n"
	"#include <string.h>\n"
	"#include <sys/wait.h>\n"
	"#include <unistd.h>\n"
	"static int litter(int depth)\n"
	"{\n"
	"	char filler[48];\n"
	"	int i, sum = 0;\n"
	"	if (depth > 0)\n"
	"		sum += litter(depth - 1);\n"
	"	sum += snprintf(filler, sizeof(filler), \"%d\", depth);\n"
	"	for (i = 0; i < 3; i++)\n"
	"		sum += (int)strlen(filler);\n"
	"	return sum;\n"
	"}\n"
	"static void handler(int signal)\n"
	"{\n"
	"	(void)signal;\n"
	"	litter(40);\n"
	"	write(1, \"handled\\n\", 8); /* =handled */\n"
	"}\n"
	"static void take(pid_t child)\n"
	"{\n"
	"	litter(40);\n"
	"	waitpid(child, NULL, 0); /* =take */\n"
	"	litter(40);\n"
	"}\n"
	"static void *work(void *argument)\n"
	"{\n"
	"	litter(40);\n"
	"	printf(\"thread\\n\"); /* =thread */\n"
	"	litter(40);\n"
	"	return argument;\n"
	"}\n"
	"static void child(void)\n"
	"{\n"
	"	litter(40);\n"
	"	usleep(1000); /* =sleep */\n"
	"	litter(40);\n"
	"	exit(3); /* =exit */\n"
	"}\n"
	"static int order(const void *a, const void *b)\n"
	"{\n"
	"	write(1, \"called\\n\", 7); /* =called */\n"
	"	return *(const int *)a - *(const int *)b;\n"
	"}\n"
	"static void fault(void)\n"
	"{\n"
	"	litter(40);\n"
	"	asm volatile(\"div %0\" : : \"r\"(0)); /* =fpe */\n"
	"}\n"
	"int main(void)\n"
	"{\n"
	"	char *volatile address = NULL;\n"
	"	int numbers[2] = {2, 1};\n"
	"	pthread_t thread;\n"
	"	pid_t pid;\n"
	"	signal(SIGUSR1, handler);\n"
	"	signal(SIGUSR2, _exit);\n"
	"	litter(40);\n"
	"	pid = fork(); /* =fork */\n"
	"	if (pid == 0)\n"
	"		child();\n"
	"	take(pid);\n"
	"	printf(\"%s\\n\", \"printed\"); /* =printed */\n"
	"	litter(40);\n"
	"	raise(SIGUSR1); /* =raise */\n"
	"	qsort(numbers, 2, sizeof(int), order);\n"
	"	litter(40);\n"
	"	pthread_create(&thread, NULL, work, NULL); /* =create */\n"
	"	pthread_join(thread, NULL);\n"
	"	litter(40);\n"
	"	pid = vfork(); /* =vfork */\n"
	"	if (pid == 0)\n"
	"		_exit(4); /* =vfork-exit */\n"
	"	litter(40);\n"
	"	if (fork() == 0) {\n"
	"		litter(40);\n"
	"		raise(SIGUSR2); /* =signal-exit */\n"
	"	}\n"
	"	if (fork() == 0)\n"
	"		fault();\n"
	"	if (fork() == 0) {\n"
	"		litter(40);\n"
	"		printf(\"%d\\n\", (int)strlen(address)); /* =segv */\n"
	"	}\n"
	"	fprintf(stderr, \"unbuffered\\n\"); /* =unbuffered */\n"
	"	litter(40);\n"
	"	return 0;\n"
	"}\n";

/* What distinguishes an event, and its line's mark; none: no place at all. */
struct expectation {
	enum event_kind kind;
	int task;         /* -1 = any */
	int number;       /* its status, signal or value; -1 = any */
	const char *text; /* or call; NULL = any */
	const char *mark;
};

static const struct expectation expectations[] = {
	{EVENT_FORK, 0, 0, "clone", "=fork"},
	{EVENT_FORK, 0, 1, "clone", "=create"},
	{EVENT_FORK, 0, -1, "vfork", "=vfork"},
	{EVENT_SLEEP, 1, -1, NULL, "=sleep"},
	{EVENT_EXIT, 1, 3, NULL, "=exit"},
	{EVENT_REAP, 0, 3, NULL, "=take"},
	{EVENT_OUTPUT, 0, -1, "printed", "=printed"},
	{EVENT_SIGNAL_SENT, 0, -1, NULL, "=raise"},
	{EVENT_OUTPUT, 0, -1, "handled", "=handled"},
	{EVENT_OUTPUT, 0, -1, "called", "=called"},
	{EVENT_OUTPUT, -1, -1, "thread", "=thread"},
	{EVENT_EXIT, -1, 4, NULL, "=vfork-exit"},
	{EVENT_EXIT, -1, SIGUSR2, NULL, "=signal-exit"},
	{EVENT_OUTPUT, 0, -1, "unbuffered", "=unbuffered"},
	{EVENT_SIGNAL_DELIVERED, -1, SIGFPE, NULL, "=fpe"},
	{EVENT_EXIT, -1, SIGFPE, NULL, "=fpe"},
	{EVENT_EXIT, -1, SIGSEGV, NULL, "=segv"},
	{EVENT_EXIT, 0, 0, NULL, NULL},
};
#define EXPECTATION_COUNT (sizeof(expectations) / sizeof(expectations[0]))

static struct jail_context *context_or_skip(void)
{
	struct jail_context *context = NULL;
	struct err err = {""};

	if (jail_context_new(&context, &err) == 0)
		return context;
	if (getenv("GRADER_MUST_WORK") != NULL)
		cr_assert_fail("no jail: %s", err.text);
	cr_skip_test("no jail: %s", err.text);
	return NULL;
}

/* The program, as grader check would compile it. */
static int compile(void)
{
	char folder[] = "/tmp/unwind-XXXXXX";
	auto_free char *path = NULL, *command = NULL;
	FILE *file;
	int fd;

	cr_assert_not_null(mkdtemp(folder));
	path = xasprintf("%s/a.c", folder);
	file = fopen(path, "w");
	cr_assert_not_null(file);
	fputs(program, file);
	fclose(file);
	command = xasprintf("cd '%s' && gcc -std=gnu17 -D_GNU_SOURCE -O0 -g "
			    "-w -static -no-pie -pthread -o a ./a.c",
		folder);
	cr_assert_eq(system(command), 0);
	free(path);
	path = xasprintf("%s/a", folder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(command);
	command = xasprintf("rm -r '%s'", folder);
	cr_assert_eq(system(command), 0);
	return fd;
}

static char *marked_place(const char *mark)
{
	auto_free char *comment = xasprintf("/* %s */", mark);
	const char *at = strstr(program, comment), *c;
	int line = 1;

	cr_assert_not_null(at, "no mark '%s'", mark);
	for (c = program; c < at; c++)
		line += *c == '\n';
	return xasprintf("a.c:%d", line);
}

static bool matches(const struct event *event, const struct expectation *what)
{
	return event->kind == what->kind &&
	       (what->task < 0 || event->task == what->task) &&
	       (what->number < 0 || event->status == what->number ||
		       event->signal == what->number ||
		       event->value == what->number) &&
	       (!what->text ||
		       (event->text && !strcmp(event->text, what->text)) ||
		       (event->call && !strcmp(event->call, what->text)));
}

/* How many expectations are not met; each is told if LOUD. */
static int count_wrong(
	const struct trace *trace, struct places *places, bool loud)
{
	int wrong = 0;

	for (size_t i = 0; i < EXPECTATION_COUNT; i++) {
		const struct expectation *what = &expectations[i];
		auto_free char *expected =
			what->mark ? marked_place(what->mark) : xstrdup("none");
		const char *place = "no event";
		size_t j;

		for (j = 0; j < trace->event_count; j++)
			if (matches(&trace->events[j], what))
				break;
		if (j < trace->event_count)
			place = places_find(places, trace->events[j].pc);
		if (!place)
			place = "none";
		if (!strcmp(place, expected))
			continue;
		wrong++;
		if (loud)
			cr_expect_fail("%s, %s: %s, not %s",
				event_kind_name(what->kind),
				what->mark ? what->mark : "no place", place,
				expected);
	}
	return wrong;
}

static int run_and_count(enum schedule_policy policy, bool unwind, bool loud)
{
	struct jail_context *context = context_or_skip();
	const char *argv[] = {"./a", NULL};
	auto_close int fd = compile();
	struct places *places = places_new(fd);
	struct run_spec spec = {
		.program_fd = fd,
		.argv = argv,
		.policy = policy,
		.seed = 1,
		.unwind = unwind ? places_unwind : NULL,
		.unwind_context = places,
	};
	struct run_outcome outcome = {0};
	struct err err = {""};
	int wrong;

	cr_assert(places_code_range(places, &spec.code_low, &spec.code_high));
	cr_assert_eq(
		run_program(context, &spec, &outcome, &err), 0, "%s", err.text);
	cr_expect_eq(outcome.end, RUN_END_EXITED);
	cr_expect_eq(outcome.main_status, 0);
	wrong = count_wrong(&outcome.trace, places, loud);
	run_outcome_release(&outcome);
	places_free(places);
	jail_context_free(context);
	return wrong;
}

Test(unwind, an_event_has_the_line_of_its_call, .timeout = 120)
{
	run_and_count(SCHEDULE_RUN_TO_BLOCK, true, true);
	run_and_count(SCHEDULE_RANDOM, true, true);
}

/* Negative control: a look at what lies on the stack is not enough. */
Test(unwind, a_guess_is_often_wrong, .timeout = 120)
{
	int wrong = run_and_count(SCHEDULE_RUN_TO_BLOCK, false, false);

	cr_expect(wrong >= 3, "only %d wrong", wrong);
	cr_expect(wrong < (int)EXPECTATION_COUNT);
}
