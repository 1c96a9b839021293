/*
 * What a pending call is about to touch, for the policies that look: the
 * shared thing, whether it is changed, and the place of the call.
 *
 * Only hints for the choice of schedules, nothing is judged by them: an
 * object that is not recognised, or one taken for two, makes a policy less
 * pointed and no verdict wrong.  But they must be the same in each run, so
 * numbers of the kernel (inodes, pids) are replaced by names: a file's is its
 * path, others are numbered by first use.
 *
 * Described once, when a choice has to be made and the policy looks, and kept
 * until the task's next call: a descriptor costs three system calls of ours.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/engine.h"
#include "tracer/files.h"
#include "tracer/hooks.h"
#include "tracer/memory.h"
#include "tracer/task.h"

#define PATH_BYTES 256

typedef void describe_fn(struct engine *engine, const struct task *task,
	struct schedule_candidate *to);

/* FNV-1a; spaces of names are kept apart by their first characters. */
static uint64_t hash_text(const char *space, const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *space; space++)
		hash = (hash ^ (unsigned char)*space) * UINT64_C(0x100000001b3);
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return hash ? hash : 1;
}

static uint64_t hash_number(const char *space, uint64_t number)
{
	uint64_t hash = hash_text(space, "") ^ number;

	hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
	return hash ? hash : 1;
}

static void uses(struct schedule_candidate *to, uint64_t object, bool writes)
{
	to->object = object;
	to->touches_shared = true;
	to->writes = writes;
}

/* Files: by descriptor, by path */

/* An open file that is not a regular one, by the order of first use. */
static uint64_t numbered(struct engine *engine, const struct file *file,
	uint64_t extra, const char *known)
{
	uint64_t dev = file->dev, ino = file->ino;
	const char *name =
		names_find(&engine->objects, "object", dev, ino, extra);

	if (!name && known)
		name = names_set(
			&engine->objects, "object", dev, ino, extra, known);
	if (!name)
		name = names_get(&engine->objects, "object", dev, ino, extra);
	return hash_text("channel", name);
}

/* EXTRA: what tells apart those that share an inode. */
static bool look_at(const struct engine *engine, const struct task *task,
	int fd, struct file *file, uint64_t *extra)
{
	struct stat status;
	int ours;

	if (file_known(engine, task, fd, file))
		return true;
	ours = (int)syscall(SYS_pidfd_getfd, task->process->pidfd, fd, 0);
	if (ours < 0)
		return false;
	if (fstat(ours, &status) < 0) {
		close(ours);
		return false;
	}
	file->dev = status.st_dev;
	file->ino = status.st_ino;
	file->mode = status.st_mode;
	if ((status.st_mode & S_IFMT) == 0)
		*extra = file_eventfd_id(ours);
	close(ours);
	return true;
}

static uint64_t descriptor_object(
	struct engine *engine, const struct task *task, int fd, bool *channel)
{
	struct file file;
	const char *name;
	uint64_t extra = 0;

	*channel = false;
	if (!look_at(engine, task, fd, &file, &extra))
		return 0;
	name = names_find(&engine->names, "inode", file.dev, file.ino, 0);
	if (S_ISREG(file.mode) && name)
		return hash_text("file", name);
	*channel = !S_ISREG(file.mode);
	if (S_ISFIFO(file.mode))
		name = names_find(
			&engine->names, "pipe", file.dev, file.ino, 0);
	return numbered(engine, &file, extra, name);
}

static void by_descriptor(struct engine *engine, const struct task *task,
	struct schedule_candidate *to, int fd, bool writes)
{
	bool channel;
	uint64_t object = descriptor_object(engine, task, fd, &channel);

	/* what one reads from a channel the others do not get */
	uses(to, object, writes || channel);
}

static void describe_read(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	by_descriptor(engine, task, to, (int)task->args[0], false);
}

static void describe_write(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	by_descriptor(engine, task, to, (int)task->args[0], true);
}

/* dup2 and dup3 close their second descriptor. */
static void describe_close(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	bool second = task->call->number != SYS_close;

	by_descriptor(engine, task, to, (int)task->args[second ? 1 : 0],
		engine->locks_used);
}

static void describe_fcntl(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	switch ((int)task->args[1]) {
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		by_descriptor(engine, task, to, (int)task->args[0], true);
		break;
	default:
		break;
	}
}

static void describe_poll(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	struct pollfd first = {.fd = -1};

	uses(to, 0, false);
	if (task->args[1] > 0 &&
		memory_read(task, task->args[0], &first, sizeof(first)))
		by_descriptor(engine, task, to, first.fd, false);
}

static void by_path(const struct task *task, struct schedule_candidate *to,
	uint64_t address, bool writes)
{
	char path[PATH_BYTES];

	uses(to, 0, writes);
	if (memory_string(task, address, path, sizeof(path)))
		to->object = hash_text("file", file_path_shown(path));
}

