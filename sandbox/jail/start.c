/*
 * The init makes the file tree, starts main, drops every descriptor but its
 * channel (or it would keep the program's pipes open) and waits there for what
 * the supervisor asks next (jail/request.h).  It ignores SIGCHLD, so the kernel
 * reaps the orphans by itself and the init never runs while the program does.
 *
 * Main prepares all that can be prepared, reports its existence with the
 * descriptors of the tree (the kernel adds its pid, translated for the
 * receiver), waits for one message, then loads the filter and executes.  The
 * filter comes last because it would refuse the steps before it; execve()
 * itself already passes through it and is seen by the tracer.
 */
#define _GNU_SOURCE
#include "jail/start.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail/child.h"
#include "jail/landlock.h"
#include "jail/left.h"
#include "jail/request.h"

enum {
	FD_MAIN = 3,
	FD_INIT,
	FD_PROGRAM,
	FD_NUMBERS = FD_PROGRAM, /* when the program is copied */
	FD_COUNT
};

#define OPEN_FILES 128
#define STACK_BYTES (8 << 20)
#define LOCKED_BYTES (64 << 10)
#define QUEUE_BYTES (800 << 10)
#define PROCESS_SLACK 16

static void set_limits(const struct jail_spec *spec)
{
	child_limit(FD_MAIN, RLIMIT_NPROC, spec->processes + PROCESS_SLACK,
		"limit of processes");
	child_limit(FD_MAIN, RLIMIT_NOFILE,
		spec->open_files > 0 ? spec->open_files : OPEN_FILES,
		"limit of open files");
	child_limit(FD_MAIN, RLIMIT_STACK, STACK_BYTES, "limit of the stack");
	child_limit(FD_MAIN, RLIMIT_MEMLOCK, LOCKED_BYTES,
		"limit of locked memory");
	child_limit(FD_MAIN, RLIMIT_MSGQUEUE, QUEUE_BYTES,
		"limit of message queues");
	/* 0 would still start a helper that the host set in core_pattern. */
	child_limit(FD_MAIN, RLIMIT_CORE, 1, "limit of core files");
	if (spec->file_bytes > 0)
		child_limit(FD_MAIN, RLIMIT_FSIZE, spec->file_bytes,
			"limit of file size");
	if (spec->cpu_seconds > 0)
		child_limit(FD_MAIN, RLIMIT_CPU, spec->cpu_seconds,
			"limit of CPU time");
	if (spec->address_space_bytes > 0)
		child_limit(FD_MAIN, RLIMIT_AS, spec->address_space_bytes,
			"limit of address space");
}

static void restrict_files(const struct start *start)
{
	const struct landlock_grant in_root[] = {
		{"/", LANDLOCK_LOOK},
		{"/bin", LANDLOCK_LOOK | LANDLOCK_RUN},
		{"/work", LANDLOCK_LOOK | LANDLOCK_WRITE},
		{"/tmp", LANDLOCK_LOOK | LANDLOCK_WRITE},
		{"/dev", LANDLOCK_DEVICE},
		{"/dev/shm", LANDLOCK_LOOK | LANDLOCK_WRITE},
		/* the folder that mq_open() itself works in */
		{"/dev/mqueue", LANDLOCK_LOOK | LANDLOCK_WRITE},
		{NULL, 0},
	};
	const struct landlock_grant in_folder[] = {
		{"../bin", LANDLOCK_LOOK | LANDLOCK_RUN},
		{".", LANDLOCK_LOOK | LANDLOCK_WRITE},
		{"/dev/null", LANDLOCK_DEVICE},
		{"/dev/zero", LANDLOCK_DEVICE},
		{"/dev/full", LANDLOCK_DEVICE},
		{"/dev/random", LANDLOCK_DEVICE},
		{"/dev/urandom", LANDLOCK_DEVICE},
		{"/dev/shm", LANDLOCK_LOOK | LANDLOCK_WRITE},
		{"/dev/mqueue", LANDLOCK_LOOK | LANDLOCK_WRITE},
		{ROOT_LOCALE, LANDLOCK_LOOK},
		{NULL, 0},
	};
	int r;

	if (!layer_on(start->context, JAIL_LANDLOCK))
		return;
	r = landlock_restrict(start->context->landlock_abi,
		start->plan.mounts ? in_root : in_folder);
	if (r < 0) {
		errno = -r;
		child_fail(FD_MAIN, "Landlock");
	}
}

/* The tracer answers the instruction that reads the time stamp. */
static void trap_time_stamps(void)
{
#ifdef PR_SET_TSC
	if (prctl(PR_SET_TSC, PR_TSC_SIGSEGV) && errno != EINVAL)
		child_fail(FD_MAIN, "time stamp counter");
#endif
}

