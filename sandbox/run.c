/*
 * One run, from an empty jail to plain values.
 *
 * Tracer and tracees share one processor: a switch between them costs a few
 * microseconds there and ten times that across two.  A timer of real time
 * ticks while the run lasts; it only interrupts waitpid(), so that limits of
 * real resources can be looked at.
 */
#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "run_home.h"
#include "tracer/call_timer.h"
#include "tracer/collect.h"
#include "tracer/engine.h"
#include "tracer/files.h"
#include "tracer/inner_pid.h"
#include "tracer/parallel.h"
#include "tracer/stops.h"
#include "tracer/task.h"
#include "tracer/watch.h"

#define TICK_US 5000

const struct run_limits RUN_LIMITS_DEFAULT = {
	.processes = 64,
	.processes_made = 12000,
	.open_files = 128,
	.virtual_us = INT64_C(600) * 1000000,
	.cpu_us = 4000000,
	.wall_us = 60000000,
	.memory_bytes = INT64_C(256) * 1024 * 1024,
	.disk_bytes = INT64_C(32) * 1024 * 1024,
	.output_bytes = 1024 * 1024,
	.steps = 300000,
	.trace_bytes = 24 << 20,
};

static void set_limits(struct run_limits *to, const struct run_limits *wanted)
{
	const struct run_limits *usual = &RUN_LIMITS_DEFAULT;

#define TAKE(field) to->field = wanted->field ? wanted->field : usual->field
	TAKE(processes);
	TAKE(processes_made);
	TAKE(open_files);
	TAKE(virtual_us);
	TAKE(cpu_us);
	TAKE(wall_us);
	TAKE(memory_bytes);
	TAKE(disk_bytes);
	TAKE(output_bytes);
	TAKE(steps);
	TAKE(trace_bytes);
#undef TAKE
}

static void on_tick(int signal)
{
	(void)signal; /* interrupts waitpid(), no more */
}

struct ticking {
	sigset_t mask;
	struct sigaction action, child;
	struct itimerval timer;
};

/* See wait_ticking() of stops.c. */
static void start_ticking(struct ticking *old)
{
	const struct itimerval timer = {{0, TICK_US}, {0, TICK_US}};
	struct sigaction action;
	sigset_t tick;

	sigemptyset(&tick);
	sigaddset(&tick, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &tick, &old->mask);
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_tick;
	sigaction(SIGALRM, &action, &old->action);
	/* waitpid() tells of each stop; no signal need be made of it too */
	action.sa_handler = SIG_DFL;
	action.sa_flags = SA_NOCLDSTOP;
	sigaction(SIGCHLD, &action, &old->child);
	setitimer(ITIMER_REAL, &timer, &old->timer);
}

static void stop_ticking(const struct ticking *old)
{
	const struct itimerval off = {{0, 0}, {0, 0}};

	setitimer(ITIMER_REAL, &off, NULL);
	sigaction(SIGALRM, &old->action, NULL);
	sigaction(SIGCHLD, &old->child, NULL);
	sigprocmask(SIG_SETMASK, &old->mask, NULL);
	setitimer(ITIMER_REAL, &old->timer, NULL);
}

/*
 * The program's time stamp counter traps (tame.c), which is a bit of control
 * register 4: the kernel writes it at each switch between a task with the
 * trap and one without, and in a virtual machine that leaves the guest (of
 * 19 us a traced stop there 9 were this).  So the tracer gets the trap too,
 * for the time of a run, in which it must not read the counter itself: no
 * clock of the vDSO, see engine_wall_ns().  AddressSanitizer's allocator reads
 * that clock, so a build with it goes without, and is slower.
 */
static void trap_time_stamps(bool on)
{
#if defined(PR_SET_TSC) && !defined(__SANITIZE_ADDRESS__)
	/* EINVAL: a machine without; then the program has no trap either */
	(void)prctl(PR_SET_TSC, on ? PR_TSC_SIGSEGV : PR_TSC_ENABLE);
#else
	(void)on;
#endif
}

/* Nothing of the program is left alive, and nothing of it unreaped. */
static void kill_all(struct engine *engine)
{
	size_t i;

	engine->quiet = true;
	for (i = 0; i < engine->count; i++) {
		struct process *process = engine->tasks[i]->process;

		if (process->number != engine->tasks[i]->number ||
			process->dead)
			continue;
		kill(process->tgid, SIGKILL);
		stops_await_killed(engine, process);
	}
}

