/*
 * Jails around a small program that tries things and prints what worked.  It
 * is compiled by jail_run_tool() and traced by the least tracer there can be:
 * all calls pass but those that the policy forbids.
 *
 * Everything runs in a forked child, because a test of Criterion has two
 * threads; each case runs as root (where the test is) and as an ordinary
 * user, with namespaces and without.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "jail/jail.h"
#include "jail/policy.h"

#define ORDINARY_USER 23456
#define SKIPPED 77
#define NO_NAMESPACES (1u << JAIL_USER_NAMESPACE)

/* In a child a failed check ends it; the parent's assertion then fails. */
#define CHECK(condition, ...)                                                  \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__,     \
				#condition);                                   \
			fprintf(stderr, __VA_ARGS__);                          \
			fputc('\n', stderr);                                   \
			_exit(1);                                              \
		}                                                              \
	} while (0)

static const char program[] =
	"#define _GNU_SOURCE\n"
	"#include <errno.h>\n#include <fcntl.h>\n#include <locale.h>\n"
	"#include <mqueue.h>\n#include <wchar.h>\n"
	"#include <semaphore.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
	"#include <string.h>\n#include <sys/mman.h>\n"
	"#include <sys/prctl.h>\n#include <sys/resource.h>\n"
	"#include <sys/sem.h>\n#include <sys/shm.h>\n"
	"#include <sys/socket.h>\n#include <sys/syscall.h>\n"
	"#include <sys/wait.h>\n#include <unistd.h>\n"
	"static void try(const char *path, int flags)\n"
	"{ int fd = open(path, flags, 0600);\n"
	"  if (fd >= 0) { printf(\"%s \", path); close(fd); } }\n"
	"static int host(void)\n"
	"{ try(\"/etc/passwd\", 0); try(\"/etc/hostname\", 0);\n"
	"  try(\"/root\", 0); try(\"/home\", 0); try(\"/usr/lib/os-release\", "
	"0);\n"
	"  try(\"/bin/sh\", 0); try(\"/usr/bin/gcc\", 0);\n"
	"  try(\"/proc/1/environ\", 0); try(\"/proc/1/cmdline\", 0);\n"
	"  try(\"/proc/sys/kernel/core_pattern\", 0); try(\"/sys\", 0);\n"
	"  try(\"../..\", 0); try(\"/var/run/docker.sock\", 0); return 0; }\n"
	"static int writes(const char *self)\n"
	"{ char bin[300]; snprintf(bin, 300, \"/bin/%s\", self + 2);\n"
	"  try(\"/x\", O_CREAT | O_RDWR); try(bin, O_RDWR);\n"
	"  try(self, O_RDWR); try(\"/bin/x\", O_CREAT | O_RDWR);\n"
	"  try(\"/var/tmp/x\", O_CREAT | O_RDWR);\n"
	"  try(\"/usr/x\", O_CREAT | O_RDWR);\n"
	"  try(\"/usr/lib/locale/C.utf8/x\", O_CREAT | O_RDWR);\n"
	"  try(\"/usr/lib/locale/C.utf8/LC_CTYPE\", O_RDWR);\n"
	"  try(\"mine\", O_CREAT | O_RDWR); try(\"data.txt\", O_RDWR);\n"
	"  try(\"/dev/null\", O_RDWR); return 0; }\n"
	"static int calls(void)\n"
	"{ if (!setuid(0) || !seteuid(0)) return 1;\n"
	"  if (!getuid() || !geteuid()) return 2;\n"
	"  if (socket(AF_INET, SOCK_STREAM, 0) >= 0) return 3;\n"
	"  if (!setpriority(0, 0, -5)) return 4;\n"
	"  struct rlimit r = {RLIM_INFINITY, RLIM_INFINITY};\n"
	"  if (!setrlimit(RLIMIT_NPROC, &r)) return 5;\n"
	"  if (!unshare(0x10000000)) return 6;\n"
	"  if (!prctl(PR_SET_DUMPABLE, 0)) return 7;\n"
	"  if (!syscall(SYS_memfd_create, \"x\", 0)) return 8;\n"
	"  if (getrlimit(RLIMIT_CORE, &r) || r.rlim_max != 1) return 9;\n"
	"  return 42; }\n"
	"static int wide(void)\n"
	"{ if (!setlocale(LC_ALL, \"C.UTF-8\")) return 1;\n"
	"  if (!setlocale(LC_ALL, \"\")) return 2;\n"
	"  wprintf(L\"\\u8001\\u592a\\u76d1\"); return 0; }\n"
	"static int fds(void)\n"
	"{ for (int i = 0; i < 1024; i++)\n"
	"    if (fcntl(i, F_GETFD) >= 0) printf(\"%d \", i);\n"
	"  return 0; }\n"
	"static int disk(void)\n"
	"{ static char block[65536]; long total = 0; ssize_t n;\n"
	"  int fd = open(\"big\", O_CREAT | O_WRONLY, 0600);\n"
	"  while ((n = write(fd, block, 65536)) > 0) total += n;\n"
	"  printf(\"%d %d\", errno == ENOSPC, total < (6 << 20));\n"
	"  return 0; }\n"
	"static int objects(void)\n"
	"{ if (sem_open(\"/jail-sem\", O_CREAT, 0600, 1) == SEM_FAILED)\n"
	"    return 1;\n"
	"  if (shm_open(\"/jail-shm\", O_CREAT | O_RDWR, 0600) < 0) return 2;\n"
	"  if (shmget(0x6a61696c, 4096, IPC_CREAT | 0600) < 0) return 3;\n"
	"  if (semget(0x6a61696c, 2, IPC_CREAT | 0600) < 0) return 4;\n"
	"  return 0; }\n"
	"static int daemon_child(void)\n"
	"{ if (!fork()) { setsid(); if (!fork()) for (;;) pause();\n"
	"    _exit(0); }\n"
	"  wait(NULL); printf(\"gone\"); return 0; }\n"
	"static int forks(void)\n"
	"{ int n = 0; while (n < 200) { pid_t p = fork();\n"
	"    if (p < 0) break; if (!p) for (;;) pause(); n++; }\n"
	"  printf(\"%d\", n < 60); fflush(stdout); kill(-1, 9); return 0; }\n"
	"int main(int argc, char **argv)\n"
	"{ const char *what = argc > 1 ? argv[1] : \"\";\n"
	"  if (!strcmp(what, \"pids\"))\n"
	"    return printf(\"%d %d %d\", getpid(), getppid(), getsid(0)), 0;\n"
	"  if (!strcmp(what, \"host\")) return host();\n"
	"  if (!strcmp(what, \"writes\")) return writes(argv[0]);\n"
	"  if (!strcmp(what, \"calls\")) return calls();\n"
	"  if (!strcmp(what, \"wide\")) return wide();\n"
	"  if (!strcmp(what, \"fds\")) return fds();\n"
	"  if (!strcmp(what, \"disk\")) return disk();\n"
	"  if (!strcmp(what, \"objects\")) return objects();\n"
	"  if (!strcmp(what, \"daemon\")) return daemon_child();\n"
	"  if (!strcmp(what, \"forks\")) return forks();\n"
	"  if (!strcmp(what, \"self\"))\n"
	"    return execl(argv[0], argv[0], \"calls\", NULL), 1;\n"
	"  if (!strcmp(what, \"mount\"))\n"
	"    return (int)syscall(SYS_mount, 0, 0, 0, 0, 0);\n"
	"  return 0; }\n";

