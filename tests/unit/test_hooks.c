/*
 * Scheduling points at shared memory: small programs are compiled as a
 * submission is, and run under many seeds.  What a switch between two
 * accesses can break must break under some of them, and what nothing can
 * break under none.
 */
#include "hooked.h"

#define SEEDS 40

/* Seeds under which the run ended otherwise than by printing EXPECTED. */
static int count_wrong_from(uint64_t first, const char *expected)
{
	int wrong = 0;

	cr_assert(program.hooks != 0, "built without hooks");
	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct run_outcome outcome;
		auto_free char *output = NULL;

		run(SCHEDULE_RANDOM, seed, &outcome);
		output = output_of(&outcome.trace);
		wrong += outcome.end != RUN_END_EXITED ||
			 strcmp(output, expected) != 0;
		run_outcome_release(&outcome);
	}
	return wrong;
}

static int count_wrong(const char *expected)
{
	return count_wrong_from(1, expected);
}

static int count_ends(enum run_end end)
{
	int count = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct run_outcome outcome;

		run(SCHEDULE_RANDOM, seed, &outcome);
		count += outcome.end == end;
		run_outcome_release(&outcome);
	}
	return count;
}

static size_t count_events(const struct trace *trace, enum event_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < trace->event_count; i++)
		count += trace->events[i].kind == kind;
	return count;
}

/* Races that some seed shows. */
static size_t count_races(void)
{
	size_t most = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct run_outcome outcome;
		struct race races[8];
		size_t count;

		run(SCHEDULE_RANDOM, seed, &outcome);
		count = races_find(&outcome.trace, races, 8);
		most = count > most ? count : most;
		run_outcome_release(&outcome);
	}
	return most;
}

#define BREAKS(test, least, expected, text)                                    \
	Test(hooks, test, .fini = release, .timeout = 120)                     \
	{                                                                      \
		int wrong;                                                     \
                                                                               \
		compile_text(text);                                            \
		wrong = count_wrong(expected);                                 \
		cr_assert(wrong >= (least), "%d of %d", wrong, SEEDS);         \
	}

#define HOLDS(test, expected, text)                                            \
	Test(hooks, test, .fini = release, .timeout = 120)                     \
	{                                                                      \
		int wrong;                                                     \
                                                                               \
		compile_text(text);                                            \
		wrong = count_wrong(expected);                                 \
		cr_assert(wrong == 0, "%d of %d", wrong, SEEDS);               \
	}

BREAKS(finds_a_lost_update_between_processes, SEEDS / 4, "0\n",
	"int main(void) { int *count = share(4); *count = 3;\n"
	"for (int i = 0; i < 3; i++) CHILD { --*count; _exit(0); }\n"
	"WAIT_ALL printf(\"%d\\n\", *count); return 0; }\n")

BREAKS(finds_a_lost_update_between_threads, SEEDS / 4, "3\n",
	"static int count;\n"
	"static void *work(void *p) { count++; return p; }\n"
	"int main(void) { pthread_t t[3];\n"
	"for (int i = 0; i < 3; i++) pthread_create(&t[i], 0, work, 0);\n"
	"for (int i = 0; i < 3; i++) pthread_join(t[i], 0);\n"
	"printf(\"%d\\n\", count); return 0; }\n")

BREAKS(finds_a_lost_update_in_system_v_memory, SEEDS / 4, "0\n",
	"int main(void) { int id = shmget(IPC_PRIVATE, 4, 0600);\n"
	"int *count = shmat(id, 0, 0); shmctl(id, IPC_RMID, 0); *count = 3;\n"
	"for (int i = 0; i < 3; i++) CHILD { --*count; _exit(0); }\n"
	"WAIT_ALL printf(\"%d\\n\", *count); return 0; }\n")

BREAKS(finds_a_lock_that_is_looked_at_and_then_taken, 1, "0\n",
	"int main(void) { volatile int *p = share(8); p[0] = 3;\n"
	"for (int i = 0; i < 3; i++) CHILD { while (p[1]) { } p[1] = 1;\n"
	"  p[0] = p[0] - 1; p[1] = 0; _exit(0); }\n"
	"WAIT_ALL printf(\"%d\\n\", p[0]); return 0; }\n")

