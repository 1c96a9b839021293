/*
 * Descriptors of processes.
 *
 * The kernel makes them and tells when they are ready: a process that has
 * ended has been waited for by the tracer before anybody else runs, so what
 * poll() says of a pidfd does not depend on real time.  The engine sees to
 * it that none refers to a process outside the run.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/calls.h"
#include "tracer/files.h"
#include "tracer/task.h"

/* The number, as we see it, of the process of our pidfd; 0 = no pidfd. */
static long read_pid(int fd)
{
	char path[48], line[64];
	long pid = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "Pid: %ld", &pid) == 1)
			break;
	if (info)
		fclose(info);
	return pid;
}

struct task *pidfd_target(const struct engine *engine, const struct task *task,
	int fd, int *error)
{
	struct file file = file_open(engine, task, fd);
	long pid = file.fd >= 0 ? read_pid(file.fd) : 0;
	size_t i;

	file_close(&file);
	*error = pid == 0 ? EBADF : pid < 0 ? ESRCH : EPERM;
	for (i = 0; i < engine->count && pid > 0; i++) {
		struct task *other = engine->tasks[i];

		if (other->number == other->process->number &&
			other->tid == (pid_t)pid &&
			!process_gone(other->process))
			return other;
	}
	return NULL;
}

enum call_action enter_pidfd_open(struct engine *engine, struct task *task)
{
	const pid_t pid = (pid_t)task->args[0];
	const struct task *target = task_by_inner(engine, pid);

	task->progressed = false;
	if (pid <= 0 || (task->args[1] & ~(uint64_t)O_NONBLOCK)) {
		task->result = -EINVAL;
		return CALL_DONE;
	}
	if (pid == 1) {
		/* the jail init, which outlives all; without a namespace
		   its number is another */
		task->run.rdi =
			(unsigned long long)(task->inner_tid == task->tid
						     ? engine->jail->init
						     : 1);
		task->run_changed = true;
		return CALL_RUN;
	}
	if (target && target->number != target->process->number &&
		target->state != TASK_DEAD)
		task->result = -EINVAL; /* a thread */
	else if (!target || process_gone(target->process))
		task->result = -ESRCH;
	else
		return CALL_RUN;
	return CALL_DONE;
}

enum exit_action exit_pidfd_open(
	struct engine *engine, struct task *task, long result)
{
	task->progressed = result >= 0;
	if (result >= 0)
		engine->pidfds = true;
	return EXIT_ON;
}

/* As kill(2); the kernel sends, so that si_pid and the order are right. */
enum call_action enter_pidfd_send_signal(
	struct engine *engine, struct task *task)
{
	int error;
	const struct task *target =
		pidfd_target(engine, task, (int)task->args[0], &error);
	const int signal = (int)task->args[1];

	task->progressed = target && signal != 0;
	if (target && task->args[3] == 0) {
		task->wait.saved[0] = (uint64_t)target->number;
		return CALL_RUN;
	}
	task->result = task->args[3] != 0 ? -EINVAL : -error;
	return CALL_DONE;
}

enum exit_action exit_pidfd_send_signal(
	struct engine *engine, struct task *task, long result)
{
	struct process *target = engine->tasks[task->wait.saved[0]]->process;

	if (result == 0 && task->args[1] != 0)
		signal_sent(engine, task, target, (int)task->args[1]);
	return EXIT_ON;
}
