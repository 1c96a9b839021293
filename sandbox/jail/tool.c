/*
 * A tool gets the same kind of jail as a program, with the host's compilers
 * and libraries bound read-only instead of a copied program, and with nobody
 * tracing it: what the policy would have the engine model runs free.
 *
 * Of /usr only the folders are there that hold programs, libraries and
 * headers, because an exercise with its solutions may be installed in
 * /usr/local or /usr/share, and __has_include() sees what it may not read.
 *
 * The init waits for the tool, copies the output into a memfd that the
 * supervisor made, and sends the tool's status; the supervisor then kills it
 * with whatever the tool left running.  The log is drained to the end however
 * long it is: a tool that finds its pipe closed would fail for a reason of
 * ours.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "jail/child.h"
#include "jail/context.h"
#include "jail/folder.h"
#include "jail/jail.h"
#include "jail/landlock.h"
#include "jail/root.h"

enum { FD_LOG = 1, FD_CHANNEL = 3, FD_OUTPUT, FD_COUNT };

#define TOOL_PROCESSES 64
#define TOOL_OPEN_FILES 256
#define TOOL_STACK (64 << 20)
#define FOLDER_MAX 16

struct tool_start {
	const struct jail_context *context;
	const struct jail_tool *tool;
	unsigned namespaces;
	struct child_identity identity;
	int log[2], channel[2];
	int input, output; /* /dev/null and the memfd */
	char program[512]; /* argv[0] without symbolic links */
	char *folders[FOLDER_MAX + 1];
	char temporary[320]; /* "TMPDIR=..." */
	struct root_plan plan;
	char *host_folder;
};

/* What the init sends in a message's text when the tool has ended. */
struct tool_end {
	int status; /* as wait() gives it */
	int64_t cpu_us;
};

static void set_limits(const struct jail_tool *tool)
{
	child_limit(
		FD_CHANNEL, RLIMIT_NPROC, TOOL_PROCESSES, "limit of processes");
	child_limit(FD_CHANNEL, RLIMIT_NOFILE, TOOL_OPEN_FILES,
		"limit of open files");
	child_limit(FD_CHANNEL, RLIMIT_STACK, TOOL_STACK, "limit of the stack");
	child_limit(FD_CHANNEL, RLIMIT_CORE, 1, "limit of core files");
	child_limit(FD_CHANNEL, RLIMIT_FSIZE, tool->file_bytes,
		"limit of file size");
	child_limit(
		FD_CHANNEL, RLIMIT_CPU, tool->cpu_seconds, "limit of CPU time");
	child_limit(FD_CHANNEL, RLIMIT_AS, tool->address_space_bytes,
		"limit of address space");
}

static void restrict_files(const struct tool_start *start)
{
	struct landlock_grant grants[FOLDER_MAX + 5] = {{NULL, 0}};
	size_t count = 0;
	int r;

	if (!layer_on(start->context, JAIL_LANDLOCK))
		return;
	for (size_t i = 0; start->folders[i]; i++)
		grants[count++] = (struct landlock_grant){
			start->folders[i], LANDLOCK_LOOK | LANDLOCK_RUN};
	grants[count++] =
		(struct landlock_grant){".", LANDLOCK_LOOK | LANDLOCK_WRITE};
	grants[count++] = (struct landlock_grant){
		"../tmp", LANDLOCK_LOOK | LANDLOCK_WRITE};
	grants[count] = (struct landlock_grant){"/dev/null", LANDLOCK_DEVICE};
	r = landlock_restrict(start->context->landlock_abi, grants);
	if (r < 0) {
		errno = -r;
		child_fail(FD_CHANNEL, "Landlock");
	}
}

