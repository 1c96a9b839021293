/*
 * The supervisor's side: prepare, clone, hear from main, release, end.
 *
 * All that a child needs is prepared before the clone, so that the children
 * never allocate.  Two channels: one to main (release, and the reason of a
 * failed start; main's copy closes on exec), one to the init (what was left;
 * its end is also how the init notices an orderly end of the supervisor).
 *
 * The end of a jail with a pid namespace is the end of its init: the kernel
 * kills the rest.  It lets the init die only after every other process of the
 * namespace has been reaped, and those that we trace only we can reap; hence
 * jail_end() waits for all of its tracees, not for the init alone.
 */
#define _GNU_SOURCE
#include "jail/jail.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "jail/child.h"
#include "jail/context.h"
#include "jail/folder.h"
#include "jail/left.h"
#include "jail/left_host.h"
#include "jail/request.h"
#include "jail/start.h"

/* Room for the program's copy, folders, links and rounding to pages. */
#define TMPFS_SLACK (256 << 10)
#define TMPFS_INODES 8192

static bool valid_name(const char *name)
{
	return name && *name && strcmp(name, ".") && strcmp(name, "..") &&
	       !strchr(name, '/') && strlen(name) < 256;
}

const char *jail_program_name(const char *argv0)
{
	const char *slash = argv0 ? strrchr(argv0, '/') : NULL;

	return slash ? slash + 1 : argv0;
}

static int plan_program(struct start *start, struct err *err)
{
	const struct jail_spec *spec = start->spec;
	struct root_plan *plan = &start->plan;
	const char *base = start->plan.folder ? start->plan.folder : "";
	struct stat status;

	plan->program_name = jail_program_name(spec->argv[0]);
	if (!valid_name(plan->program_name))
		return err_set(err, -EINVAL, "argv[0] '%s' names no file",
			spec->argv[0] ? spec->argv[0] : "");
	if (fstat(spec->program_fd, &status))
		return err_errno(err, -errno, "program");
	plan->program_fd = spec->program_fd;
	plan->program_size = status.st_size;
	snprintf(start->program_path, sizeof(start->program_path), "%s/bin/%s",
		base, plan->program_name);
	snprintf(start->home, sizeof(start->home), "HOME=%s/work", base);
	return 0;
}

static enum filter_profile profile_of(const struct jail_spec *spec)
{
	if (spec->parallel)
		return spec->allow_unix_sockets ? FILTER_PARALLEL_SOCKETS
						: FILTER_PARALLEL;
	return spec->allow_unix_sockets ? FILTER_RUN_SOCKETS : FILTER_RUN;
}

static int plan_start(struct start *start, struct jail *jail, struct err *err)
{
	const struct jail_context *context = start->context;
	const struct jail_spec *spec = start->spec;
	struct root_plan *plan = &start->plan;
	int r;

	for (size_t i = 0; i < spec->file_count; i++)
		if (!valid_name(spec->files[i].name))
			return err_set(err, -EINVAL, "bad file name '%s'",
				spec->files[i].name);
	start->namespaces = context->namespaces;
	if (!spec->allow_unix_sockets)
		start->namespaces &= ~(unsigned)CLONE_NEWNET;
	start->filter = &context->filters[profile_of(spec)];
	start->identity = child_identity();
	plan->mounts = layer_on(context, JAIL_EMPTY_ROOT);
	plan->proc_options = context->proc_options;
	plan->files = spec->files;
	plan->file_count = spec->file_count;
	plan->file_mode = 0644;
	if (!plan->mounts) {
		r = folder_new(&jail->host_folder, &start->identity, err);
		if (r < 0)
			return r;
		plan->folder = jail->host_folder;
		jail->before = left_host_before(start->identity.uid);
	}
	r = plan_program(start, err);
	if (r < 0)
		return r;
	snprintf(plan->tmpfs_options, sizeof(plan->tmpfs_options),
		"mode=0755,size=%lld,nr_inodes=%d%s",
		(long long)spec->disk_bytes + plan->program_size + TMPFS_SLACK,
		TMPFS_INODES, context->large_pages ? ",huge=within_size" : "");
	return 0;
}

