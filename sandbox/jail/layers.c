/*
 * One child tries everything, in the order in which a jail does, and writes
 * an errno a layer into memory that it shares with us.  The child gives up
 * root first, as a jail does.  A layer that cannot be tried because one
 * before it is missing gets that one's errno.
 */
#define _GNU_SOURCE
#include "jail/layers.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "jail/child.h"
#include "jail/landlock.h"

#define REMEDY_NAMESPACE                                                       \
	N_("Docker: --security-opt seccomp=unconfined --security-opt "         \
	   "apparmor=unconfined, or --privileged; Ubuntu 23.10 and later: "    \
	   "sysctl kernel.apparmor_restrict_unprivileged_userns=0 (also on "   \
	   "GitHub's runners, with sudo), or an AppArmor profile for grader "  \
	   "that allows userns; Debian: sysctl "                               \
	   "kernel.unprivileged_userns_clone=1; anywhere: sysctl "             \
	   "user.max_user_namespaces must not be 0")
#define REMEDY_PROC                                                            \
	N_("Docker: --security-opt systempaths=unconfined, so that /proc may " \
	   "be mounted inside; programs run without /proc until then")

static const struct {
	const char *name, *remedy;
} texts[JAIL_LAYER_COUNT] = {
	[JAIL_USER_NAMESPACE] = {N_("user namespace"), REMEDY_NAMESPACE},
	[JAIL_MOUNT_NAMESPACE] = {N_("mount namespace"), REMEDY_NAMESPACE},
	[JAIL_PID_NAMESPACE] = {N_("pid namespace"), REMEDY_NAMESPACE},
	[JAIL_IPC_NAMESPACE] = {N_("ipc namespace"), REMEDY_NAMESPACE},
	[JAIL_UTS_NAMESPACE] = {N_("uts namespace"), REMEDY_NAMESPACE},
	[JAIL_NETWORK_NAMESPACE] = {N_("network namespace"), REMEDY_NAMESPACE},
	[JAIL_EMPTY_ROOT] = {N_("empty root"), REMEDY_NAMESPACE},
	[JAIL_PROC] = {N_("private /proc"), REMEDY_PROC},
	[JAIL_LANDLOCK] = {"Landlock",
		N_("Linux 5.13 or later with CONFIG_SECURITY_LANDLOCK and "
		   "'landlock' in the boot parameter lsm=; WSL2: a newer "
		   "kernel "
		   "(wsl --update); gVisor has none")},
	[JAIL_RLIMITS] = {N_("resource limits"),
		N_("raise the hard limits of this shell (ulimit -H -a)")},
	[JAIL_NO_NEW_PRIVS] = {"no_new_privs", N_("Linux 3.5 or later")},
	[JAIL_SECCOMP] = {N_("system call filter"),
		N_("a kernel with CONFIG_SECCOMP_FILTER; Docker: a seccomp "
		   "profile that allows seccomp(2)")},
	[JAIL_PTRACE] = {"ptrace",
		N_("Docker: --cap-add SYS_PTRACE (before Linux 4.8), or a "
		   "seccomp profile that allows ptrace(2); sysctl "
		   "kernel.yama.ptrace_scope must be below 3")},
	[JAIL_CGROUP] = {"cgroup", N_("not needed: the supervisor counts "
				      "processes, memory and CPU "
				      "time itself")},
};

/* Shared with the child; -1 = not reached. */
struct findings {
	int error[JAIL_LAYER_COUNT];
	bool large_pages;
	int proc; /* index into proc_options, -1 = none works */
};

/* From the tightest on. */
static const char *const proc_options[] = {
	"hidepid=2,subset=pid", "hidepid=2", "", NULL};

struct probe {
	const struct jail_context *context;
	struct findings *findings;
	struct child_identity identity;
	int gate[2]; /* closed by the parent when it has tried to trace */
};

static const struct {
	enum jail_layer layer;
	unsigned flag;
} namespaces[] = {
	{JAIL_MOUNT_NAMESPACE, CLONE_NEWNS},
	{JAIL_IPC_NAMESPACE, CLONE_NEWIPC},
	{JAIL_UTS_NAMESPACE, CLONE_NEWUTS},
	{JAIL_NETWORK_NAMESPACE, CLONE_NEWNET},
	{JAIL_PID_NAMESPACE, CLONE_NEWPID},
};

#define NAMESPACE_COUNT (sizeof(namespaces) / sizeof(*namespaces))

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int r = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		r = errno;
	close(fd);
	return r;
}

static int probe_user_namespace(const struct probe *probe)
{
	char map[64];
	int r;

	if (unshare(CLONE_NEWUSER))
		return errno;
	r = write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%d %u 1", CHILD_INNER_ID,
		probe->identity.uid);
	if (!r)
		r = write_text("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "%d %u 1", CHILD_INNER_ID,
		probe->identity.gid);
	if (!r)
		r = write_text("/proc/self/gid_map", map);
	return r;
}