/* The file name is the first argument, or of the ...at forms the second. */
static void describe_look(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	int number = task->call->number;
	bool at = number == SYS_newfstatat || number == SYS_statx ||
		  number == SYS_faccessat || number == SYS_faccessat2;

	(void)engine;
	by_path(task, to, task->args[at ? 1 : 0], false);
}

static void describe_open(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	int number = task->call->number;
	int flags = (int)task->args[number == SYS_open ? 1 : 2];

	(void)engine;
	if (number == SYS_creat)
		flags = O_CREAT | O_TRUNC;
	by_path(task, to, task->args[number == SYS_openat ? 1 : 0],
		flags & (O_CREAT | O_TRUNC));
}

/* What is made, removed, or put in another's place. */
static void describe_name(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	int which = 0;

	(void)engine;
	switch (task->call->number) {
	case SYS_rename:
	case SYS_link:
	case SYS_symlink:
	case SYS_unlinkat:
	case SYS_mkdirat:
	case SYS_mknodat:
		which = 1;
		break;
	case SYS_symlinkat:
		which = 2;
		break;
	case SYS_renameat:
	case SYS_renameat2:
	case SYS_linkat:
		which = 3;
		break;
	default:
		break;
	}
	by_path(task, to, task->args[which], true);
}

/* Memory */

/*
 * An address in shared memory.  Memory that was mapped before a fork is at
 * the same address in all (there is no ASLR); for the rest, one thing at two
 * addresses counts as two, which costs less than to read the mappings.
 */
static uint64_t memory_object(
	const struct task *task, uint64_t address, bool is_private)
{
	uint64_t space = is_private ? (uint64_t)task->process->memory + 1 : 0;

	return hash_number("memory", address ^ (space << 52));
}

static void describe_futex(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	(void)engine;
	uses(to,
		memory_object(task, task->args[0],
			task->args[1] & FUTEX_PRIVATE_FLAG),
		true);
}

static void describe_access(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	unsigned op = task->args[1] & 0xff;

	uses(to,
		memory_object(task, task->args[0],
			!hooks_is_shared(engine, task, task->args[0])),
		op != HOOKS_READ && op != HOOKS_ATOMIC_READ);
	to->asks = op == HOOKS_ATTEMPT;
}

/* System V IPC */

static void describe_ipc(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	int number = task->call->number;
	bool semaphore = number == SYS_semop || number == SYS_semtimedop ||
			 number == SYS_semctl;

	(void)engine;
	uses(to, hash_number(semaphore ? "semaphore" : "queue", task->args[0]),
		true);
}

/* The life of processes: of a family, as its parent sees it */

static uint64_t family_object(int parent)
{
	return hash_number("family", (uint64_t)(int64_t)parent);
}

static void describe_parent(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	(void)engine;
	uses(to, family_object(task->process->number), true);
}

/* An end, which the parent may await; of a thread, the process it is of. */
static void describe_exit(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	(void)engine;
	uses(to, family_object(task->process->parent), true);
}

/* Whether the parent still lives: its end is its own parent's matter. */
static void describe_orphan(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	int parent = task->process->parent;

	uses(to,
		family_object(parent < 0
				      ? -1
				      : engine->tasks[parent]->process->parent),
		false);
}

static void describe_signal(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	pid_t pid = (pid_t)task->args[0];
	const struct task *target = pid > 0 ? task_by_inner(engine, pid) : NULL;

	uses(to, 0, true);
	if (target)
		to->object = hash_number(
			"signals", (uint64_t)target->process->number);
}

/* Waiting for a signal, whoever sends it: another task, a timer, an end. */
static void describe_await(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	(void)engine;
	uses(to, hash_number("signals", (uint64_t)task->process->number), true);
	to->asks = true;
}

/* Something that others may see, but what exactly is not looked at. */
static void describe_other(struct engine *engine, const struct task *task,
	struct schedule_candidate *to)
{
	(void)engine;
	(void)task;
	uses(to, 0, true);
}