BREAKS(finds_a_torn_copy, 1, "same\n",
	"struct pair { char a[16], b[16]; };\n"
	"int main(void) { struct pair *p = share(sizeof(*p)), one, seen;\n"
	"memset(&one, 'x', sizeof(one)); memset(p, 0, sizeof(*p));\n"
	"CHILD { memcpy(p, &one, sizeof(one)); _exit(0); }\n"
	"memcpy(&seen, p, sizeof(seen)); WAIT_ALL\n"
	"puts(seen.a[0] == seen.b[15] ? \"same\" : \"torn\"); return 0; }\n")

BREAKS(finds_initialisation_without_a_lock, 1, "1\n",
	"static int made; static int *object;\n"
	"static void *work(void *p) { if (!object) { made++;\n"
	"  object = malloc(4); } return p; }\n"
	"int main(void) { pthread_t t[2];\n"
	"for (int i = 0; i < 2; i++) pthread_create(&t[i], 0, work, 0);\n"
	"for (int i = 0; i < 2; i++) pthread_join(t[i], 0);\n"
	"printf(\"%d\\n\", made); return 0; }\n")

#define CROSSWISE                                                              \
	"int main(void) { sem_t *s = share(2 * sizeof(*s));\n"                 \
	"sem_init(&s[0], 1, 1); sem_init(&s[1], 1, 1);\n"                      \
	"for (int i = 0; i < 2; i++) CHILD { sem_wait(&s[i]);\n"               \
	"  sem_wait(&s[!i]); sem_post(&s[!i]); sem_post(&s[i]); _exit(0); }\n" \
	"WAIT_ALL puts(\"done\"); return 0; }\n"

Test(hooks, finds_semaphores_taken_crosswise, .fini = release, .timeout = 120)
{
	compile_text(CROSSWISE);
	cr_assert(count_ends(RUN_END_DEADLOCK) >= SEEDS / 8);
}

HOLDS(a_hand_made_spin_lock_holds, "0\n",
	"int main(void) { int *p = share(8); p[0] = 3;\n"
	"for (int i = 0; i < 3; i++) CHILD {\n"
	"  while (__sync_lock_test_and_set(&p[1], 1)) { }\n"
	"  p[0] = p[0] - 1; __sync_lock_release(&p[1]); _exit(0); }\n"
	"WAIT_ALL printf(\"%d\\n\", p[0]); return 0; }\n")

HOLDS(a_lock_by_compare_and_exchange_holds, "0\n",
	"struct s { atomic_int lock; int count; };\n"
	"int main(void) { struct s *s = share(sizeof(*s)); s->count = 3;\n"
	"for (int i = 0; i < 3; i++) CHILD { int free = 0;\n"
	"  while (!atomic_compare_exchange_weak(&s->lock, &free, 1)) free = "
	"0;\n"
	"  s->count--; atomic_store(&s->lock, 0); _exit(0); }\n"
	"WAIT_ALL printf(\"%d\\n\", s->count); return 0; }\n")

/* Nothing of it comes back to what it was, and time goes on all the same. */
HOLDS(who_counts_until_another_wakes_up_is_not_in_its_way, "seen\n",
	"int main(void) { volatile long *p = share(16);\n"
	"CHILD { while (!p[0]) p[1]++; printf(\"seen\\n\"); exit(0); }\n"
	"sleep(1); p[0] = 1; WAIT_ALL return 0; }\n")

HOLDS(who_counts_and_yields_lets_the_others_run, "seen\n",
	"int main(void) { volatile long *p = share(16);\n"
	"CHILD { while (!p[0]) { p[1]++; sched_yield(); }\n"
	"  printf(\"seen\\n\"); exit(0); }\n"
	"CHILD { p[0] = 1; _exit(0); } WAIT_ALL return 0; }\n")

/* Alone the counter is wrong in some seeds: see above. */
HOLDS(a_shared_mutex_holds, "0\n",
	"struct s { pthread_mutex_t lock; int count; };\n"
	"int main(void) { struct s *s = share(sizeof(*s)); s->count = 3;\n"
	"pthread_mutexattr_t a; pthread_mutexattr_init(&a);\n"
	"pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);\n"
	"pthread_mutex_init(&s->lock, &a);\n"
	"for (int i = 0; i < 3; i++) CHILD { pthread_mutex_lock(&s->lock);\n"
	"  s->count--; pthread_mutex_unlock(&s->lock); _exit(0); }\n"
	"WAIT_ALL printf(\"%d\\n\", s->count); return 0; }\n")