/*
 * A copy of the program in large pages takes a third of the time; with
 * within_size a small file still takes a small page of the tmpfs's size.
 */
static bool mount_tmpfs(struct findings *findings)
{
	findings->large_pages = !mount("jail", "/proc", "tmpfs",
		MS_NOSUID | MS_NODEV, "mode=0755,size=65536,huge=within_size");
	return findings->large_pages ||
	       !mount("jail", "/proc", "tmpfs", MS_NOSUID | MS_NODEV,
		       "mode=0755,size=65536");
}

static int probe_root(struct findings *findings)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		!mount_tmpfs(findings) || chdir("/proc") || mkdir("proc", 0755))
		return errno;
	return 0;
}

/* Needs a process of the new pid namespace, and the host's /proc still. */
static void probe_proc(struct findings *findings)
{
	findings->proc = -1;
	for (int i = 0; proc_options[i]; i++) {
		if (!mount("proc", "proc", "proc",
			    MS_NOSUID | MS_NODEV | MS_NOEXEC,
			    proc_options[i])) {
			findings->proc = i;
			findings->error[JAIL_PROC] = 0;
			return;
		}
		findings->error[JAIL_PROC] = errno;
	}
}

static int probe_pivot(void)
{
	if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH))
		return errno;
	return 0;
}

static void probe_mounts(struct findings *findings)
{
	pid_t inner;

	findings->error[JAIL_EMPTY_ROOT] = probe_root(findings);
	if (findings->error[JAIL_EMPTY_ROOT])
		return;
	inner = fork();
	if (inner < 0) {
		findings->error[JAIL_PID_NAMESPACE] = errno;
		return;
	}
	if (!inner) {
		if (!findings->error[JAIL_PID_NAMESPACE])
			probe_proc(findings);
		findings->error[JAIL_EMPTY_ROOT] = probe_pivot();
		_exit(0);
	}
	waitpid(inner, NULL, 0);
}

static void probe_namespaces(const struct probe *probe)
{
	struct findings *findings = probe->findings;
	int r = probe_user_namespace(probe);

	findings->error[JAIL_USER_NAMESPACE] = r;
	findings->error[JAIL_EMPTY_ROOT] = r;
	findings->error[JAIL_PROC] = r;
	for (size_t i = 0; i < NAMESPACE_COUNT; i++) {
		int *error = &findings->error[namespaces[i].layer];

		*error = r;
		if (!r && unshare((int)namespaces[i].flag))
			*error = errno;
	}
	if (!r && !findings->error[JAIL_MOUNT_NAMESPACE])
		probe_mounts(findings);
}

static int probe_landlock(const struct jail_context *context)
{
	const struct landlock_grant nothing[] = {{NULL, 0}};

	if (!context->landlock_abi)
		return ENOSYS;
	return -landlock_restrict(context->landlock_abi, nothing);
}

static int probe_limits(void)
{
	const struct rlimit core = {1, 1};

	return setrlimit(RLIMIT_CORE, &core) ? errno : 0;
}

static void probe_child(void *argument)
{
	const struct probe *probe = argument;
	int *error = probe->findings->error;
	char byte;

	/* Ends when the parent has attached, or has ended. */
	close(probe->gate[1]);
	if (read(probe->gate[0], &byte, 1) < 0)
		_exit(1);
	probe_namespaces(probe);
	error[JAIL_RLIMITS] = probe_limits();
	error[JAIL_NO_NEW_PRIVS] =
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? errno : 0;
	error[JAIL_LANDLOCK] = probe_landlock(probe->context);
	error[JAIL_SECCOMP] =
		-filter_load(&probe->context->filters[FILTER_TOOL]);
	_exit(0);
}

/* Tracing is tried on the probe itself, from here. */
static int run_probe(struct probe *probe)
{
	int status;
	pid_t pid;

	probe->identity = child_identity();
	if (pipe2(probe->gate, O_CLOEXEC))
		return -errno;
	pid = child_clone(0, &probe->identity, probe_child, probe);
	close(probe->gate[0]);
	if (pid > 0)
		probe->findings->error[JAIL_PTRACE] =
			ptrace(PTRACE_SEIZE, pid, NULL, NULL) ? errno : 0;
	close(probe->gate[1]);
	if (pid < 0)
		return pid;
	while (waitpid(pid, &status, __WALL) != pid || WIFSTOPPED(status))
		if (WIFSTOPPED(status))
			ptrace(PTRACE_CONT, pid, NULL, NULL);
	return 0;
}