static _Noreturn void run_tool(const struct tool_start *start)
{
	static char path[] = "PATH=/usr/bin", locale[] = "LC_ALL=C.UTF-8";
	static char epoch[] = "SOURCE_DATE_EPOCH=0"; /* for __DATE__ */
	/* a compiler that starts anew spends much on the faults of its heap */
	static char pages[] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";
	char temporary[sizeof(start->temporary)];
	char *const environment[] = {
		path, locale, temporary, epoch, pages, NULL};
	char *const *argv;
	int r;

	set_limits(start->tool);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		child_fail(FD_CHANNEL, "no_new_privs");
	restrict_files(start);
	r = filter_load(&start->context->filters[FILTER_TOOL]);
	if (r < 0) {
		errno = -r;
		child_fail(FD_CHANNEL, "system call filter");
	}
	memcpy(&argv, &start->tool->argv, sizeof(argv));
	memcpy(temporary, start->temporary, sizeof(temporary));
	execve(start->program, argv, environment);
	child_fail(FD_CHANNEL, start->program);
}

/* A regular file only: the tool was attacked, and chose what is there. */
static void copy_output(const struct jail_tool *tool)
{
	struct stat status;
	int fd = open(tool->output_name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int r;

	if (fd < 0)
		return;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode) &&
		status.st_size <= tool->file_bytes) {
		r = child_copy(fd, FD_OUTPUT, status.st_size);
		if (r < 0) {
			errno = -r;
			child_fail(FD_CHANNEL, "copy of the output");
		}
	}
	close(fd);
}

static int64_t microseconds(const struct timeval *time)
{
	return (int64_t)time->tv_sec * 1000000 + time->tv_usec;
}

static _Noreturn void wait_for_tool(const struct jail_tool *tool, pid_t pid)
{
	struct channel_message message = {0};
	struct tool_end end = {0};
	struct rusage usage;
	pid_t ended;

	do {
		ended = wait4(-1, &end.status, 0, &usage);
	} while (ended != pid && (ended > 0 || errno == EINTR));
	if (ended < 0)
		child_fail(FD_CHANNEL, "wait for the tool");
	/* The usage of the tool with all that it waited for itself. */
	end.cpu_us =
		microseconds(&usage.ru_utime) + microseconds(&usage.ru_stime);
	if (WIFEXITED(end.status) && !WEXITSTATUS(end.status) &&
		tool->output_name)
		copy_output(tool);
	memcpy(message.what, &end, sizeof(end));
	channel_send(FD_CHANNEL, &message, NULL, 0);
	/*
	 * Until the supervisor has killed what the tool left running: without a
	 * pid namespace that is found by its being below this process.
	 */
	for (;;)
		if (wait(NULL) < 0 && errno == ECHILD)
			pause();
}

static void start_tool_init(void *argument)
{
	const struct tool_start *start = argument;
	int fds[FD_COUNT] = {start->input, start->log[1], start->log[1],
		start->channel[1], start->output};
	struct root_plan plan = start->plan;
	struct root_fds tree;
	long pid;

	child_arrange_fds(start->channel[1], fds, FD_COUNT, FD_CHANNEL);
	child_reset_signals();
	child_die_with_parent(FD_CHANNEL);
	child_clean_arguments("jail-init");
	if (setsid() < 0)
		child_fail(FD_CHANNEL, "setsid");
	if (start->namespaces & CLONE_NEWUSER)
		child_map_identity(FD_CHANNEL, &start->identity);
	if (!(start->namespaces & CLONE_NEWPID) &&
		prctl(PR_SET_CHILD_SUBREAPER, 1))
		child_fail(FD_CHANNEL, "child subreaper");
	plan.channel = FD_CHANNEL;
	root_build(&plan, &tree);
	pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid < 0)
		child_fail(FD_CHANNEL, "fork of the tool");
	if (!pid)
		run_tool(start);
	syscall(SYS_close_range, 0U, FD_LOG + 1U, 0);
	wait_for_tool(start->tool, (pid_t)pid);
}

static void add_folder(struct tool_start *start, char *path)
{
	size_t count = 0;

	while (start->folders[count])
		count++;
	if (count < FOLDER_MAX)
		start->folders[count] = path;
	else
		free(path);
}

