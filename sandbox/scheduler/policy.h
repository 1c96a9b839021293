/*
 * Scheduling policies: which of the tasks that can run is next.  Pure.
 *
 * SCHEDULE_POLICIES is the one table.  A row: enum suffix, name, contract.
 */
#ifndef SCHEDULER_POLICY_H
#define SCHEDULER_POLICY_H

#define SCHEDULE_POLICIES(X)                                                   \
	X(RUN_TO_BLOCK, "run-to-block",                                        \
		"the running task goes on until it blocks, then the one "      \
		"that was created first: parent first, one schedule")          \
	X(RANDOM, "random",                                                    \
		"at each scheduling point uniform among the tasks that can "   \
		"run, from the seed")

enum schedule_policy {
#define X(suffix, name, contract) SCHEDULE_##suffix,
	SCHEDULE_POLICIES(X)
#undef X
		SCHEDULE_POLICY_COUNT
};

const char *schedule_policy_name(enum schedule_policy policy);
const char *schedule_policy_contract(enum schedule_policy policy);
int schedule_policy_by_name(const char *name); /* -1 unknown */

#endif
