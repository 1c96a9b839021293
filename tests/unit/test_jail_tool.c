/*
 * The jail of the compiler, from the attacker's side.  Each test runs in the
 * process of Criterion: jail_run_tool() traces nobody.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "jail/jail.h"

static struct jail_context *context;

static void make(void)
{
	struct err err;

	cr_assert_eq(jail_context_new(&context, &err), 0, "%s", err.text);
}

static void drop(void)
{
	jail_context_free(context);
}

TestSuite(jail_tool, .init = make, .fini = drop, .timeout = 60);

static struct jail_tool_result run(
	const char *const *argv, const char *source, const char *output)
{
	const struct jail_file input = {"x.c", source, strlen(source)};
	const struct jail_tool tool = {
		.argv = argv,
		.inputs = &input,
		.input_count = 1,
		.output_name = output,
		.cpu_seconds = 10,
		.wall_seconds = 20,
		.address_space_bytes = INT64_C(1536) << 20,
		.file_bytes = 32 << 20,
		.log_limit = 2000,
	};
	struct jail_tool_result result;
	struct err err;

	cr_assert_eq(jail_run_tool(context, &tool, &result, &err), 0, "%s",
		err.text);
	return result;
}

static struct jail_tool_result compile(const char *source)
{
	static const char *const argv[] = {
		"/usr/bin/gcc", "-c", "./x.c", "-o", "x.o", NULL};

	return run(argv, source, "x.o");
}

static void forget(struct jail_tool_result *result)
{
	buf_release(&result->log);
	if (result->output_fd >= 0)
		close(result->output_fd);
}

Test(jail_tool, the_output_of_a_good_source_comes_out)
{
	struct jail_tool_result result = compile("int main(void){return 0;}");
	char magic[4] = "";

	cr_assert_eq(result.status, 0, "%s", buf_text(&result.log));
	cr_assert_eq(read(result.output_fd, magic, 4), 4);
	cr_expect_eq(memcmp(magic, "\177ELF", 4), 0);
	cr_expect_eq(result.log.length, 0);
	forget(&result);
}

Test(jail_tool, a_bad_source_gives_status_and_log)
{
	struct jail_tool_result result = compile("int main(void){return x;}");

	cr_expect_eq(result.status, 1);
	cr_expect_eq(result.output_fd, -1);
	cr_expect_null(result.limit);
	cr_expect_not_null(strstr(buf_text(&result.log), "./x.c:1"));
	forget(&result);
}

Test(jail_tool, files_of_the_host_cannot_be_included)
{
	static const char *const names[] = {"/etc/passwd", "/etc/hostname",
		"/proc/self/environ", "/dev/zero", "/dev/null",
		"../../../etc/passwd", "/usr/share/doc", "/usr/local",
		"/root/.bashrc"};
	char source[512];

	if (!jail_layers(context)[JAIL_EMPTY_ROOT].on &&
		!getenv("GRADER_MUST_WORK"))
		cr_skip_test("without namespaces their existence shows");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct jail_tool_result result;

		snprintf(source, sizeof(source),
			"#if __has_include(\"%s\")\n"
			"#error leaks\n#endif\n"
			"__asm__(\".incbin \\\"%s\\\"\");\n",
			names[i], names[i]);
		result = compile(source);
		cr_expect_neq(result.status, 0, "%s", names[i]);
		cr_expect_null(
			strstr(buf_text(&result.log), "leaks"), "%s", names[i]);
		cr_expect_null(strstr(buf_text(&result.log), "root:"));
		forget(&result);
	}
}

Test(jail_tool, a_long_log_is_cut_and_drained)
{
	static const char line[] = "#warning flood\n";
	char *source = calloc(1, 2000 * sizeof(line));
	struct jail_tool_result result;
	char *at = source;

	for (int i = 0; i < 2000; i++)
		at = stpcpy(at, line);
	result = compile(source);
	cr_expect_eq(result.status, 0, "%d %d", result.status, result.signal);
	cr_expect(result.log_cut);
	cr_expect_eq(result.log.length, 2000);
	free(source);
	forget(&result);
}

Test(jail_tool, an_object_of_any_size_meets_the_limit)
{
	struct jail_tool_result result =
		compile("char big[1ll << 33] = {1}; int main(void){}");

	cr_expect_neq(result.status, 0);
	cr_expect_str_eq(result.limit, "file size");
	forget(&result);
}

Test(jail_tool, a_tool_that_never_ends_is_ended)
{
	static const char *const argv[] = {"/usr/bin/sleep", "60", NULL};
	const struct jail_tool tool = {
		.argv = argv,
		.cpu_seconds = 10,
		.wall_seconds = 1,
		.address_space_bytes = 1 << 30,
		.file_bytes = 1 << 20,
		.log_limit = 100,
	};
	struct jail_tool_result result;
	struct timespec from, to;
	struct err err;

	clock_gettime(CLOCK_MONOTONIC, &from);
	cr_assert_eq(jail_run_tool(context, &tool, &result, &err), 0, "%s",
		err.text);
	clock_gettime(CLOCK_MONOTONIC, &to);
	cr_expect_str_eq(result.limit, "wall");
	cr_expect_eq(result.status, -1);
	cr_expect_lt(to.tv_sec - from.tv_sec, 5);
	forget(&result);
}

/* How many processes have WORD as their last argument. */
static int count_processes(const char *word)
{
	char path[300], text[4096];
	const struct dirent *entry;
	DIR *folder = opendir("/proc");
	int count = 0;

	while ((entry = readdir(folder))) {
		FILE *file;
		size_t length;

		snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		length = fread(text, 1, sizeof(text) - 1, file);
		text[length] = '\0';
		if (length > strlen(word) + 1 &&
			!strcmp(text + length - strlen(word) - 1, word))
			count++;
		fclose(file);
	}
	closedir(folder);
	return count;
}

