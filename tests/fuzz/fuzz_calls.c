/*
 * The tracer's handlers of system calls, and all that they read of the
 * student's memory: vectors, messages, times, sets, locks, paths, lists.
 *
 * The input is a program of some threads: calls with any arguments and any
 * memory, and what the kernel answered.  They are handled as perform.c does,
 * but for the kernel, which is not asked, and the tracee, which never runs.
 * Whatever the program asks for is no trouble of the grader, and the trace
 * of it can be written and read.
 *
 * Left out are the calls that send signals: their handlers wait for real ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "fuzz.h"
#include "jail/jail.h"
#include "trace/trace_json.h"
#include "tracee.h"
#include "tracer/call_timer.h"
#include "tracer/calls.h"
#include "tracer/hooks.h"
#include "tracer/space.h"
#include "tracer/stores.h"
#include "tracer/task.h"
#include "tracer/wait.h"

#define STEPS_MAX 8
#define AGAIN_MAX 4
#define VIRTUAL_US_MAX INT64_C(1000000000)

struct input {
	const uint8_t *data;
	size_t left;
};

static uint8_t take_byte(struct input *input)
{
	uint8_t byte;

	fuzz_take(&input->data, &input->left, &byte, 1);
	return byte;
}

/* A small number, an address, a number of consequence, or any. */
static uint64_t take_word(struct input *input)
{
	static const uint64_t special[] = {0, UINT64_MAX, INT64_MAX,
		(uint64_t)INT64_MIN, INT32_MAX, (uint32_t)INT32_MIN, UINT32_MAX,
		64, 65, 256, 257, 1024, 1025, 4096, 65536, 33554432};
	uint8_t kind = take_byte(input);
	uint64_t word = 0;

	switch (kind % 4) {
	case 0:
		return (uint64_t)(int64_t)(int8_t)take_byte(input);
	case 1:
		fuzz_take(&input->data, &input->left, &word, 2);
		return TRACEE_MEMORY - 16 + word % (TRACEE_SIZE + 32);
	case 2:
		return special[kind / 4 % (sizeof(special) / sizeof(*special))];
	default:
		fuzz_take(&input->data, &input->left, &word, sizeof(word));
		return word;
	}
}

static bool is_left_out(int number)
{
	switch (number) {
	case SYS_kill:
	case SYS_tkill:
	case SYS_tgkill:
	case SYS_rt_sigqueueinfo:
	case SYS_rt_tgsigqueueinfo:
	case SYS_pidfd_send_signal:
		return true;
	default:
		return false;
	}
}

static const struct call *take_call(struct input *input)
{
	static int numbers[CALL_NUMBERS];
	static size_t count;
	uint8_t which = take_byte(input);

	for (int i = 0; count == 0 || (i > 0 && i < CALL_NUMBERS); i++)
		if (call_find(i) && !is_left_out(i))
			numbers[count++] = i;
	if (which >= count)
		return call_find(which % 2 ? HOOKS_POINT : HOOKS_NOTE);
	return call_find(numbers[which]);
}

/* What perform_read_call() does. */
static void read_call(struct engine *engine, struct task *task,
	const struct call *call, struct input *input)
{
	hooks_settle(engine, task);
	wait_clear(engine, task);
	task->call = call;
	for (int i = 0; i < 6; i++)
		task->args[i] = take_word(input);
	task->regs = (struct user_regs_struct){
		.orig_rax = (unsigned long long)call->number,
		.rdi = task->args[0],
		.rsi = task->args[1],
		.rdx = task->args[2],
		.r10 = task->args[3],
		.r8 = task->args[4],
		.r9 = task->args[5],
		.rsp = TRACEE_MEMORY + TRACEE_SIZE / 2,
	};
	task->state = TASK_AT_CALL;
	task->operation_known = false;
	task->io_done = 0;
	task->behind = false;
	if (call->number != HOOKS_POINT)
		stores_drop(task);
}

static void hold(struct engine *engine, struct task *task)
{
	struct event event = task_event(engine, EVENT_WAIT, task);

	task->state = TASK_AT_CALL;
	event.call = task->call->name;
	event.object = task->wait.object;
	event.other = task->wait.holder;
	engine_event(engine, &event);
	task->wait.started = true;
}

