/*
 * How the pieces fit.
 *
 * Identity.  RLIMIT_NPROC does not bind user 0, and a jail that was started
 * as root must not be root anywhere.  So the namespaces are made by a process
 * that has given up root already: a helper that shares the supervisor's
 * memory (CLONE_VM|CLONE_VFORK: nothing is copied, the supervisor waits),
 * drops, and clones with CLONE_PARENT, which makes the new process the
 * supervisor's own child.  The drop is by plain system calls: the C library's
 * functions would change all threads of the supervisor.
 *
 * Changing the identity makes the shared memory "not dumpable", which would
 * close /proc/self/uid_map to us and PTRACE_SEIZE to a later tracer, hence
 * PR_SET_DUMPABLE right behind it.
 */
#define _GNU_SOURCE
#include "jail/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHANNEL_FDS 4

int channel_new(int ends[2])
{
	int on = 1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on))) {
		int r = -errno;

		close(ends[0]);
		close(ends[1]);
		return r;
	}
	return 0;
}

int channel_send_data(
	int fd, const void *data, size_t length, const int *fds, int count)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int) * CHANNEL_FDS)];
	} control;
	struct iovec bytes = {.iov_len = length};
	struct msghdr header = {.msg_iov = &bytes, .msg_iovlen = 1};

	/* sendmsg() takes it without const, and does not write. */
	memcpy(&bytes.iov_base, &data, sizeof(data));
	memset(&control, 0, sizeof(control));
	if (count) {
		size_t size = sizeof(int) * (size_t)count;

		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(&control.header), fds, size);
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(size);
	}
	/* Under the run filter write() passes and sendmsg() does not. */
	if (!count)
		return write(fd, data, length) < 0 ? -errno : 0;
	return sendmsg(fd, &header, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int channel_send(int fd, const struct channel_message *message, const int *fds,
	int count)
{
	return channel_send_data(fd, message, sizeof(*message), fds, count);
}

static void take_control(
	struct msghdr *header, pid_t *pid, int *fds, int count, int *received)
{
	struct cmsghdr *part;

	for (part = CMSG_FIRSTHDR(header); part;
		part = CMSG_NXTHDR(header, part)) {
		if (part->cmsg_level != SOL_SOCKET)
			continue;
		if (part->cmsg_type == SCM_CREDENTIALS && pid) {
			struct ucred who;

			memcpy(&who, CMSG_DATA(part), sizeof(who));
			*pid = who.pid;
		}
		if (part->cmsg_type == SCM_RIGHTS &&
			part->cmsg_len ==
				CMSG_LEN(sizeof(int) * (size_t)count)) {
			memcpy(fds, CMSG_DATA(part),
				sizeof(int) * (size_t)count);
			*received = count;
		}
	}
}

ssize_t channel_receive_data(int fd, void *data, size_t size, pid_t *pid,
	int *fds, int count, int *received, int flags)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int) * CHANNEL_FDS) +
			   CMSG_SPACE(sizeof(struct ucred))];
	} control;
	/* cppcheck-suppress ctuuninitvar ; recvmsg() writes there */
	struct iovec bytes = {data, size};
	struct msghdr header = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n;

	*received = 0;
	do {
		n = recvmsg(fd, &header, flags | MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (n == 0)
		return -EPIPE;
	take_control(&header, pid, fds, count, received);
	return n;
}

int channel_receive(int fd, struct channel_message *message, pid_t *pid,
	int *fds, int count, int flags)
{
	int received;
	ssize_t n = channel_receive_data(fd, message, sizeof(*message), pid,
		fds, count, &received, flags);

	if (n < 0)
		return (int)n;
	if (n != sizeof(*message))
		return -EPIPE;
	message->what[sizeof(message->what) - 1] = '\0';
	return !message->error && received != count ? -EPROTO : 0;
}

void child_fail(int channel, const char *what)
{
	struct channel_message message = {.error = errno ? errno : EIO};

	strncpy(message.what, what, sizeof(message.what) - 1);
	channel_send(channel, &message, NULL, 0);
	_exit(120);
}

/*
 * 60578 to 61183 belongs to nobody: below lie people, system users and
 * systemd's homes and containers, above its dynamic users.
 */
struct child_identity child_identity(void)
{
	struct child_identity self = {geteuid(), getegid(), !geteuid()};

	if (self.drop)
		self.uid = self.gid = 60578 + (uid_t)getpid() % 606;
	return self;
}

struct drop {
	unsigned flags;
	uid_t uid;
	void (*child)(void *);
	void *argument;
	pid_t pid; /* result, or a negative errno */
};

static pid_t plain_clone(unsigned flags, void (*child)(void *), void *argument)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	if (!pid) {
		child(argument);
		_exit(121);
	}
	return pid < 0 ? -errno : (pid_t)pid;
}

static int drop_root(uid_t uid)
{
	if (syscall(SYS_setgroups, 0, NULL) ||
		syscall(SYS_setresgid, uid, uid, uid) ||
		syscall(SYS_setresuid, uid, uid, uid) ||
		prctl(PR_SET_DUMPABLE, 1))
		return -errno;
	return 0;
}