/*
 * A tool that was made to start another program (by a plugin, a wrapper, a
 * hole) leaves nothing: no process whether it is in a session of its own, has
 * lost its parents or ignores signals.
 */
static void expect_nothing_runs_on(const char *seconds)
{
	const char *const argv[] = {"/usr/bin/bash", "-c",
		"trap '' HUP TERM INT\n"
		"setsid sleep $0 &\n"
		"(setsid setsid sleep $0 &)\n"
		"sleep $0 & disown\n"
		"exit 0",
		seconds, NULL};
	struct jail_tool_result result = run(argv, "", NULL);

	cr_expect_eq(result.status, 0, "%s", buf_text(&result.log));
	/* what was killed may take a moment to be gone */
	for (int i = 0; i < 100 && count_processes(seconds); i++)
		usleep(10000);
	cr_expect_eq(count_processes(seconds), 0);
	forget(&result);
}

Test(jail_tool, what_a_tool_leaves_running_is_killed)
{
	expect_nothing_runs_on("4242.1");
}

Test(jail_tool, what_a_tool_leaves_running_is_killed_without_namespaces)
{
	struct jail_context *full = context;
	struct err err;

	cr_assert_eq(jail_context_new_without(
			     1u << JAIL_USER_NAMESPACE, &context, &err),
		0, "%s", err.text);
	expect_nothing_runs_on("4242.2");
	jail_context_free(full);
}

/* The negative control: such a process would be seen. */
Test(jail_tool, a_process_that_runs_on_would_be_seen)
{
	pid_t pid = fork();

	if (!pid) {
		execlp("sleep", "sleep", "4242.5", (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 100 && !count_processes("4242.5"); i++)
		usleep(10000);
	cr_expect_eq(count_processes("4242.5"), 1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

Test(jail_tool, a_link_in_place_of_the_output_is_not_followed)
{
	static const char *const argv[] = {
		"/usr/bin/ln", "-s", "/usr/bin/gcc", "x.o", NULL};
	struct jail_tool_result result = run(argv, "", "x.o");

	cr_expect_eq(result.status, 0, "%s", buf_text(&result.log));
	cr_expect_eq(result.output_fd, -1);
	forget(&result);
}

Test(jail_tool, inputs_and_system_folders_are_read_only)
{
	static const char *const touch[] = {
		"/usr/bin/touch", "/usr/bin/x", "/x", NULL};
	struct jail_tool_result result = run(touch, "", NULL);

	cr_expect_neq(result.status, 0);
	forget(&result);
}

Test(jail_tool, a_missing_tool_is_trouble_of_the_grader)
{
	static const char *const argv[] = {"/usr/bin/no-such-tool", NULL};
	const struct jail_tool tool = {.argv = argv, .wall_seconds = 1};
	struct jail_tool_result result;
	struct err err;

	cr_expect_lt(jail_run_tool(context, &tool, &result, &err), 0);
	cr_expect_not_null(strstr(err.text, "no-such-tool"));
}
