/*
 * Mutants: where each rule finds something to change, and where not.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/c_tokens.h"
#include "grader/mutate.h"

/* "rule: changed source" of each mutant of SOURCE, a line each; owned. */
static char *all(const char *source)
{
	struct mutant *mutants;
	size_t count = mutate(source, strlen(source), &mutants);
	struct buf out = {0};

	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(source);
		auto_free char *changed =
			mutant_apply(&mutants[i], source, &length);

		cr_expect_eq(strlen(changed), length);
		buf_addf(&out, "%s: %s\n", mutants[i].rule, changed);
	}
	mutants_free(mutants, count);
	buf_adds(&out, "");
	return buf_detach(&out);
}

static void expect(const char *source, const char *mutants)
{
	auto_free char *made = all(source);

	cr_expect_str_eq(made, mutants, "of '%s':\n%s", source, made);
}

Test(mutate, calls_are_dropped)
{
	expect("{ wait(NULL); }", "drop-wait: { 0; }\n");
	expect("{ if (waitpid(p, &s, 0) < 0) f(); }",
		"drop-wait: { if (0 < 0) f(); }\n");
	expect("{ flock(fd, LOCK_UN); }", "drop-unlock: { 0; }\n");
	expect("{ sem_post(&a[g(1)]); }", "drop-post: { 0; }\n");
	expect("{ fcntl(fd, F_OFD_SETLK, &l); }", "drop-lock: { 0; }\n");
	expect("{ fcntl(fd, F_GETFL); }", "");
	expect("{ prctl(PR_SET_PDEATHSIG, s); }",
		"drop-death-signal: { 0; }\n");
	expect("{ prctl(PR_SET_NAME, s); }", "");
}

Test(mutate, what_is_no_call_is_left_alone)
{
	expect("int wait(int *status);", "");
	expect("{ queue->close(1); queue.close(1); close; }", "");
	expect("// close(1);\n/* wait(0); */ char *s = \"close(1);\";", "");
	expect("#define CLOSE() close(1)\\\n ; wait(0)\n", "");
	expect("{ closely(1); xclose(1); }", "");
}

Test(mutate, checks_comparisons_and_loops)
{
	expect("{ if (getppid() != p) f(); }",
		"drop-check: { if (0) f(); }\n"
		"change-comparison: { if (getppid() == p) f(); }\n");
	expect("{ for (i = 0; i < n; i++) f(); }",
		"change-comparison: { for (i = 0; i <= n; i++) f(); }\n");
	/* errors are nobody's mistake here */
	expect("{ if (fd < 0 || p == NULL || r == -1) f(); }", "");
	expect("{ x = a < b; }", "");
	expect("{ while (full) pthread_cond_wait(&c, &m); }",
		"if-for-while: { if (full) pthread_cond_wait(&c, &m); }\n");
	expect("{ while (full) f(); }", "");
	expect("{ do f(); while (full); pause(); }", "");
}

Test(mutate, words_and_numbers)
{
	expect("{ kill(p, SIGKILL); }",
		"drop-kill: { 0; }\n"
		"change-signal: { kill(p, SIGCONT); }\n");
	expect("{ signal(SIGTERM, f); }", "");
	expect("{ x = MAP_SHARED; }", "change-flag: { x = MAP_PRIVATE; }\n");
	expect("{ sem_init(&s, 1, 3); }",
		"change-constant: { sem_init(&s, 0, 3); }\n"
		"change-constant: { sem_init(&s, 1, 4); }\n");
	expect("{ exit(2); }", "");
}

Test(mutate, neighbours_are_swapped)
{
	expect("{ f(1); sem_post(&s); printf(\"x\"); }",
		"drop-post: { f(1); 0; printf(\"x\"); }\n"
		"swap-calls: { f(1); printf(\"x\"); sem_post(&s); }\n");
	expect("{ f(1); g(2); }", "");
}

Test(mutate, mutants_are_numbered_a_rule)
{
	const char *source = "{ close(1);\n wait(0);\n close(2); }";
	struct mutant *mutants;
	size_t count = mutate(source, strlen(source), &mutants);

	cr_assert_geq(count, 3);
	cr_expect_str_eq(mutants[0].rule, "drop-close");
	cr_expect_eq(mutants[0].number, 1);
	cr_expect_eq(mutants[2].number, 2);
	cr_expect_eq(mutants[2].line, 3);
	mutants_free(mutants, count);
}

Test(mutate, every_rule_is_in_the_list)
{
	const char *source =
		"{ wait(0); sem_wait(s); pthread_mutex_unlock(m);"
		"sem_post(s); close(1); fflush(f); kill(p, SIGKILL);"
		"if (getppid()) f(); prctl(PR_SET_PDEATHSIG, s);"
		"sleep(1); x = LOCK_EX; if (a < b) f();"
		"while (a) pause(); }";
	struct mutant *mutants;
	size_t count = mutate(source, strlen(source), &mutants);

	for (size_t i = 0; MUTATION_RULES[i]; i++) {
		bool used = false;

		for (size_t j = 0; j < count; j++)
			used |= !strcmp(mutants[j].rule, MUTATION_RULES[i]);
		cr_expect(used, "%s", MUTATION_RULES[i]);
	}
	mutants_free(mutants, count);
}

/* Nothing that is not C makes it read beyond its end. */
Test(mutate, broken_source_is_survived)
{
	static const char *const broken[] = {"", "(", "wait(", "if", "if (",
		"\"abc", "/*", "#", "a\\", "while (x", "for (;;", "{ wait(0)",
		"sem_init(&s, 99999999999999999999", "while (x) {", "'"};

	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		free(all(broken[i]));
}