static void finish(struct engine *engine, struct task *task)
{
	task->state = TASK_READY;
	wait_clear(engine, task);
}

/* The kernel has answered; true when it is to be entered again at once. */
static bool leave(struct engine *engine, struct task *task, long result)
{
	enum exit_action action = EXIT_ON;

	task->result = result;
	task->state = TASK_READY;
	if (task->call->exit)
		action = task->call->exit(engine, task, result);
	if (action == EXIT_AGAIN && !engine->stop)
		return true;
	task->behind = action == EXIT_HOLD;
	if (action == EXIT_BLOCK || action == EXIT_HOLD)
		hold(engine, task);
	else
		finish(engine, task);
	return false;
}

#define SEMAPHORE_MAX 32767 /* SEMVMX, of the kernel */

/* The kernel's answer, such as it can be: a descriptor that is there. */
static long take_result(const struct task *task, struct input *input)
{
	long result = (long)take_word(input);

	if (result < 0)
		return result;
	switch (task->call->number) {
	case SYS_open:
	case SYS_openat:
	case SYS_creat:
	case SYS_mq_open:
		return result % TRACEE_FILES;
	case SYS_timerfd_create:
		return TRACEE_TIMER;
	case SYS_semop:
	case SYS_semtimedop: /* or the value that was asked for */
		return result % (SEMAPHORE_MAX + 1);
	default:
		return result;
	}
}

/* What perform_call() does. */
static void perform(
	struct engine *engine, struct task *task, struct input *input)
{
	struct schedule_candidate candidate;
	enum call_action action;
	int round = 0;

	do {
		if (engine->delayed_stores > 0 &&
			task->call->number != HOOKS_POINT)
			stores_arrive_all(engine);
		operation_describe(engine, task, &candidate);
		wait_drop_polls(&task->wait);
		task->run_changed = false;
		task->run = task->regs;
		action = task->call->enter(engine, task);
		if (engine->stop)
			return;
		if (action == CALL_EARLY)
			stores_delay(engine, task);
		if (action == CALL_BLOCK) {
			hold(engine, task);
			return;
		}
		if (action != CALL_RUN) {
			finish(engine, task);
			return;
		}
	} while (leave(engine, task, take_result(task, input)) &&
		 round++ < AGAIN_MAX);
}

/* A signal came: what exit_interrupted() of perform.c does. */
static void interrupt(struct engine *engine, struct task *task)
{
	struct event event = task_event(engine, EVENT_WAKE, task);

	if (task->call->interrupted)
		task->call->interrupted(engine, task);
	task->wait.started = false;
	event.value = 2;
	event.object = task->wait.object;
	event.call = task->call->name;
	engine_event(engine, &event);
	finish(engine, task);
}

/* Its wait is over, in one of the ways in which it may be. */
static void wake(struct engine *engine, struct task *task, struct input *input)
{
	struct wait *wait = &task->wait;
	uint8_t how = take_byte(input);

	if (task->behind) {
		if (fifo_reader_released(task))
			finish(engine, task);
		return;
	}
	if (how % 4 == 3) {
		interrupt(engine, task);
		return;
	}
	wait->woken = WAKE_READY;
	if (how % 4 == 1 && wait->deadline_ns / 1000 <= VIRTUAL_US_MAX) {
		if (wait->deadline_ns > engine->clock.now_ns)
			clock_advance(&engine->clock, wait->deadline_ns);
		timers_expire(engine);
		wait->woken = WAKE_TIMEOUT;
	}
	perform(engine, task, input);
}

static void step(struct engine *engine, struct input *input)
{
	struct task *task = engine->tasks[take_byte(input) % engine->count];

	engine->running = task;
	engine->current = task->number;
	engine->slices++;
	if (task->state == TASK_AT_CALL && task->wait.kind != WAIT_NONE) {
		wake(engine, task, input);
		return;
	}
	read_call(engine, task, take_call(input), input);
	perform(engine, task, input);
}

/* main, a thread of it, and a child with a memory of its own. */
static void add_tasks(struct engine *engine, pid_t pid)
{
	struct task *main = task_add(engine, NULL, pid, false, false);

	engine->main = main->process;
	task_add(engine, main, pid, true, true);
	task_add(engine, main, pid, false, false);
	for (size_t i = 0; i < engine->count; i++) {
		struct event event = task_event(engine, EVENT_FORK, main);

		engine->tasks[i]->inner_tid = (pid_t)i + 2;
		event.other = (int)i;
		event.value = i == 1;
		event.call = "clone";
		if (i > 0)
			engine_event(engine, &event);
	}
}