/* What must not differ between two runs of the same program. */
static void fix_environment(void)
{
	if (personality(ADDR_NO_RANDOMIZE) < 0)
		child_fail(FD_MAIN, "fixed addresses");
	trap_time_stamps();
}

static void announce_main(const struct root_fds *tree)
{
	const struct channel_message here = {0};
	int fds[] = {tree->work, tree->shm, tree->root};
	int r, count = 0;

	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			count++;
	r = channel_send(FD_MAIN, &here, fds, count);
	if (r < 0)
		_exit(123);
	syscall(SYS_close_range, FD_MAIN + 1U, ~0U, 0);
}

static void wait_for_release(void)
{
	struct channel_message release;

	if (channel_receive(FD_MAIN, &release, NULL, NULL, 0, 0) < 0)
		_exit(124);
}

static _Noreturn void run_main(
	const struct start *start, const struct root_fds *tree)
{
	static char path[] = "PATH=/bin", language[] = "LANG=C.UTF-8";
	static char zone[] = "TZ=UTC0";
	char home[sizeof(start->home)];
	char *const environment[] = {path, language, home, zone, NULL};
	char *const *argv;
	int r;

	if (!(start->namespaces & CLONE_NEWPID) &&
		prctl(PR_SET_PDEATHSIG, SIGKILL))
		child_fail(FD_MAIN, "parent death signal");
	if (setsid() < 0)
		child_fail(FD_MAIN, "setsid");
	fix_environment();
	set_limits(start->spec);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		child_fail(FD_MAIN, "no_new_privs");
	restrict_files(start);
	announce_main(tree);
	wait_for_release();
	r = filter_load(start->filter);
	if (r < 0) {
		errno = -r;
		child_fail(FD_MAIN, "system call filter");
	}
	/* execve() takes it without const, and does not write. */
	memcpy(&argv, &start->spec->argv, sizeof(argv));
	memcpy(home, start->home, sizeof(home));
	execve(start->program_path, argv, environment);
	child_fail(FD_MAIN, "execve");
}

static void pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		child_fail(FD_MAIN, "CPU affinity");
}

/*
 * Processes are numbered from 2 on, in each run: the program may show them.
 * False: the kernel does not let us say which number was the last.
 */
static bool number_from_two(void)
{
	return pwrite(FD_NUMBERS, "1", 1, 0) == 1;
}

static int do_nothing(void *argument)
{
	(void)argument;
	return 0;
}

/* Processes that end at once take the numbers from 2 up to main's. */
static void skip_numbers(int first)
{
	static char stack[16 * 1024] __attribute__((aligned(16)));

	for (int number = 2; number < first; number++)
		if (clone(do_nothing, stack + sizeof(stack),
			    CLONE_VM | CLONE_VFORK | SIGCHLD, NULL) < 0)
			child_fail(FD_MAIN, "process numbers");
}

/*
 * The init ignores it all the time, so that nobody stays its zombie however
 * seldom it runs; main does not inherit that.
 */
static void ignore_children(bool ignored)
{
	const struct sigaction action = {
		.sa_handler = ignored ? SIG_IGN : SIG_DFL,
	};

	sigaction(SIGCHLD, &action, NULL);
}

struct main_start {
	const struct start *start;
	const struct root_fds *tree;
	int number; /* that it has to have, 0: any */
};

/*
 * A process that has ended is nobody's child a moment before its number is
 * free.  One of those that skip_numbers() made may be in that moment when the
 * jail is found empty, and would shift the numbers of the next run.
 */
static int enter_main(void *argument)
{
	const struct main_start *main = argument;

	ignore_children(false);
	if (main->number && getpid() != main->number) {
		errno = EAGAIN;
		child_fail(FD_MAIN, "process numbers");
	}
	run_main(main->start, main->tree);
}

/*
 * The copy of the supervisor that the init is would have to be copied, and
 * freed again at the exec.  So main shares it, and the init waits for the
 * exec, or for main's end.
 */
static void fork_main(
	const struct start *start, const struct root_fds *tree, int number)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	struct main_start main = {start, tree, number};

	if (clone(enter_main, stack + sizeof(stack),
		    CLONE_VM | CLONE_VFORK | SIGCHLD, &main) < 0)
		child_fail(FD_MAIN, "fork of main");
}

/* Main runs the program, or ended; keeps nothing of its descriptors. */
static void let_main_go(void)
{
	syscall(SYS_close_range, 0U, FD_INIT - 1U, 0);
	syscall(SYS_close_range, FD_COUNT, ~0U, 0);
}

/*
 * The next start in an emptied jail, or one more in the jail as it is: that
 * finds the files as they are, and its number is the next.
 */
