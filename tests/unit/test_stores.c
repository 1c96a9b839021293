/*
 * Late stores: the litmus tests of x86-TSO (Owens, Sarkar, Sewell, "A better
 * x86 memory model: x86-TSO", TPHOLs 2009).  Each prints what its processes
 * read; what the model allows must come up under some seed, and what it
 * forbids under none.
 */
#include "hooked.h"

#define SEEDS 400

/* S is shared memory of volatile ints, READ what they tell main. */
#define PROGRAM(processes, report)                                             \
	"struct s { volatile int x, y, z, r[4]; };\n"                          \
	"int main(void) { struct s *s = share(sizeof(*s)); int "               \
	"*r;\n" processes "WAIT_ALL r = (int *)s->r; " report " return 0; }\n"
/* What is read stays in memory of its own until all is done. */
#define PROCESS(body, results)                                                 \
	"CHILD { int a = 9, b = 9, c = 9; " body " " results                   \
	" (void)a; (void)b; (void)c; _exit(0); }\n"

/* How many of the seeds printed TEXT. */
static int count_seen(const char *text)
{
	int seen = 0;

	cr_assert(program.hooks != 0, "built without hooks");
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct run_outcome outcome;
		auto_free char *output = NULL;

		run(SCHEDULE_RANDOM, seed, &outcome);
		output = output_of(&outcome.trace);
		cr_assert(outcome.end == RUN_END_EXITED, "seed %lu",
			(unsigned long)seed);
		seen += strcmp(output, text) == 0;
		run_outcome_release(&outcome);
	}
	return seen;
}

#define LITMUS(test, condition, text, code)                                    \
	Test(stores, test, .fini = release, .timeout = 240)                    \
	{                                                                      \
		int seen;                                                      \
                                                                               \
		compile_text(code);                                            \
		seen = count_seen(text);                                       \
		cr_assert(seen condition, "%d of %d", seen, SEEDS);            \
	}

#define PRINT2 "printf(\"%d %d\\n\", r[0], r[1]);"
#define PRINT4 "printf(\"%d %d %d %d\\n\", r[0], r[1], r[2], r[3]);"

/* SB */
LITMUS(a_read_overtakes_the_store_before_it, > 0, "0 0\n",
	PROGRAM(PROCESS("s->x = 1; a = s->y;", "s->r[0] = a;")
			PROCESS("s->y = 1; a = s->x;", "s->r[1] = a;"),
		PRINT2))

/*
 * y is 0, then 1: the other has run in between.  It has read z after that, and
 * the store to x, from before all these reads, had still not come.
 */
LITMUS(a_store_stays_late_over_several_reads, > 0, "0 1 0 0\n",
	PROGRAM(PROCESS("s->x = 1; a = s->y; b = s->y; b = s->y; c = s->z;",
			"s->r[0] = a; s->r[1] = b; s->r[2] = c;")
			PROCESS("s->y = 1; a = s->y; a = s->y; a = s->y;"
				" s->z = 1; a = s->x;",
				"s->r[3] = a;"),
		PRINT4))

/* SB with a fence in one of both, with a locked instruction in the other */
LITMUS(no_read_overtakes_a_fence, == 0, "0 0\n",
	PROGRAM(PROCESS("s->x = 1; __sync_synchronize(); a = s->y;",
			"s->r[0] = a;")
			PROCESS("s->y = 1; __sync_fetch_and_add(&s->z, 1);"
				" a = s->x;",
				"s->r[1] = a;"),
		PRINT2))

/* MP: stores come in their order, late or not */
LITMUS(no_store_overtakes_a_store, == 0, "1 0\n",
	PROGRAM(PROCESS("s->x = 1; s->y = 1; a = s->z;", "") PROCESS(
			"a = s->y; b = s->x;", "s->r[0] = a; s->r[1] = b;"),
		PRINT2))

/* LB: no read waits for a store after it */
LITMUS(no_store_overtakes_a_read, == 0, "1 1\n",
	PROGRAM(PROCESS("a = s->x; s->y = 1; b = s->z;", "s->r[0] = a;")
			PROCESS("a = s->y; s->x = 1; b = s->z;",
				"s->r[1] = a;"),
		PRINT2))

/* n6 without the other's store: who stores sees it at once */
LITMUS(a_process_sees_its_own_late_stores, == SEEDS, "1 1\n",
	PROGRAM(PROCESS("s->x = 1; a = s->y; b = s->z; a = s->x;"
			" b = s->y; c = s->x;",
			"s->r[0] = a; s->r[1] = c;")
			PROCESS("s->y = 1; a = s->z;", ""),
		PRINT2))

/* IRIW: a store comes to all others at once */
LITMUS(others_see_stores_in_one_order, == 0, "1 0 1 0\n",
	PROGRAM(PROCESS("s->x = 1; a = s->z;", "")
			PROCESS("s->y = 1; a = s->z;", "")
				PROCESS("a = s->x; b = s->y;",
					"s->r[0] = a; s->r[1] = b;")
					PROCESS("a = s->y; b = s->x;",
						"s->r[2] = a; s->r[3] = b;"),
		PRINT4))

/* a store that came late is the last one, and nothing brings it back */
LITMUS(a_late_store_comes_once, == 0, "1\n",
	PROGRAM(PROCESS("s->x = 1; a = s->y; b = s->z; s->x = 2; c = s->y;",
			""),
		"printf(\"%d\\n\", s->x);"))