HOLDS(a_library_spin_lock_holds, "0\n",
	"struct s { pthread_spinlock_t lock; int count; };\n"
	"int main(void) { struct s *s = share(sizeof(*s)); s->count = 3;\n"
	"pthread_spin_init(&s->lock, PTHREAD_PROCESS_SHARED);\n"
	"for (int i = 0; i < 3; i++) CHILD { pthread_spin_lock(&s->lock);\n"
	"  s->count--; pthread_spin_unlock(&s->lock); _exit(0); }\n"
	"WAIT_ALL printf(\"%d\\n\", s->count); return 0; }\n")

#define PETERSON(fence)                                                        \
	"struct s { volatile int flag[2], turn, count; };\n"                   \
	"int main(void) { struct s *s = share(sizeof(*s));\n"                  \
	"for (int i = 0; i < 2; i++) CHILD {\n"                                \
	"  s->flag[i] = 1; s->turn = !i; " fence "\n"                          \
	"  while (s->flag[!i] && s->turn == !i) { }\n"                         \
	"  s->count++; s->flag[i] = 0; _exit(0); }\n"                          \
	"WAIT_ALL printf(\"%d\\n\", s->count); return 0; }\n"

/* Two steps in a row, and then the other: not every seed does it. */
Test(hooks, finds_peterson_without_a_fence, .fini = release, .timeout = 120)
{
	int wrong = 0;

	compile_text(PETERSON(""));
	for (uint64_t first = 1; first <= 5 * SEEDS; first += SEEDS)
		wrong += count_wrong_from(first, "2\n");
	cr_assert(wrong >= 2, "%d of %d", wrong, 5 * SEEDS);
}

HOLDS(the_algorithm_of_peterson_holds, "2\n", PETERSON("__sync_synchronize();"))
HOLDS(a_fence_in_assembler_holds, "2\n",
	PETERSON("__asm__ volatile(\"mfence\" ::: \"memory\");"))

Test(hooks, proves_that_nobody_sets_a_flag, .fini = release, .timeout = 120)
{
	compile_text("int main(void) { volatile int *p = share(4);\n"
		     "CHILD { while (!*p) { } _exit(0); }\n"
		     "WAIT_ALL puts(\"done\"); return 0; }\n");
	cr_assert(count_ends(RUN_END_DEADLOCK) == SEEDS);
}

/* Also when it counts its looks, or naps between them. */
HOLDS(waits_for_a_flag_that_comes, "42\n",
	"int main(void) { volatile int *p = share(8); int n = 0;\n"
	"CHILD { sleep(2); p[1] = 42; p[0] = 1; _exit(0); }\n"
	"CHILD { while (!p[0]) usleep(1000); _exit(0); }\n"
	"while (!p[0]) n++;\n"
	"WAIT_ALL printf(\"%d\\n\", p[1]); return n < 0; }\n")

#define COUNTED_RACES(test, condition, text)                                   \
	Test(hooks, test, .fini = release, .timeout = 120)                     \
	{                                                                      \
		size_t races;                                                  \
                                                                               \
		compile_text(text);                                            \
		races = count_races();                                         \
		cr_assert(races condition, "%zu", races);                      \
	}

COUNTED_RACES(sees_a_race_between_processes, > 0,
	"int main(void) { int *p = share(4); CHILD { *p = 1; _exit(0); }\n"
	"*p = 2; WAIT_ALL return 0; }\n")
COUNTED_RACES(what_a_child_did_is_no_race_once_it_is_reaped, == 0,
	"int main(void) { int *p = share(4); *p = 1;\n"
	"CHILD { *p = 2; _exit(0); }\n"
	"WAIT_ALL *p = 3; return 0; }\n")
COUNTED_RACES(what_a_semaphore_orders_is_no_race, == 0,
	"struct s { sem_t ready; int data; };\n"
	"int main(void) { struct s *s = share(sizeof(*s));\n"
	"sem_init(&s->ready, 1, 0);\n"
	"CHILD { s->data = 1; sem_post(&s->ready); _exit(0); }\n"
	"sem_wait(&s->ready); s->data++; WAIT_ALL return 0; }\n")
COUNTED_RACES(what_a_condition_variable_orders_is_no_race, == 0,
	"static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
	"static pthread_cond_t c = PTHREAD_COND_INITIALIZER;\n"
	"static int ready, data;\n"
	"static void *work(void *p) { data = 1; pthread_mutex_lock(&m);\n"
	"  ready = 1; pthread_cond_signal(&c); pthread_mutex_unlock(&m);\n"
	"  return p; }\n"
	"int main(void) { pthread_t t; pthread_create(&t, 0, work, 0);\n"
	"pthread_mutex_lock(&m); while (!ready) pthread_cond_wait(&c, &m);\n"
	"pthread_mutex_unlock(&m); data++; pthread_join(t, 0);\n"
	"return 0; }\n")