static void arm_faults(struct engine *engine)
{
	const struct run_spec *spec = engine->spec;
	size_t i;

	engine->faults_done =
		xcalloc(spec->fault_count, sizeof(*engine->faults_done));
	engine->out->fault_chances =
		xcalloc(spec->fault_count, sizeof(*engine->out->fault_chances));
	for (i = 0; i < spec->fault_count; i++) {
		struct clock_timer *timer;

		if (spec->faults[i].kind != RUN_FAULT_KILL_MAIN &&
			spec->faults[i].kind != RUN_FAULT_LOOK &&
			spec->faults[i].kind != RUN_FAULT_SIGNAL)
			continue;
		if (spec->faults[i].main_ended || spec->faults[i].readable)
			continue;
		timer = clock_timer_find(&engine->clock,
			clock_timer_add(&engine->clock, CLOCK_TIMER_FAULT, 0));
		timer->deadline_ns = spec->faults[i].at_us * 1000;
	}
}

static int run_in_jail(struct engine *engine)
{
	struct run_outcome *out = engine->out;
	struct ticking old;
	int error;

	start_ticking(&old);
	trap_time_stamps(true);
	task_add(engine, NULL, engine->jail->main, false, false);
	engine->main = engine->tasks[0]->process;
	file_note_streams(engine);
	file_watch_start(engine);
	arm_faults(engine);
	instances_arm(engine);
	error = stops_start(engine, engine->jail, engine->tasks[0]);
	if (!error) {
		instances_note(engine, engine->tasks[0], engine->spec->argv);
		error = engine_run(engine);
		collect_files(engine->jail->work_fd,
			file_path_shown(engine->spec->argv[0]), out);
	}
	kill_all(engine);
	trap_time_stamps(false);
	stop_ticking(&old);
	out->choices = engine->schedule.choices;
	out->choice_count = engine->schedule.count;
	out->diverged = engine->schedule.diverged;
	out->profile = engine->schedule.learnt;
	out->widths = engine->schedule.widths;
	engine->schedule.choices = NULL;
	engine->schedule.widths = NULL;
	engine->schedule.learnt = (struct schedule_profile){0};
	out->switches = engine->schedule.switches;
	out->switch_count = engine->schedule.switch_count;
	engine->schedule.switches = NULL;
	out->cpu_us = engine->cpu_ns / 1000;
	return error;
}

static void release_engine(struct engine *engine)
{
	file_watch_end(engine);
	inner_pid_end(engine);
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
	free(engine->streams);
}

static int pin(cpu_set_t *old)
{
	cpu_set_t one;
	int cpu = sched_getcpu();

	if (cpu < 0 || sched_getaffinity(0, sizeof(*old), old) < 0)
		return -1;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return sched_setaffinity(0, sizeof(one), &one) < 0 ? -1 : cpu;
}

/*
 * Programs draw how long they sleep from the time of day, and would draw the
 * same in each schedule.  In numbered orders nothing but the choices differs.
 */
static int64_t run_later_ns(const struct run_spec *spec)
{
	if (spec->policy == SCHEDULE_NUMBERED)
		return 0;
	return (int64_t)schedule_kept_bits(spec->seed) * 1000000000;
}

static int run_streams(const struct jail_context *context,
	const struct run_spec *spec, const struct streams *streams, int cpu,
	struct run_outcome *out, struct err *err)
{
	struct home home;
	struct engine engine = {
		.spec = spec,
		.out = out,
		.jail = &home.jail,
		.jail_spec = &home.spec,
		.err = err,
		.stdin_fd = streams->in,
		.stdout_fd = streams->out,
		.stderr_fd = streams->err,
		.namespace_fd = -1,
		.access_random = spec->seed ^ UINT64_C(0xacce55acce55acce),
		.guest_random = spec->seed ^ UINT64_C(0x5eed5eed5eed5eed),
		.started_ns = engine_wall_ns(),
		.checked_ns = engine_wall_ns(),
		.clock.later_ns = run_later_ns(spec),
		.clock.up_ns = spec->up_us * 1000,
	};
	int error, ended;