static int drop_and_clone(void *argument)
{
	struct drop *drop = argument;

	drop->pid = drop_root(drop->uid);
	if (!drop->pid)
		drop->pid = plain_clone(drop->flags | CLONE_PARENT, drop->child,
			drop->argument);
	/* The memory is the supervisor's, which changed nothing. */
	prctl(PR_SET_DUMPABLE, 1);
	_exit(0);
}

static pid_t dropping_clone(struct drop *drop)
{
	static _Thread_local char stack[64 * 1024] __attribute__((aligned(16)));
	pid_t helper = clone(drop_and_clone, stack + sizeof(stack),
		CLONE_VM | CLONE_VFORK | SIGCHLD, drop);

	if (helper < 0)
		return -errno;
	while (waitpid(helper, NULL, 0) < 0 && errno == EINTR)
		;
	return drop->pid;
}

pid_t child_clone(unsigned flags, const struct child_identity *identity,
	void (*child)(void *), void *argument)
{
	struct drop drop = {flags, identity->uid, child, argument, -EIO};
	sigset_t all, old;
	pid_t pid;

	/* No handler of the supervisor may run in the child. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pid = identity->drop ? dropping_clone(&drop)
			     : plain_clone(flags, child, argument);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return pid;
}

static void write_file(int channel, const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		child_fail(channel, path);
	close(fd);
}

void child_map_identity(int channel, const struct child_identity *identity)
{
	char map[64];

	/* A gid map may be written without privilege only if groups can no
	 * longer be dropped. */
	write_file(channel, "/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%d %u 1", CHILD_INNER_ID, identity->uid);
	write_file(channel, "/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "%d %u 1", CHILD_INNER_ID, identity->gid);
	write_file(channel, "/proc/self/gid_map", map);
}

void child_arrange_fds(int channel, int *fds, int count, int keep)
{
	int high = 64, last = -1;

	/* First above all targets, so that none overwrites another. */
	for (int i = 0; i < count; i++) {
		int moved = fcntl(fds[i], F_DUPFD_CLOEXEC, high);

		if (moved < 0)
			child_fail(last < 0 ? channel : last, "descriptors");
		if (fds[i] == channel)
			last = moved;
		fds[i] = moved;
	}
	for (int i = 0; i < count; i++) {
		if (dup3(fds[i], i, i >= keep ? O_CLOEXEC : 0) < 0)
			child_fail(last < 0 ? channel : last, "descriptors");
		fds[i] = i;
	}
	syscall(SYS_close_range, (unsigned)count, ~0U, 0);
}

void child_reset_signals(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int i = 1; i <= SIGRTMAX; i++)
		sigaction(i, &action, NULL);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
}

/*
 * The kernel sends the signal only for a death after the prctl.  A
 * supervisor that died before has closed its end, which the poll sees.
 */
void child_die_with_parent(int channel)
{
	struct pollfd peer = {.fd = channel};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		child_fail(channel, "parent death signal");
	if (poll(&peer, 1, 0) > 0 && peer.revents & POLLHUP)
		_exit(122);
}

static char *arguments_start, *arguments_end;
static char *environment_start, *environment_end;

/* Fields 48 to 51 of /proc/self/stat, counted from 1; 2 may hold blanks. */
void child_find_arguments(void)
{
	char text[2048], *at;
	unsigned long value[4];
	ssize_t length;
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return;
	text[length] = '\0';
	at = strrchr(text, ')');
	for (int field = 2; at && field < 48; field++)
		at = strchr(at + 1, ' ');
	if (!at || sscanf(at, " %lu %lu %lu %lu", &value[0], &value[1],
			   &value[2], &value[3]) != 4)
		return;
	arguments_start = (char *)value[0];
	arguments_end = (char *)value[1];
	environment_start = (char *)value[2];
	environment_end = (char *)value[3];
}

void child_clean_arguments(const char *name)
{
	size_t length;

	prctl(PR_SET_NAME, name);
	if (!arguments_start || arguments_end <= arguments_start)
		return;
	length = (size_t)(arguments_end - arguments_start);
	memset(arguments_start, 0, length);
	strncpy(arguments_start, name, length - 1);
	if (environment_end > environment_start)
		memset(environment_start, 0,
			(size_t)(environment_end - environment_start));
}

void child_limit(int channel, int resource, int64_t value, const char *what)
{
	struct rlimit limit, now;

	if (getrlimit(resource, &now))
		child_fail(channel, what);
	limit.rlim_cur = (rlim_t)value;
	/* An ordinary user cannot raise a hard limit that is lower still. */
	if (now.rlim_max != RLIM_INFINITY && now.rlim_max < limit.rlim_cur)
		limit.rlim_cur = now.rlim_max;
	limit.rlim_max = limit.rlim_cur;
	if (setrlimit(resource, &limit))
		child_fail(channel, what);
}

int child_copy(int from, int to, int64_t size)
{
	off_t at = 0;

	while (at < size) {
		ssize_t n = sendfile(to, from, &at, (size_t)(size - at));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
	}
	return 0;
}