/* The system's own, and the tool's where it is installed elsewhere. */
static int find_folders(struct tool_start *start, struct err *err)
{
	static const char *const system_folders[] = {"/usr/bin", "/usr/lib",
		"/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/include",
		"/lib", "/lib32", "/lib64"};
	static const char *const parts[] = {
		"bin", "lib", "lib64", "libexec", "include"};
	auto_free char *real = realpath(start->tool->argv[0], NULL);
	char *slash;

	if (!real || strlen(real) >= sizeof(start->program))
		return err_errno(
			err, -errno, "tool '%s'", start->tool->argv[0]);
	memcpy(start->program, real, strlen(real) + 1);
	for (size_t i = 0; i < sizeof(system_folders) / sizeof(char *); i++)
		add_folder(start, xstrdup(system_folders[i]));
	for (int i = 0; i < 2; i++) {
		slash = strrchr(real, '/');
		if (slash)
			*slash = '\0';
	}
	if (!*real || !strcmp(real, "/usr"))
		return 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(char *); i++)
		add_folder(start, xasprintf("%s/%s", real, parts[i]));
	return 0;
}

static void plan_tree(struct tool_start *start)
{
	struct root_plan *plan = &start->plan;
	const struct jail_tool *tool = start->tool;
	long long size = 2 * tool->file_bytes + (16 << 20);

	for (size_t i = 0; i < tool->input_count; i++)
		size += (long long)tool->inputs[i].length;
	plan->mounts = layer_on(start->context, JAIL_EMPTY_ROOT);
	plan->folder = start->host_folder;
	plan->files = tool->inputs;
	plan->file_count = tool->input_count;
	plan->file_mode = 0444;
	plan->program_fd = -1;
	plan->host_folders = (const char *const *)start->folders;
	snprintf(plan->tmpfs_options, sizeof(plan->tmpfs_options),
		"mode=0755,size=%lld,nr_inodes=4096", size);
	snprintf(start->temporary, sizeof(start->temporary), "TMPDIR=%s/tmp",
		start->host_folder ? start->host_folder : "");
}