/* Waits until main reports itself, or the reason why it will not. */
static int hear_from_main(struct jail *jail, bool mounts, struct err *err)
{
	struct channel_message message;
	int fds[3] = {-1, -1, -1};
	int count = mounts ? 3 : 1;
	int r = channel_receive(
		jail->release_fd, &message, &jail->main, fds, count, 0);

	if (r < 0)
		return err_errno(err, r, "jail did not start");
	if (message.error)
		return err_errno(err, -message.error, "jail: %s", message.what);
	jail->work_fd = fds[0];
	jail->shm_fd = fds[1];
	jail->root_fd = fds[2];
	return 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* All that belongs to one main of the jail. */
static void close_main(struct jail *jail)
{
	close_fd(&jail->work_fd);
	close_fd(&jail->shm_fd);
	close_fd(&jail->root_fd);
	close_fd(&jail->release_fd);
	jail->main = -1;
}

int jail_spawn(const struct jail_context *context, const struct jail_spec *spec,
	struct jail *jail, struct err *err)
{
	struct start start = {.context = context,
		.spec = spec,
		.main_end = -1,
		.init_end = -1};
	struct jail made = JAIL_INIT;
	struct err ignored;
	int ends[2];
	int r;

	r = plan_start(&start, &made, err);
	if (r < 0)
		goto out;
	r = channel_new(ends);
	if (r < 0)
		goto out_channel;
	made.release_fd = ends[0];
	start.main_end = ends[1];
	r = channel_new(ends);
	if (r < 0)
		goto out_channel;
	made.status_fd = ends[0];
	start.init_end = ends[1];
	made.init = child_clone(
		start.namespaces, &start.identity, start_init, &start);
	close_fd(&start.main_end);
	close_fd(&start.init_end);
	if (made.init < 0) {
		r = err_errno(err, made.init, "clone of the jail");
		made.init = -1;
		goto out;
	}
	r = hear_from_main(&made, start.plan.mounts, err);
	goto out;
out_channel:
	err_errno(err, r, "channel to the jail");
out:
	close_fd(&start.main_end);
	if (r < 0)
		jail_end(&made, NULL, &ignored);
	else
		*jail = made;
	return r;
}

static int send_start(struct jail *jail, enum request_kind kind,
	const struct jail_spec *spec, int main_end)
{
	const int fds[REQUEST_FDS] = {
		spec->stdin_fd, spec->stdout_fd, spec->stderr_fd, main_end};
	struct buf request = {0};
	int r = -EFBIG;

	if (request_write_start(&request, kind, spec))
		r = channel_send_data(jail->status_fd, request.data,
			request.length, fds, REQUEST_FDS);
	buf_release(&request);
	return r;
}

int jail_next(struct jail *jail, const struct jail_spec *spec, struct err *err)
{
	int ends[2];
	int r = channel_new(ends);

	if (r < 0)
		return err_errno(err, r, "channel to the jail");
	jail->release_fd = ends[0];
	r = send_start(jail, REQUEST_NEXT, spec, ends[1]);
	close(ends[1]);
	if (r < 0)
		err_errno(err, r, "next program of the jail");
	else
		r = hear_from_main(jail, true, err);
	if (r < 0)
		close_main(jail);
	return r;
}

int jail_more(struct jail *jail, const struct jail_spec *spec,
	struct jail *more, struct err *err)
{
	struct jail_spec start = *spec;
	int ends[2];
	int r = channel_new(ends);

	*more = (struct jail)JAIL_INIT;
	if (r < 0)
		return err_errno(err, r, "channel to the jail");
	start.file_count = 0;
	more->release_fd = ends[0];
	r = send_start(jail, REQUEST_MORE, &start, ends[1]);
	close(ends[1]);
	if (r < 0)
		err_errno(err, r, "another start in the jail");
	else
		r = hear_from_main(more, !jail->host_folder, err);
	if (r < 0)
		jail_more_end(more);
	return r;
}

void jail_more_end(struct jail *more)
{
	close_main(more);
}

int jail_release(struct jail *jail, struct err *err)
{
	const struct channel_message go = {0};
	int r = channel_send(jail->release_fd, &go, NULL, 0);

	return r < 0 ? err_errno(err, r, "release of the program") : 0;
}

int jail_failure(struct jail *jail, struct err *err)
{
	struct channel_message message;
	int r = channel_receive(
		jail->release_fd, &message, NULL, NULL, 0, MSG_DONTWAIT);

	if (r < 0 || !message.error)
		return err_set(err, -EIO,
			"the program's process ended before it began");
	return err_errno(err, -message.error, "jail: %s", message.what);
}

/* 1: and the jail is empty. */
static int ask_init(struct jail *jail, enum request_kind kind, struct buf *left)
{
	const size_t head = offsetof(struct request_answer, left);
	struct request_answer answer;
	struct buf question = {0};
	ssize_t n;
	int r;

	request_write(&question, kind);
	r = channel_send_data(
		jail->status_fd, question.data, question.length, NULL, 0);
	buf_release(&question);
	if (r < 0)
		return r;
	do {
		n = recv(jail->status_fd, &answer, sizeof(answer), 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n < head || answer.length != (size_t)n - head)
		return -EPIPE;
	buf_add(left, answer.left, answer.length);
	return answer.empty;
}

int jail_empty(struct jail *jail, struct err *err)
{
	struct buf left = {0};
	int r = 0;

	if (jail->host_folder || jail->main <= 0)
		return 0;
	close_fd(&jail->release_fd);
	r = left_in_folder(jail->shm_fd, &left);
	if (r >= 0 && !left.length)
		r = ask_init(jail, REQUEST_EMPTY, &left);
	else if (r >= 0)
		r = 0; /* jail_end() tells of it */
	buf_release(&left);
	if (r > 0)
		close_main(jail);
	return r < 0 ? err_errno(err, r, "emptying the jail") : r;
}

/*
 * One status of a child or tracee.  A tracee that stops on its way out
 * (PTRACE_EVENT_EXIT) must be told to go on.
 */
static void pass_on(pid_t pid, int status)
{
	if (WIFSTOPPED(status))
		ptrace(PTRACE_CONT, pid, NULL, NULL);
}

/*
 * Reaps until INIT is gone.  SIGCHLD is blocked, and so kept pending, while
 * we look; the wait for it has a limit only for the case that the caller
 * left a tracee in a stop whose status it had taken already.
 */
static void reap_until(pid_t init)
{
	const struct timespec limit = {.tv_nsec = 20 * 1000 * 1000};
	sigset_t child, old;
	int status;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &child, &old);
	for (;;) {
		pid = waitpid(-1, &status, WNOHANG | __WALL | __WNOTHREAD);
		if (pid < 0 && errno != EINTR)
			break;
		if (pid == init && !WIFSTOPPED(status))
			break;
		if (pid > 0)
			pass_on(pid, status);
		else if (sigtimedwait(&child, NULL, &limit) < 0 &&
			 errno == EAGAIN)
			folder_free_tracees();
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* Objects in a namespace vanish with it; on the host they are removed. */
static int end_objects(struct jail *jail, struct buf *left, struct err *err)
{
	struct buf unwanted = {0};
	struct buf *names = left ? left : &unwanted;
	size_t offset = names->length;
	int r = 0;

	if (jail->before) {
		left_host_remove(jail->before, names);
	} else if (jail->main > 0 && left) {
		r = ask_init(jail, REQUEST_END, names);
		if (r >= 0)
			r = left_in_folder(jail->shm_fd, names);
	}
	if (r >= 0)
		left_sort(names, offset);
	buf_release(&unwanted);
	return r < 0 ? err_errno(err, r, "what the program left behind") : 0;
}

/* Not when it is gone already and another has its number. */
static void end_init(pid_t init)
{
	siginfo_t state;

	if (waitid(P_PID, (id_t)init, &state, WEXITED | WNOHANG | WNOWAIT) < 0)
		return;
	kill(init, SIGKILL);
	reap_until(init);
}

static void end_host(struct jail *jail)
{
	if (jail->host_folder)
		folder_remove(jail->host_folder);
	free(jail->host_folder);
	left_host_free(jail->before);
}

int jail_end(struct jail *jail, struct buf *left, struct err *err)
{
	int r;

	/* Main ends if it was never released; the init waits for that. */
	close_fd(&jail->release_fd);
	/* On the host an object is not safe to remove before its users end. */
	if (jail->host_folder && jail->init > 0)
		folder_kill_below(jail->init);
	r = end_objects(jail, left, err);
	if (jail->init > 0)
		end_init(jail->init);
	close_main(jail);
	close_fd(&jail->status_fd);
	end_host(jail);
	*jail = (struct jail)JAIL_INIT;
	return r;
}