static void judge(struct jail_context *context, const struct findings *findings,
	unsigned without)
{
	for (int i = 0; i < JAIL_LAYER_COUNT; i++) {
		struct jail_layer_state *state = &context->layers[i];

		state->name = texts[i].name;
		state->error = findings->error[i];
		if (without & 1u << i)
			state->error = ECANCELED;
		state->on = !state->error;
		state->remedy = state->on ? NULL : texts[i].remedy;
		if (state->on)
			snprintf(state->detail, sizeof(state->detail), "on");
		else
			snprintf(state->detail, sizeof(state->detail),
				"off: %s", strerror(state->error));
	}
}

/* Layers that only work together; what cannot be used is off. */
static void switch_off(struct jail_context *context, enum jail_layer layer,
	enum jail_layer cause)
{
	struct jail_layer_state *state = &context->layers[layer];

	if (!state->on)
		return;
	state->on = false;
	state->error = context->layers[cause].error;
	state->remedy = texts[layer].remedy;
	snprintf(state->detail, sizeof(state->detail), "off: needs the %s",
		texts[cause].name);
}

static void combine(struct jail_context *context)
{
	/* One without the others: a half jail that nobody has tested. */
	static const enum jail_layer together[] = {JAIL_USER_NAMESPACE,
		JAIL_MOUNT_NAMESPACE, JAIL_PID_NAMESPACE, JAIL_IPC_NAMESPACE,
		JAIL_UTS_NAMESPACE, JAIL_EMPTY_ROOT};
	const size_t count = sizeof(together) / sizeof(*together);

	for (size_t i = 0; i < count; i++) {
		if (layer_on(context, together[i]))
			continue;
		for (size_t j = 0; j < count; j++)
			switch_off(context, together[j], together[i]);
		switch_off(context, JAIL_NETWORK_NAMESPACE, together[i]);
		switch_off(context, JAIL_PROC, together[i]);
		return;
	}
}

static void annotate(struct jail_context *context, const struct findings *found)
{
	struct jail_layer_state *net = &context->layers[JAIL_NETWORK_NAMESPACE];
	struct jail_layer_state *proc = &context->layers[JAIL_PROC];
	struct jail_layer_state *lock = &context->layers[JAIL_LANDLOCK];

	if (net->on)
		snprintf(net->detail, sizeof(net->detail),
			"on where an exercise allows sockets; elsewhere the "
			"filter refuses them");
	if (proc->on && found->proc > 0)
		snprintf(proc->detail, sizeof(proc->detail),
			"weaker: mounted with '%s'", proc_options[found->proc]);
	if (lock->on && context->landlock_abi < 6)
		snprintf(lock->detail, sizeof(lock->detail),
			"weaker: ABI %d does not confine signals (6 does)",
			context->landlock_abi);
}

static char grade_of(const struct jail_context *context)
{
	if (!layer_on(context, JAIL_PTRACE) ||
		!layer_on(context, JAIL_SECCOMP) ||
		!layer_on(context, JAIL_NO_NEW_PRIVS) ||
		!layer_on(context, JAIL_RLIMITS))
		return 'C';
	if (layer_on(context, JAIL_EMPTY_ROOT))
		return layer_on(context, JAIL_LANDLOCK) ? 'A' : 'B';
	return layer_on(context, JAIL_LANDLOCK) ? 'B' : 'C';
}

int layers_probe(
	struct jail_context *context, unsigned without, struct err *err)
{
	struct probe probe = {.context = context};
	struct findings *findings;
	int r;

	findings = mmap(NULL, sizeof(*findings), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (findings == MAP_FAILED)
		return err_errno(err, -errno, "memory for the probe");
	for (int i = 0; i < JAIL_LAYER_COUNT; i++)
		findings->error[i] = EIO;
	findings->error[JAIL_CGROUP] = EOPNOTSUPP;
	findings->proc = -1;
	context->landlock_abi = landlock_abi();
	probe.findings = findings;
	r = run_probe(&probe);
	if (r < 0) {
		err_errno(err, r, "probe of the sandbox");
		goto out;
	}
	judge(context, findings, without);
	combine(context);
	annotate(context, findings);
	snprintf(context->layers[JAIL_CGROUP].detail,
		sizeof(context->layers[JAIL_CGROUP].detail), "off: not used");
	if (layer_on(context, JAIL_EMPTY_ROOT))
		context->namespaces = CLONE_NEWUSER | CLONE_NEWNS |
				      CLONE_NEWPID | CLONE_NEWIPC |
				      CLONE_NEWUTS;
	if (layer_on(context, JAIL_NETWORK_NAMESPACE))
		context->namespaces |= CLONE_NEWNET;
	if (layer_on(context, JAIL_PROC))
		context->proc_options = proc_options[findings->proc];
	context->large_pages = findings->large_pages;
	context->grade = grade_of(context);
out:
	munmap(findings, sizeof(*findings));
	return r;
}