static int prepare(struct tool_start *start, struct err *err)
{
	int r = find_folders(start, err);

	if (r < 0)
		return r;
	start->identity = child_identity();
	/* The filter refuses sockets; see jail.h for the network. */
	start->namespaces =
		start->context->namespaces & ~(unsigned)CLONE_NEWNET;
	if (!layer_on(start->context, JAIL_EMPTY_ROOT)) {
		r = folder_new(&start->host_folder, &start->identity, err);
		if (r < 0)
			return r;
	}
	plan_tree(start);
	r = channel_new(start->channel);
	if (r < 0)
		return err_errno(err, r, "channel to the tool's jail");
	start->input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	start->output = memfd_create("output", MFD_CLOEXEC);
	if (start->input < 0 || start->output < 0 ||
		pipe2(start->log, O_CLOEXEC))
		return err_errno(err, -errno, "descriptors for the tool");
	fcntl(start->log[0], F_SETFL, O_NONBLOCK);
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads what there is; false at the end of the pipe. */
static bool drain_log(int fd, size_t limit, struct jail_tool_result *result)
{
	char bytes[16384];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		size_t room = limit - result->log.length;
		size_t take = (size_t)n < room ? (size_t)n : room;

		buf_add(&result->log, bytes, take);
		result->log_cut |= take < (size_t)n;
	}
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/*
 * Waits for the init's message while the log is drained.  -ETIME when the
 * tool's time is over.
 */
static int watch(struct tool_start *start, struct jail_tool_result *result,
	struct channel_message *message)
{
	int64_t deadline = now_ms() + start->tool->wall_seconds * 1000;
	struct pollfd fds[] = {
		{start->channel[0], POLLIN, 0}, {start->log[0], POLLIN, 0}};

	for (;;) {
		int64_t left = deadline - now_ms();

		if (left <= 0)
			return -ETIME;
		if (poll(fds, 2, (int)left) < 0 && errno != EINTR)
			return -errno;
		if (fds[1].revents && !drain_log(start->log[0],
					      start->tool->log_limit, result))
			fds[1].fd = -1;
		if (fds[0].revents)
			return channel_receive(
				start->channel[0], message, NULL, NULL, 0, 0);
	}
}

static bool log_says(const struct jail_tool_result *result, const char *text)
{
	return result->log.length && strstr(result->log.data, text);
}

/*
 * A limit is met by some process below the tool; what the tool itself then
 * says about it is all there is.  It only explains a failure.
 */
static const char *limit_met(const struct jail_tool *tool,
	const struct tool_end *end, const struct jail_tool_result *result)
{
	if (end->cpu_us >= tool->cpu_seconds * 1000000 ||
		result->signal == SIGXCPU)
		return "cpu";
	if (result->signal == SIGXFSZ ||
		log_says(result, "File size limit exceeded") ||
		log_says(result, "No space left on device") ||
		log_says(result, "File too large") ||
		log_says(result, "file too big"))
		return "file size";
	if (log_says(result, "memory exhausted") ||
		log_says(result, "out of memory") ||
		log_says(result, "Cannot allocate memory"))
		return "memory";
	return NULL;
}

static void take_end(const struct tool_start *start,
	const struct channel_message *message, struct jail_tool_result *result)
{
	struct tool_end end;

	memcpy(&end, message->what, sizeof(end));
	result->status = WIFEXITED(end.status) ? WEXITSTATUS(end.status) : -1;
	result->signal = WIFSIGNALED(end.status) ? WTERMSIG(end.status) : 0;
	if (result->status)
		result->limit = limit_met(start->tool, &end, result);
}

/* Without mounts the tool sees the folder, whose name is chance. */
static void hide_folder(struct buf *log, const char *folder)
{
	size_t length = strlen(folder);
	size_t rest = log->length;
	char *at = log->data;

	while (rest && (at = memmem(at, rest, folder, length))) {
		rest = (size_t)(log->data + log->length - at) - length;
		memmove(at, at + length, rest + 1);
		log->length -= length;
	}
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void stop_init(struct tool_start *start, pid_t init)
{
	if (start->host_folder)
		folder_kill_below(init);
	kill(init, SIGKILL);
	while (waitpid(init, NULL, 0) < 0 && errno == EINTR)
		;
}

static int run_in_jail(struct tool_start *start,
	struct jail_tool_result *result, struct err *err)
{
	struct channel_message message = {0};
	pid_t init = child_clone(
		start->namespaces, &start->identity, start_tool_init, start);
	int r;

	if (init < 0)
		return err_errno(err, init, "clone of the tool's jail");
	close_fd(&start->channel[1]);
	close_fd(&start->log[1]);
	r = watch(start, result, &message);
	stop_init(start, init);
	drain_log(start->log[0], start->tool->log_limit, result);
	if (r == -ETIME) {
		result->signal = SIGKILL;
		result->limit = "wall";
		return 0;
	}
	if (r < 0)
		return err_errno(err, r, "jail of '%s'", start->program);
	if (message.error)
		return err_errno(err, -message.error, "jail of '%s': %s",
			start->program, message.what);
	take_end(start, &message, result);
	if (start->host_folder)
		hide_folder(&result->log, start->host_folder);
	return 0;
}

static void release(struct tool_start *start)
{
	close_fd(&start->channel[0]);
	close_fd(&start->channel[1]);
	close_fd(&start->log[0]);
	close_fd(&start->log[1]);
	close_fd(&start->input);
	close_fd(&start->output);
	for (size_t i = 0; start->folders[i]; i++)
		free(start->folders[i]);
	if (start->host_folder)
		folder_remove(start->host_folder);
	free(start->host_folder);
}

int jail_run_tool(const struct jail_context *context,
	const struct jail_tool *tool, struct jail_tool_result *result,
	struct err *err)
{
	struct tool_start start = {
		.context = context,
		.tool = tool,
		.log = {-1, -1},
		.channel = {-1, -1},
		.input = -1,
		.output = -1,
	};
	struct jail_tool_result made = {.status = -1, .output_fd = -1};
	int r = prepare(&start, err);

	if (!r)
		r = run_in_jail(&start, &made, err);
	if (r < 0) {
		buf_release(&made.log);
	} else {
		if (!made.status && lseek(start.output, 0, SEEK_END) > 0) {
			lseek(start.output, 0, SEEK_SET);
			made.output_fd = start.output;
			start.output = -1;
		}
		*result = made;
	}
	release(&start);
	return r;
}