/* Not here: it touches nothing that others see (sleeps, sched_yield). */
static describe_fn *const describers[] = {
	[SYS_read] = describe_read,
	[SYS_readv] = describe_read,
	[SYS_pread64] = describe_read,
	[SYS_preadv] = describe_read,
	[SYS_preadv2] = describe_read,
	[SYS_recvfrom] = describe_read,
	[SYS_recvmsg] = describe_read,
	[SYS_accept] = describe_read,
	[SYS_accept4] = describe_read,
	[SYS_epoll_wait] = describe_read,
	[SYS_epoll_pwait] = describe_read,
	[SYS_write] = describe_write,
	[SYS_writev] = describe_write,
	[SYS_pwrite64] = describe_write,
	[SYS_pwritev] = describe_write,
	[SYS_pwritev2] = describe_write,
	[SYS_sendto] = describe_write,
	[SYS_sendmsg] = describe_write,
	[SYS_shutdown] = describe_write,
	[SYS_connect] = describe_write,
	[SYS_bind] = describe_write,
	[SYS_listen] = describe_write,
	[SYS_ftruncate] = describe_write,
	[SYS_fallocate] = describe_write,
	[SYS_sendfile] = describe_write,
	[SYS_flock] = describe_write,
	[SYS_mq_timedsend] = describe_write,
	[SYS_mq_timedreceive] = describe_write,
	[SYS_timerfd_settime] = describe_write,
	[SYS_fcntl] = describe_fcntl,
	[SYS_close] = describe_close,
	[SYS_dup2] = describe_close,
	[SYS_dup3] = describe_close,
	[SYS_poll] = describe_poll,
	[SYS_ppoll] = describe_poll,
	[SYS_select] = describe_other,
	[SYS_pselect6] = describe_other,
	[SYS_copy_file_range] = describe_other,
	[SYS_close_range] = describe_other,
	[SYS_open] = describe_open,
	[SYS_openat] = describe_open,
	[SYS_creat] = describe_open,
	[SYS_stat] = describe_look,
	[SYS_lstat] = describe_look,
	[SYS_newfstatat] = describe_look,
	[SYS_statx] = describe_look,
	[SYS_access] = describe_look,
	[SYS_faccessat] = describe_look,
	[SYS_faccessat2] = describe_look,
	[SYS_rename] = describe_name,
	[SYS_renameat] = describe_name,
	[SYS_renameat2] = describe_name,
	[SYS_unlink] = describe_name,
	[SYS_unlinkat] = describe_name,
	[SYS_link] = describe_name,
	[SYS_linkat] = describe_name,
	[SYS_symlink] = describe_name,
	[SYS_symlinkat] = describe_name,
	[SYS_mkdir] = describe_name,
	[SYS_mkdirat] = describe_name,
	[SYS_rmdir] = describe_name,
	[SYS_mknod] = describe_name,
	[SYS_mknodat] = describe_name,
	[SYS_truncate] = describe_name,
	[SYS_mq_open] = describe_name,
	[SYS_mq_unlink] = describe_name,
	[SYS_futex] = describe_futex,
	[SYS_semop] = describe_ipc,
	[SYS_semtimedop] = describe_ipc,
	[SYS_semctl] = describe_ipc,
	[SYS_msgsnd] = describe_ipc,
	[SYS_msgrcv] = describe_ipc,
	[SYS_msgctl] = describe_ipc,
	[SYS_semget] = describe_other,
	[SYS_msgget] = describe_other,
	[SYS_shmget] = describe_other,
	[SYS_fork] = describe_parent,
	[SYS_vfork] = describe_parent,
	[SYS_clone] = describe_parent,
	[SYS_wait4] = describe_parent,
	[SYS_waitid] = describe_parent,
	[SYS_exit] = describe_exit,
	[SYS_exit_group] = describe_exit,
	[SYS_getppid] = describe_orphan,
	[SYS_prctl] = describe_orphan,
	[SYS_setsid] = describe_other,
	[SYS_setpgid] = describe_other,
	[SYS_kill] = describe_signal,
	[SYS_tkill] = describe_signal,
	[SYS_tgkill] = describe_signal,
	[SYS_rt_sigqueueinfo] = describe_signal,
	[SYS_rt_tgsigqueueinfo] = describe_signal,
	[SYS_pidfd_open] = describe_other,
	[SYS_pidfd_send_signal] = describe_other,
	[SYS_pause] = describe_await,
	[SYS_rt_sigsuspend] = describe_await,
	[SYS_rt_sigtimedwait] = describe_await,
	[SYS_rt_sigpending] = describe_await,
};

static void describe(struct engine *engine, struct task *task)
{
	struct schedule_candidate *to = &task->operation;
	size_t number = (size_t)task->call->number;

	task->operation_known = true;
	*to = (struct schedule_candidate){
		.task = (uint32_t)task->number,
		.role = task->role,
		.site = task->pc,
		.operation = (uint32_t)number,
	};
	if (number == HOOKS_POINT)
		describe_access(engine, task, to);
	else if (number < sizeof(describers) / sizeof(*describers) &&
		 describers[number])
		describers[number](engine, task, to);
}

void operation_describe(
	struct engine *engine, struct task *task, struct schedule_candidate *to)
{
	if (task->state != TASK_AT_CALL || !schedule_looks(&engine->schedule)) {
		/* just created, or on its way: not at a call of its own */
		*to = (struct schedule_candidate){
			.task = (uint32_t)task->number, .role = task->role};
		return;
	}
	if (!task->operation_known)
		describe(engine, task);
	*to = task->operation;
	to->again = task->wait.started || task->behind;
}