COUNTED_RACES(what_an_atomic_flag_orders_is_no_race, == 0,
	"struct s { atomic_int ready; int data; };\n"
	"int main(void) { struct s *s = share(sizeof(*s));\n"
	"CHILD { s->data = 1; s->ready = 1; _exit(0); }\n"
	"while (!s->ready) { } s->data++; WAIT_ALL return 0; }\n")
COUNTED_RACES(a_file_as_a_lock_orders, == 0,
	"#include <fcntl.h>\n"
	"int main(void) { int *p = share(4);\n"
	"for (int i = 0; i < 2; i++) CHILD { int fd;\n"
	"  while ((fd = open(\"lock\", O_CREAT | O_EXCL, 0600)) < 0)\n"
	"    usleep(1000);\n"
	"  ++*p; close(fd); unlink(\"lock\"); _exit(0); }\n"
	"WAIT_ALL return 0; }\n")

Test(hooks, private_memory_is_no_scheduling_point, .fini = release,
	.timeout = 60)
{
	struct run_outcome outcome;

	compile_text("static int all[1000];\n"
		     "int main(void) { int *own = malloc(4000);\n"
		     "for (int i = 0; i < 1000; i++) own[i] = all[i]++;\n"
		     "CHILD { all[0]++; memcpy(own, all, 4000); _exit(0); }\n"
		     "WAIT_ALL puts(\"done\"); return 0; }\n");
	run(SCHEDULE_RANDOM, 1, &outcome);
	cr_assert(count_events(&outcome.trace, EVENT_ACCESS) == 0);
	run_outcome_release(&outcome);
}

/* Two processes, a million accesses: few enough stops to be usable. */
Test(hooks, much_sharing_is_looked_at_in_part, .fini = release, .timeout = 60)
{
	struct run_outcome outcome;
	size_t accesses;

	compile_text("int main(void) { int *p = share(4);\n"
		     "CHILD { for (int i = 0; i < 500000; i++) ++*p;\n"
		     "  _exit(0); }\n"
		     "for (int i = 0; i < 500000; i++) ++*p;\n"
		     "WAIT_ALL puts(\"done\"); return 0; }\n");
	run(SCHEDULE_RANDOM, 1, &outcome);
	accesses = count_events(&outcome.trace, EVENT_ACCESS);
	cr_assert(outcome.end == RUN_END_EXITED);
	cr_assert(accesses > 1000 && accesses < 20000, "%zu", accesses);
	run_outcome_release(&outcome);
}

/* A look in each step, and none of them is waiting. */
Test(hooks, a_computation_on_shared_memory_takes_no_time, .fini = release,
	.timeout = 120)
{
	struct run_outcome outcome;
	auto_free char *output = NULL;

	compile_text("static int all[50000], limit = 300000;\n"
		     "static void *work(void *p) { long sum = 0;\n"
		     "for (int i = 0; i < 50000; i++) sum += all[i];\n"
		     "for (int i = 0; i < limit; i++) sum += i;\n"
		     "printf(\"%ld\\n\", sum); return p; }\n"
		     "int main(void) { pthread_t t[2];\n"
		     "for (int i = 0; i < 2; i++)\n"
		     "  pthread_create(&t[i], 0, work, 0);\n"
		     "for (int i = 0; i < 2; i++) pthread_join(t[i], 0);\n"
		     "return 0; }\n");
	run(SCHEDULE_RANDOM, 1, &outcome);
	output = output_of(&outcome.trace);
	cr_assert(outcome.end == RUN_END_EXITED);
	cr_assert_str_eq(output, "44999850000\n44999850000\n");
	cr_assert(outcome.main_end_us < 1000000, "%ld us",
		(long)outcome.main_end_us);
	cr_assert(count_events(&outcome.trace, EVENT_SPIN) == 0);
	run_outcome_release(&outcome);
}

HOLDS(threads_live_on_when_main_has_ended, "hi 1\n",
	"static int ends[2];\n"
	"static void *work(void *p) { char c; usleep(1000);\n"
	"  pthread_join((pthread_t)p, 0); read(ends[0], &c, 1);\n"
	"  printf(\"hi %d\\n\", c); return 0; }\n"
	"static void *feed(void *p) { char c = 1; sleep(1);\n"
	"  write(ends[1], &c, 1); return p; }\n"
	"int main(void) { pthread_t t; pipe(ends);\n"
	"pthread_create(&t, 0, work, (void *)pthread_self());\n"
	"pthread_create(&t, 0, feed, 0); pthread_exit(0); }\n")