static void check_trace(const struct trace *trace)
{
	struct buf once = {0}, twice = {0};
	struct trace again;
	struct err err;

	trace_json_write(&once, trace, NULL, NULL);
	if (trace_json_read(&again, once.data, once.length, "trace", &err)) {
		fputs(err.text, stderr);
		assert(!"the trace is read again");
	}
	trace_json_write(&twice, &again, NULL, NULL);
	assert(once.length == twice.length);
	assert(!memcmp(once.data, twice.data, once.length));
	trace_release(&again);
	buf_release(&once);
	buf_release(&twice);
}

/* As run.c does at the end of a run. */
static void release(struct engine *engine)
{
	timers_free(engine);
	task_free_all(engine);
	names_release(&engine->names);
	names_release(&engine->objects);
	clock_release(&engine->clock);
	schedule_release(&engine->schedule);
	free(engine->locks);
	free(engine->sysv.objects);
	space_release(&engine->space);
	free(engine->faults_done);
	run_outcome_release(engine->out);
}

static void run(const struct tracee *tracee, const struct run_spec *spec,
	bool is_checked, struct input *input)
{
	static struct jail jail = {.work_fd = -1};
	struct run_outcome out = {0};
	struct err err = {{0}};
	struct engine engine = {
		.spec = spec,
		.out = &out,
		.jail = &jail,
		.err = &err,
		.stdout_fd = tracee->files[TRACEE_STDOUT],
		.stderr_fd = tracee->files[TRACEE_STDERR],
		.limits = {.processes = 9,
			.virtual_us = VIRTUAL_US_MAX,
			.memory_bytes = 1 << 20,
			.disk_bytes = 1 << 20,
			.output_bytes = 1 << 14,
			.steps = 1000},
	};

	if (jail.work_fd < 0)
		jail.work_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	out.fault_chances =
		xcalloc(spec->fault_count, sizeof(*out.fault_chances));
	engine.faults_done =
		xcalloc(spec->fault_count, sizeof(*engine.faults_done));
	schedule_start(&engine.schedule, SCHEDULE_POS, 1, NULL, 0);
	add_tasks(&engine, tracee->pid);
	for (int i = 0; i < STEPS_MAX && input->left > 0 && !engine.stop; i++)
		step(&engine, input);
	if (engine.error) {
		fputs(err.text, stderr);
		assert(!"no trouble of the grader");
	}
	if (is_checked) /* it costs as much as all the rest */
		check_trace(&out.trace);
	release(&engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tracee *tracee = tracee_get();
	struct run_fault faults[] = {
		{.kind = RUN_FAULT_SHORT_READ, .repeat = true},
		{.kind = RUN_FAULT_SHORT_WRITE, .bytes = 2},
		{.kind = RUN_FAULT_ENOSPC, .nth = 3},
	};
	struct run_spec spec = {
		.faults = faults,
		.hooks = TRACEE_MEMORY + 4096,
		.allow_unix_sockets = true,
	};
	struct input input = {data, size};
	uint8_t options = take_byte(&input);
	uint16_t memory;

	spec.fault_count = options & 3;
	spec.stdout_kind = options & 4 ? RUN_STDOUT_PIPE : RUN_STDOUT_TERMINAL;
	spec.store_buffer = options & 8;
	spec.some_accesses = options & 16;
	fuzz_take(&input.data, &input.left, &memory, 2);
	memset((void *)TRACEE_MEMORY, options & 32 ? 0 : 'a', TRACEE_SIZE);
	memory = (uint16_t)(memory % (TRACEE_SIZE / 2));
	if (memory > input.left)
		memory = (uint16_t)input.left;
	fuzz_take(&input.data, &input.left, (void *)TRACEE_MEMORY, memory);
	/* the same up to the end, where the memory ends */
	memcpy((void *)(TRACEE_MEMORY + TRACEE_SIZE - memory),
		(void *)TRACEE_MEMORY, memory);
	tracee_reset(tracee);
	run(tracee, &spec, (options & 192) == 192, &input);
	return 0;
}