struct outcome {
	int status;
	const char *forbidden; /* name of the call that ended it */
	char output[512];
	struct buf left;
};

static struct jail_context *context;
static int program_fd = -1;

static int run_gcc(struct jail_context *jails)
{
	static const char *const argv[] = {"/usr/bin/gcc", "-w", "-static",
		"./try.c", "-o", "try", "-lrt", NULL};
	const struct jail_file input = {"try.c", program, strlen(program)};
	const struct jail_tool tool = {
		.argv = argv,
		.inputs = &input,
		.input_count = 1,
		.output_name = "try",
		.cpu_seconds = 20,
		.wall_seconds = 60,
		.address_space_bytes = INT64_C(2) << 30,
		.file_bytes = 64 << 20,
		.log_limit = 4096,
	};
	struct jail_tool_result result;
	struct err err;

	CHECK(!jail_run_tool(jails, &tool, &result, &err), "%s", err.text);
	CHECK(result.status == 0, "%s", buf_text(&result.log));
	buf_release(&result.log);
	return result.output_fd;
}

static struct jail_spec spec_of(const char *const *argv, int out)
{
	static const struct jail_file data = {"data.txt", "seven", 5};

	return (struct jail_spec){
		.program_fd = program_fd,
		.argv = argv,
		.stdin_fd = open("/dev/null", O_RDONLY),
		.stdout_fd = out,
		.stderr_fd = out,
		.files = &data,
		.file_count = 1,
		.processes = 20,
		.disk_bytes = 4 << 20,
		.file_bytes = 64 << 20,
		.cpu_seconds = 10,
		.address_space_bytes = INT64_C(1) << 30,
		.cpu = -1,
	};
}