/* Locks without end: 30,000 pairs, and three stops for each would be many. */
Test(hooks, many_locks_are_looked_at_in_part, .fini = release, .timeout = 60)
{
	struct run_outcome outcome;
	auto_free char *output = NULL;

	compile_text("static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
		     "static int count;\n"
		     "static void *work(void *p)\n"
		     "{ for (int i = 0; i < 15000; i++) {\n"
		     "  pthread_mutex_lock(&m); count++;\n"
		     "  pthread_mutex_unlock(&m); } return p; }\n"
		     "int main(void) { pthread_t t[2];\n"
		     "for (int i = 0; i < 2; i++)\n"
		     "  pthread_create(&t[i], 0, work, 0);\n"
		     "for (int i = 0; i < 2; i++) pthread_join(t[i], 0);\n"
		     "printf(\"%d\\n\", count); return 0; }\n");
	run(SCHEDULE_RANDOM, 1, &outcome);
	output = output_of(&outcome.trace);
	cr_assert(outcome.end == RUN_END_EXITED);
	cr_assert_str_eq(output, "30000\n");
	cr_assert(outcome.steps < 20000, "%zu", outcome.steps);
	run_outcome_release(&outcome);
}

Test(hooks, a_program_with_names_of_the_runtime_runs_without, .fini = release,
	.timeout = 60)
{
	struct run_outcome outcome;
	auto_free char *output = NULL;

	compile_text("void __tsan_write4(void *p) { (void)p; }\n"
		     "int main(void) { puts(\"own\"); return 0; }\n");
	cr_assert(program.hooks == 0);
	run(SCHEDULE_RANDOM, 1, &outcome);
	output = output_of(&outcome.trace);
	cr_assert_str_eq(output, "own\n");
	run_outcome_release(&outcome);
}

/* gcc knows the type of strcpy() without a declaration. */
Test(hooks, undeclared_functions_keep_their_types, .fini = release,
	.timeout = 60)
{
	static char name[] = "program.c";
	static char text[] = "int main(void) { char a[40], b[40];\n"
			     "puts(strcat(strcpy(a, \"one\"), \"two\"));\n"
			     "return a == b; }\n";
	struct source_file file = {name, text, sizeof(text) - 1};
	struct run_outcome outcome;
	auto_free char *output = NULL;

	compile_files(&file, 1);
	cr_assert(program.hooks != 0);
	run(SCHEDULE_RUN_TO_BLOCK, 1, &outcome);
	output = output_of(&outcome.trace);
	cr_assert_str_eq(output, "onetwo\n");
	run_outcome_release(&outcome);
}

/* It calls the pseudo calls with rubbish and overwrites the state. */
Test(hooks, forged_calls_do_no_harm, .fini = release, .timeout = 60)
{
	struct run_outcome outcome;
	auto_free char *output = NULL;

	compile_text(
		"extern char grader_hooks_state[552] __attribute__((weak));\n"
		"int main(void) { unsigned long n = 1; int *p = share(4);\n"
		"*p = 1;\n"
		"for (int i = 0; i < 300; i++) { n = n * "
		"6364136223846793005UL\n"
		"  + 1442695040888963407UL;\n"
		"  syscall(26481 + i % 2, i % 3 ? n : (unsigned long)p,\n"
		"    n >> (i % 64), n >> 7); }\n"
		"if (grader_hooks_state) memset(grader_hooks_state, 0xff, "
		"544); ++*p;\n"
		"CHILD { ++*p; _exit(0); } WAIT_ALL\n"
		"puts(\"over\"); return 0; }\n");
	run(SCHEDULE_RANDOM, 1, &outcome);
	output = output_of(&outcome.trace);
	cr_assert(outcome.end == RUN_END_EXITED);
	cr_assert_str_eq(output, "over\n");
	run_outcome_release(&outcome);
}

Test(hooks, a_seed_has_one_trace, .fini = release, .timeout = 120)
{
	compile_text(CROSSWISE);
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct buf texts[2] = {{0}, {0}};

		for (int i = 0; i < 2; i++) {
			struct run_outcome outcome;

			run(SCHEDULE_RANDOM, seed, &outcome);
			trace_json_write(&texts[i], &outcome.trace, NULL, NULL);
			run_outcome_release(&outcome);
		}
		cr_assert_str_eq(texts[0].data, texts[1].data);
		buf_release(&texts[0]);
		buf_release(&texts[1]);
	}
}
