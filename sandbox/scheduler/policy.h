/*
 * Scheduling policies: which of the tasks that can run is next.  Pure.
 *
 * SCHEDULE_POLICIES is the one table.  A row: enum suffix, name, what the
 * policy has to know (POLICY_* below), contract.  A policy that needs a
 * profile and has none chooses as random does.
 */
#ifndef SCHEDULER_POLICY_H
#define SCHEDULER_POLICY_H

#define POLICY_OPERATIONS 1u /* what each candidate is about to do */
#define POLICY_PROFILE 2u    /* what happened in the runs it learns from */
#define POLICY_CLOCK 4u      /* it may let the clock advance early */

#define SCHEDULE_POLICIES(X)                                                   \
	X(RUN_TO_BLOCK, "run-to-block", 0,                                     \
		"the running task goes on until it blocks, then the one "      \
		"that was created first: parent first, one schedule")          \
	X(RANDOM, "random", 0,                                                 \
		"at each scheduling point uniform among the tasks that can "   \
		"run, from the seed")                                          \
	X(SITE_FREEZE, "site-freeze",                                          \
		POLICY_OPERATIONS | POLICY_PROFILE | POLICY_CLOCK,             \
		"one task, or all that were created at one place, stops "      \
		"before its shared operations at one place of the program, "   \
		"or where no run was seen before, until nothing else can "     \
		"run, nor the clock advance, up to 32 times at first, half "   \
		"as "                                                          \
		"often at each later stop, 128 times in all; the rest run "    \
		"to block, or by another draw at random")                      \
	X(SURW, "surw", POLICY_OPERATIONS | POLICY_PROFILE,                    \
		"who uses one shared object next is drawn by how often each "  \
		"will still use it, counted in the run-to-block run; the "     \
		"rest run to block, or by another draw at random")             \
	X(STARVE, "starve", POLICY_PROFILE,                                    \
		"one task runs only when no other can; the rest run to "       \
		"block, by another draw the newest first")                     \
	X(POS, "pos", POLICY_OPERATIONS,                                       \
		"the pending operation of the highest random priority; "       \
		"operations that race with the one just run (the same "        \
		"object, one writes) draw theirs anew")                        \
	X(EARLY_CLOCK, "early-clock",                                          \
		POLICY_OPERATIONS | POLICY_PROFILE | POLICY_CLOCK,             \
		"one task is slow from one of its shared operations on: the "  \
		"clock advances, once to 64 times, though it could run; the "  \
		"rest run to block")                                           \
	X(NUMBERED, "numbered", 0,                                             \
		"the seed is the number of the order: a number of mixed "      \
		"radix, its lowest digit the first choice, 0 what "            \
		"run-to-block would choose")

enum schedule_policy {
#define X(suffix, name, needs, contract) SCHEDULE_##suffix,
	SCHEDULE_POLICIES(X)
#undef X
		SCHEDULE_POLICY_COUNT
};

const char *schedule_policy_name(enum schedule_policy policy);
const char *schedule_policy_contract(enum schedule_policy policy);
unsigned schedule_policy_needs(enum schedule_policy policy); /* POLICY_* */
int schedule_policy_by_name(const char *name);               /* -1 unknown */

#endif