	set_limits(&engine.limits, &spec->limits);
	error = home_take(
		context, spec, &engine.limits, streams, cpu, false, &home, err);
	if (error)
		return err_context(err, error, "cannot start the jail");
	schedule_start(&engine.schedule, spec->policy, spec->seed,
		spec->choices, spec->choice_count);
	schedule_inform(&engine.schedule, spec->profile);
	if (spec->learn)
		schedule_learn(&engine.schedule);
	schedule_fix(&engine.schedule, spec->switches, spec->switch_count);
	error = run_in_jail(&engine);
	ended = home_leave(context, &home,
		!error && !engine.had_sysv && !engine.left_zombies, out, err);
	if (!error)
		error = ended;
	out->wall_us = (engine_wall_ns() - engine.started_ns) / 1000;
	release_engine(&engine);
	return error;
}

int run_program(const struct jail_context *context, const struct run_spec *spec,
	struct run_outcome *outcome, struct err *err)
{
	struct streams streams;
	cpu_set_t old;
	int error, cpu;

	memset(outcome, 0, sizeof(*outcome));
	outcome->main_status = -1;
	outcome->buffers_known = spec->streams != 0;
	outcome->trace.seed = spec->seed;
	outcome->trace.policy = xstrdup(schedule_policy_name(spec->policy));
	error = home_open_streams(&streams, spec, err);
	if (!error) {
		cpu = pin(&old);
		error = run_streams(context, spec, &streams, cpu, outcome, err);
		if (cpu >= 0)
			sched_setaffinity(0, sizeof(old), &old);
	}
	home_close_streams(&streams);
	if (error)
		run_outcome_release(outcome);
	return error;
}

/* The jail's namespaces are what keeps signals and files inside. */
static bool is_confined(const struct jail_context *context)
{
	const struct jail_layer_state *layers = jail_layers(context);

	return layers[JAIL_PID_NAMESPACE].on && layers[JAIL_EMPTY_ROOT].on;
}

static int run_streams_parallel(const struct jail_context *context,
	const struct run_spec *spec, const struct streams *streams,
	struct run_outcome *out, struct err *err)
{
	struct home home;
	struct run_limits limits;
	struct parallel run = {
		.spec = spec,
		.limits = &limits,
		.out = out,
		.jail = &home.jail,
		.err = err,
		.stdout_fd = streams->out,
		.stderr_fd = streams->err,
		.drain_fd = streams->drain,
	};
	int error, ended;

	set_limits(&limits, &spec->limits);
	if (limits.wall_us > RUN_PARALLEL_WALL_US)
		limits.wall_us = RUN_PARALLEL_WALL_US;
	error = home_take(
		context, spec, &limits, streams, -1, true, &home, err);
	if (error)
		return err_context(err, error, "cannot start the jail");
	error = parallel_main(&run);
	if (!error)
		collect_files(
			home.jail.work_fd, file_path_shown(spec->argv[0]), out);
	parallel_release(&run);
	ended = home_leave(context, &home, false, out, err);
	out->wall_us = (parallel_wall_ns() - run.started_ns) / 1000;
	return error ? error : ended;
}

int run_parallel(const struct jail_context *context,
	const struct run_spec *spec, struct run_outcome *outcome,
	struct err *err)
{
	struct streams streams;
	int error;

	memset(outcome, 0, sizeof(*outcome));
	if (!is_confined(context))
		return err_set(err, -ENOTSUP,
			"a run without a schedule needs the pid namespace and "
			"the empty root");
	outcome->main_status = -1;
	error = home_open_streams(&streams, spec, err);
	if (!error && streams.drain >= 0 &&
		fcntl(streams.drain, F_SETFL, O_NONBLOCK) < 0)
		error = err_errno(err, -errno, "pipe");
	if (!error)
		error = run_streams_parallel(
			context, spec, &streams, outcome, err);
	home_close_streams(&streams);
	if (error)
		run_outcome_release(outcome);
	return error;
}

bool run_knows_call(const char *name)
{
	for (int number = 0; number < CALL_NUMBERS; number++) {
		const struct call *call = call_find(number);

		if (call && strcmp(call->name, name) == 0)
			return true;
	}
	return false;
}

void run_outcome_release(struct run_outcome *outcome)
{
	size_t i;

	trace_release(&outcome->trace);
	for (i = 0; i < outcome->file_count; i++) {
		free(outcome->files[i].name);
		free(outcome->files[i].data);
	}
	free(outcome->files);
	for (i = 0; i < outcome->left_object_count; i++)
		free(outcome->left_objects[i]);
	free(outcome->left_objects);
	free(outcome->copied);
	free(outcome->choices);
	free(outcome->fault_chances);
	free(outcome->widths);
	schedule_profile_release(&outcome->profile);
	free(outcome->switches);
	memset(outcome, 0, sizeof(*outcome));
}