/* As the engine answers a call of these classes. */
static void refuse(pid_t pid, unsigned long data)
{
	unsigned policy = (unsigned)data & POLICY_CLASS_MASK;
	struct user_regs_struct regs;

	if ((policy != POLICY_REFUSE && policy != POLICY_REMARK) ||
		ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		return;
	regs.orig_rax = (unsigned long long)-1;
	regs.rax = (unsigned long long)-(long long)(data >> POLICY_ERROR_SHIFT);
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

/* Lets everything pass until main ends. */
static void trace_main(const struct jail *jail, struct outcome *outcome)
{
	unsigned long data;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		int event = status >> 16;

		if (pid == jail->main && !WIFSTOPPED(status)) {
			outcome->status = status;
			return;
		}
		if (!WIFSTOPPED(status))
			continue;
		if (event == PTRACE_EVENT_SECCOMP) {
			ptrace(PTRACE_GETEVENTMSG, pid, NULL, &data);
			if (data == POLICY_FORBID) {
				outcome->forbidden = "yes";
				kill(pid, SIGKILL);
			}
			refuse(pid, data);
		}
		ptrace(PTRACE_CONT, pid, NULL,
			event || WSTOPSIG(status) == SIGTRAP
				? 0
				: WSTOPSIG(status));
	}
	CHECK(0, "main was never seen to end");
}

static void run_argv(const char *const *argv, struct outcome *outcome)
{
	struct jail jail = JAIL_INIT;
	struct jail_spec spec;
	struct err err;
	size_t used = 0;
	ssize_t n;
	int out[2];

	CHECK(!pipe2(out, O_CLOEXEC), "pipe");
	memset(outcome, 0, sizeof(*outcome));
	spec = spec_of(argv, out[1]);
	CHECK(!jail_spawn(context, &spec, &jail, &err), "%s", err.text);
	close(spec.stdin_fd);
	close(out[1]);
	CHECK(!ptrace(PTRACE_SEIZE, jail.main, NULL,
		      PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP |
			      PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
			      PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
			      PTRACE_O_TRACEEXIT),
		"seize: %s", strerror(errno));
	CHECK(!jail_release(&jail, &err), "%s", err.text);
	trace_main(&jail, outcome);
	CHECK(!jail_end(&jail, &outcome->left, &err), "%s", err.text);
	CHECK(jail.init == -1 && jail.work_fd == -1, "not emptied");
	/* Ends only when no process of the jail holds the pipe any more. */
	while ((n = read(out[0], outcome->output + used,
			sizeof(outcome->output) - 1 - used)) > 0)
		used += (size_t)n;
	outcome->output[used] = '\0';
	close(out[0]);
}

static struct outcome run(const char *what)
{
	const char *const argv[] = {"./try", what, NULL};
	struct outcome outcome;

	run_argv(argv, &outcome);
	return outcome;
}

static void become(uid_t user)
{
	if (!user || geteuid())
		return;
	CHECK(!setgroups(0, NULL) && !setresgid(user, user, user) &&
			!setresuid(user, user, user),
		"cannot become an ordinary user");
	prctl(PR_SET_DUMPABLE, 1);
}

static int in_child(void (*body)(void), uid_t user, unsigned without)
{
	struct err err;
	int status;
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (!pid) {
		become(user);
		CHECK(!jail_context_new_without(without, &context, &err), "%s",
			err.text);
		if (!(without & NO_NAMESPACES) &&
			!jail_layers(context)[JAIL_EMPTY_ROOT].on)
			_exit(SKIPPED);
		if (without & NO_NAMESPACES &&
			!jail_layers(context)[JAIL_LANDLOCK].on)
			_exit(SKIPPED);
		program_fd = run_gcc(context);
		body();
		_exit(0);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void expect(void (*body)(void), uid_t user, unsigned without)
{
	int status = in_child(body, user, without);

	if (status == SKIPPED && !getenv("GRADER_MUST_WORK"))
		cr_skip_test("this machine lacks a layer: see grader doctor");
	cr_expect_eq(
		status, 0, "user %u, without %#x: %d", user, without, status);
}

static void expect_in_namespaces(void (*body)(void))
{
	expect(body, 0, 0);
	expect(body, ORDINARY_USER, 0);
}

static void expect_everywhere(void (*body)(void))
{
	expect_in_namespaces(body);
	expect(body, 0, NO_NAMESPACES);
	expect(body, ORDINARY_USER, NO_NAMESPACES);
}

static void pids(void)
{
	struct outcome o = run("pids");

	CHECK(!strcmp(o.output, "2 1 2"), "'%s'", o.output);
}

Test(jail, main_is_process_two_and_leads_its_session)
{
	expect_in_namespaces(pids);
}

static void host(void)
{
	struct outcome o = run("host");

	/* "../.." is "/" of the jail, which may be looked at. */
	CHECK(!strcmp(o.output, "../.. ") || !*o.output, "'%s'", o.output);
	CHECK(!o.status, "%#x", o.status);
}

Test(jail, no_file_of_the_host_can_be_opened)
{
	expect_everywhere(host);
}

/* Without a jail the same program opens them: the check can fail. */
static void host_without_jail(void)
{
	char path[64], line[512] = "";
	FILE *output;

	fcntl(program_fd, F_SETFD, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d host", program_fd);
	output = popen(path, "r");
	CHECK(output && fgets(line, sizeof(line), output), "no output");
	CHECK(strstr(line, "/etc/passwd"), "'%s'", line);
}

Test(jail, the_same_program_reads_the_host_without_a_jail)
{
	expect(host_without_jail, 0, 0);
}

static void writes(void)
{
	struct outcome o = run("writes");

	CHECK(!strcmp(o.output, "mine data.txt /dev/null "), "'%s'", o.output);
}

Test(jail, only_the_work_folder_can_be_written)
{
	expect_everywhere(writes);
}

static void calls(void)
{
	struct outcome o = run("calls");

	CHECK(o.status == 42 << 8, "%#x", o.status);
	o = run("self");
	CHECK(o.status == 42 << 8, "after exec of itself: %#x", o.status);
	o = run("mount");
	CHECK(o.forbidden && WIFSIGNALED(o.status), "%#x", o.status);
}

Test(jail, authority_is_refused_and_survives_exec)
{
	expect_everywhere(calls);
}

static void wide(void)
{
	struct outcome o = run("wide");

	CHECK(!o.status, "%#x", o.status);
	CHECK(!strcmp(o.output, "老太监"), "'%s'", o.output);
}

Test(jail, wide_characters_are_printed_in_utf_8)
{
	if (access("/usr/lib/locale/C.utf8", F_OK))
		cr_skip_test("this machine has no C.UTF-8");
	expect_everywhere(wide);
}

static void fds(void)
{
	/* Without close-on-exec, as a careless library would leave it. */
	int bait = open("/etc", O_RDONLY | O_DIRECTORY);
	struct outcome o = run("fds");

	CHECK(bait >= 0, "no bait");
	CHECK(!strcmp(o.output, "0 1 2 "), "'%s'", o.output);
}

Test(jail, no_descriptor_of_the_supervisor_gets_in)
{
	expect_everywhere(fds);
}

static void disk(void)
{
	struct outcome o = run("disk");

	CHECK(!strcmp(o.output, "1 1"), "'%s'", o.output);
}

Test(jail, the_disk_is_small)
{
	expect_in_namespaces(disk);
}

static void objects(void)
{
	static const char all[] = "sem:/jail-sem\nshm:/jail-shm\n"
				  "sysv-sem:0x6a61696c\nsysv-shm:0x6a61696c\n";
	struct outcome o = run("objects");

	CHECK(!o.status, "%#x", o.status);
	CHECK(!strcmp(buf_text(&o.left), all), "'%s'", buf_text(&o.left));
	/* The second run would find them if they had stayed. */
	o = run("pids");
	CHECK(!o.left.length, "'%s'", buf_text(&o.left));
	CHECK(access("/dev/shm/jail-shm", F_OK), "a file stayed on the host");
}

Test(jail, what_a_run_leaves_is_named_and_gone)
{
	expect_everywhere(objects);
}

static void daemons(void)
{
	struct outcome o = run("daemon");

	CHECK(!strcmp(o.output, "gone"), "'%s'", o.output);
	o = run("forks");
	CHECK(!strcmp(o.output, "1") || WIFSIGNALED(o.status), "'%s' %#x",
		o.output, o.status);
}

Test(jail, orphans_end_with_the_jail)
{
	expect_in_namespaces(daemons);
}

static void daemon_on_host(void)
{
	struct outcome o = run("daemon");

	CHECK(!strcmp(o.output, "gone"), "'%s'", o.output);
}

Test(jail, orphans_end_with_the_jail_on_the_host_too)
{
	expect(daemon_on_host, 0, NO_NAMESPACES);
	expect(daemon_on_host, ORDINARY_USER, NO_NAMESPACES);
}

static void not_a_program(void)
{
	const char *const argv[] = {"./text", NULL};
	struct jail jail = JAIL_INIT;
	struct outcome outcome;
	struct jail_spec spec;
	struct err err;

	program_fd = memfd_create("text", MFD_CLOEXEC);
	CHECK(write(program_fd, "hello", 5) == 5, "write");
	spec = spec_of(argv, 2);
	CHECK(!jail_spawn(context, &spec, &jail, &err), "%s", err.text);
	CHECK(!ptrace(PTRACE_SEIZE, jail.main, NULL,
		      PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP),
		"seize");
	CHECK(!jail_release(&jail, &err), "%s", err.text);
	trace_main(&jail, &outcome);
	CHECK(jail_failure(&jail, &err) == -ENOEXEC, "%s", err.text);
	CHECK(strstr(err.text, "execve"), "%s", err.text);
	CHECK(!jail_end(&jail, NULL, &err), "%s", err.text);
}

Test(jail, a_failed_start_says_why)
{
	expect_everywhere(not_a_program);
}

/* A supervisor that is killed while main waits; we hold the init's pidfd. */
static void supervisor_dies(void)
{
	const char *const argv[] = {"./try", NULL};
	struct pollfd ended[2] = {{-1, POLLIN, 0}, {-1, POLLIN, 0}};
	struct jail jail = JAIL_INIT;
	struct jail_spec spec;
	struct err err;
	pid_t pids[2], supervisor;
	int tell[2];

	CHECK(!pipe2(tell, O_CLOEXEC), "pipe");
	supervisor = fork();
	if (!supervisor) {
		spec = spec_of(argv, 2);
		CHECK(!jail_spawn(context, &spec, &jail, &err), "%s", err.text);
		pids[0] = jail.init;
		pids[1] = jail.main;
		CHECK(write(tell[1], pids, sizeof(pids)) > 0, "write");
		pause();
	}
	close(tell[1]);
	CHECK(read(tell[0], pids, sizeof(pids)) == sizeof(pids), "read");
	for (int i = 0; i < 2; i++) {
		ended[i].fd = (int)syscall(SYS_pidfd_open, pids[i], 0);
		CHECK(ended[i].fd >= 0, "pidfd_open");
	}
	CHECK(!poll(ended, 2, 0), "ended too early");
	kill(supervisor, SIGKILL);
	waitpid(supervisor, NULL, 0);
	for (int i = 0; i < 2; i++)
		CHECK(poll(&ended[i], 1, 5000) == 1, "process %d lives on", i);
}

Test(jail, nothing_outlives_the_supervisor)
{
	expect_in_namespaces(supervisor_dies);
}

Test(jail, layers_tell_their_state_and_the_remedy)
{
	struct jail_context *made;
	struct err err;

	cr_assert_eq(jail_context_new_without(NO_NAMESPACES, &made, &err), 0);
	for (int i = 0; i < JAIL_LAYER_COUNT; i++) {
		const struct jail_layer_state *layer = &jail_layers(made)[i];

		cr_expect_not_null(layer->name);
		cr_expect(*layer->detail);
		cr_expect_eq(layer->on, !layer->remedy, "%s", layer->name);
	}
	cr_expect_not(jail_layers(made)[JAIL_EMPTY_ROOT].on);
	cr_expect_neq(jail_grade(made), 'A');
	jail_context_free(made);
	cr_assert_eq(
		jail_context_new_without(1u << JAIL_PTRACE, &made, &err), 0);
	cr_expect_eq(jail_grade(made), 'C');
	jail_context_free(made);
}