static void start_again(const struct start *first,
	const struct request *request, const int received[REQUEST_FDS])
{
	struct jail_spec spec = *first->spec;
	struct start start = *first;
	struct root_fds tree;
	int number = 0;
	/* not every jail can say how processes are numbered */
	int fds[FD_COUNT],
		count = fcntl(FD_NUMBERS, F_GETFD) < 0 ? FD_NUMBERS : FD_COUNT;

	memcpy(fds, received, sizeof(int) * REQUEST_FDS);
	for (int i = FD_INIT; i < count; i++)
		fds[i] = i;
	child_arrange_fds(received[FD_MAIN], fds, count, FD_MAIN);
	spec.argv = request->argv;
	spec.files = start.plan.files = request->files;
	spec.file_count = start.plan.file_count = request->file_count;
	spec.cpu = request->cpu;
	start.spec = &spec;
	pin(spec.cpu);
	if (request->kind == REQUEST_NEXT)
		root_refill(&start.plan, &tree);
	else
		root_enter(&start.plan, &tree);
	if (request->kind == REQUEST_NEXT) {
		if (!number_from_two())
			child_fail(FD_MAIN, "process numbers");
		skip_numbers(request->first_pid);
		number = request->first_pid > 2 ? request->first_pid : 2;
	}
	fork_main(&start, &tree, number);
	let_main_go();
}

/* No process but this one is left: those that are cannot become others'. */
static bool is_alone(void)
{
	return waitpid(-1, NULL, WNOHANG | __WALL) < 0 && errno == ECHILD;
}

static void answer(enum request_kind kind, bool reusable)
{
	static struct request_answer reply;

	reply.length = left_in_namespace(reply.left, sizeof(reply.left));
	reply.empty = kind == REQUEST_EMPTY && reusable && is_alone() &&
		      !reply.length && root_empty();
	send(FD_INIT, &reply,
		offsetof(struct request_answer, left) + reply.length,
		MSG_NOSIGNAL);
}

/* Does what the supervisor asks, until it ends or its end is asked for. */
static _Noreturn void serve(const struct start *start, bool reusable)
{
	static char bytes[REQUEST_MAX];
	static struct request request;
	int fds[REQUEST_FDS], received;

	for (;;) {
		ssize_t n = channel_receive_data(FD_INIT, bytes, sizeof(bytes),
			NULL, fds, REQUEST_FDS, &received, 0);

		if (n < 0 || !request_read(&request, bytes, (size_t)n))
			_exit(0);
		if (request.kind == REQUEST_NEXT ||
			request.kind == REQUEST_MORE) {
			if (received != REQUEST_FDS)
				_exit(0);
			start_again(start, &request, fds);
			continue;
		}
		if (request.kind == REQUEST_END &&
			start->namespaces & CLONE_NEWPID)
			kill(-1, SIGKILL);
		answer(request.kind, reusable);
		if (request.kind == REQUEST_END)
			_exit(0);
	}
}

/* Set before /proc/sys is out of sight; -1 where the kernel has none. */
static int open_numbers(void)
{
	return open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
}

void start_init(void *argument)
{
	struct start *start = argument;
	const struct jail_spec *spec = start->spec;
	int fds[FD_COUNT] = {spec->stdin_fd, spec->stdout_fd, spec->stderr_fd,
		start->main_end, start->init_end, spec->program_fd};
	struct root_fds tree;
	bool reusable;
	int numbers;

	child_arrange_fds(start->main_end, fds, FD_COUNT, FD_MAIN);
	child_reset_signals();
	child_die_with_parent(FD_MAIN);
	ignore_children(true);
	child_clean_arguments("jail-init");
	if (setsid() < 0)
		child_fail(FD_MAIN, "setsid");
	pin(spec->cpu);
	if (start->namespaces & CLONE_NEWUSER)
		child_map_identity(FD_MAIN, &start->identity);
	if (!(start->namespaces & CLONE_NEWPID) &&
		prctl(PR_SET_CHILD_SUBREAPER, 1))
		child_fail(FD_MAIN, "child subreaper");
#ifndef __SANITIZE_ADDRESS__
	/* main inherits it; and a switch between who has the trap and who has
	   not is dear, see run.c: so the init, which needs no time, has it */
	trap_time_stamps();
#endif
	if (start->namespaces & CLONE_NEWUTS && sethostname("jail", 4))
		child_fail(FD_MAIN, "sethostname");
	start->plan.channel = FD_MAIN;
	start->plan.program_fd = FD_PROGRAM;
	numbers = start->namespaces & CLONE_NEWPID ? open_numbers() : -1;
	root_build(&start->plan, &tree);
	/* The program is copied; its descriptor's place is for the numbers. */
	close(FD_PROGRAM);
	if (numbers >= 0 && dup3(numbers, FD_NUMBERS, O_CLOEXEC) < 0)
		child_fail(FD_MAIN, "descriptors");
	reusable = numbers >= 0 && start->plan.mounts && number_from_two();
	skip_numbers(spec->first_pid);
	fork_main(start, &tree, 0);
	let_main_go();
	serve(start, reusable);
}
