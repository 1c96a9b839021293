/*
 * How it works: one gcc command compiles and links all .c files statically,
 * without position independence, so that an address in a trace is an address
 * in the file.  -O0 keeps the student's accesses as written, -g gives places.
 * That is the command that the report shows, and its warnings.
 *
 * What runs under the engine is built once more with the hooks of
 * hooks/hooks.h: gcc -fsanitize=thread puts a call in front of each access to
 * memory, and instead of the sanitizer's library our own runtime is linked,
 * which is why it takes two commands: given -fsanitize=thread, gcc would link
 * its own.  A program that does not stand that (it defines one of the
 * runtime's names) runs as it is.
 * Every name is passed as ./name: neither "@x.c" nor "-fplugin=x.c" is then
 * taken for anything but a file.
 *
 * The output is looked at before anything runs it: a source can put a
 * section .interp into a static program, which makes the kernel start
 * another program first.
 *
 * When a compilation fails, a program that surely compiles is tried once: a
 * machine without libc.a is trouble of the grader, never a mark.
 */
#include "grader/compile.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/hash.h"
#include "grader/sign_of_life.h"
#include "hooks/object.h"

#define OUTPUT_NAME "program"
#define LOG_LIMIT (64u << 10)
#define OBJECT_MAX (64u << 20)

/*
 * A static program gives the unwinder its tables at its start and takes them
 * back in exit().  A thread that ends by pthread_exit() or is cancelled at
 * that moment would then abort() the process, which one linked dynamically,
 * as everywhere else, does not: so they are never taken back.
 */
#define KEEP_TABLES "-Wl,--defsym=__deregister_frame_info=0"

static const char *const FLAGS[] = {"-std=gnu17", "-O0", "-g", "-Wall",
	"-Wextra", "-pthread", "-static", "-fno-PIE", "-no-pie", KEEP_TABLES,
	"-o", OUTPUT_NAME, NULL};

/* The build with hooks: all sources into one object, and that linked. */
#define HOOKED_NAME "submission.o"
#define HOOKS_NAME "hooks.o"
#define HOOKED                                                                 \
	"-std=gnu17", "-O0", "-g", "-pthread", "-fno-PIE",                     \
		"-fsanitize=thread", "-r", "-o", HOOKED_NAME
static const char *const HOOKED_FLAGS[] = {HOOKED,
	/* what gcc makes of these itself is not instrumented; undeclared,
	   they would return an int then */
	"-Werror=implicit-function-declaration", "-fno-builtin-memcpy",
	"-fno-builtin-memmove", "-fno-builtin-memset", "-fno-builtin-memcmp",
	"-fno-builtin-strcpy", "-fno-builtin-strncpy", "-fno-builtin-strcat",
	"-fno-builtin-strncat", "-fno-builtin-strlen", "-fno-builtin-strcmp",
	"-fno-builtin-strncmp", "-fno-builtin-sprintf", "-fno-builtin-snprintf",
	NULL};
static const char *const UNDECLARED_FLAGS[] = {HOOKED, NULL};
static const char *const LINK_FLAGS[] = {"-pthread", "-static", "-no-pie",
	KEEP_TABLES, "-o", OUTPUT_NAME, "./" HOOKED_NAME, "./" HOOKS_NAME,
	NULL};

const char *compiler_path(struct err *err)
{
	static const char *const paths[] = {
		"/usr/bin/gcc", "/usr/local/bin/gcc"};
	const char *chosen = getenv("GRADER_GCC");

	if (chosen && *chosen) {
		if (chosen[0] == '/' && !access(chosen, X_OK))
			return chosen;
		err_set(err, -ENOENT,
			"GRADER_GCC='%s' is not the absolute path of a "
			"compiler",
			chosen);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!access(paths[i], X_OK))
			return paths[i];
	}
	err_set(err, -ENOENT,
		"there is no gcc in /usr/bin; install it: "
		"sudo apt-get install gcc libc6-dev");
	return NULL;
}

/* NULL-terminated; free_argv() frees it. */
static char **make_argv(const char *gcc, const char *const *flags,
	const struct submission *submission)
{
	size_t count = submission->file_count + 2, n = 0;
	char **argv;

	while (flags[n])
		n++;
	argv = xcalloc(count + n, sizeof(*argv));
	n = 0;
	argv[n++] = xstrdup(gcc);
	for (size_t i = 0; flags[i]; i++)
		argv[n++] = xstrdup(flags[i]);
	for (size_t i = 0; i < submission->file_count; i++) {
		const char *name = submission->files[i].name;

		if (name[strlen(name) - 1] == 'c')
			argv[n++] = xasprintf("./%s", name);
	}
	return argv;
}

static void free_argv(char **argv)
{
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
	free(argv);
}

/* Runs gcc in its jail.  RESULT is the caller's to release. */
static int run_tool(const struct jail_context *context,
	const struct jail_file *inputs, size_t input_count, char *const *argv,
	const char *output, struct jail_tool_result *result, struct err *err)
{
	const struct jail_tool tool = {
		.argv = (const char *const *)argv,
		.inputs = inputs,
		.input_count = input_count,
		.output_name = output,
		.cpu_seconds = 10,
		.wall_seconds = 30,
		.address_space_bytes = 1536LL << 20,
		.file_bytes = 64LL << 20,
		.log_limit = LOG_LIMIT,
	};

	int r = jail_run_tool(context, &tool, result, err);

	sign_of_life();
	return r;
}

/* The same with the submission's files. */
static int run_gcc(const struct jail_context *context,
	const struct submission *submission, char *const *argv,
	const char *output, struct jail_tool_result *result, struct err *err)
{
	struct jail_file *inputs;
	int r;

	inputs = xcalloc(submission->file_count + 1, sizeof(*inputs));
	for (size_t i = 0; i < submission->file_count; i++) {
		inputs[i].name = submission->files[i].name;
		inputs[i].data = submission->files[i].data;
		inputs[i].length = submission->files[i].length;
	}
	r = run_tool(context, inputs, submission->file_count, argv, output,
		result, err);
	free(inputs);
	return r;
}

/* 0 when gcc can compile and link on this machine; asked on a failure only. */
static int try_compiler(
	const struct jail_context *context, const char *gcc, struct err *err)
{
	static char name[] = "probe.c";
	static char code[] = "#include <pthread.h>\n#include <stdio.h>\n"
			     "int main(void) { return puts(\"\") < 0; }\n";
	struct source_file file = {name, code, sizeof(code) - 1};
	struct submission probe = {.files = &file, .file_count = 1};
	struct jail_tool_result result = {.output_fd = -1};
	char **argv = make_argv(gcc, FLAGS, &probe);
	int r = run_gcc(context, &probe, argv, OUTPUT_NAME, &result, err);

	free_argv(argv);
	if (!r && result.status != 0)
		r = err_set(err, -ENOPKG,
			"'%s' cannot build any program here; install what it "
			"needs: sudo apt-get install gcc libc6-dev; it says: "
			"%.600s",
			gcc, buf_text(&result.log));
	if (result.output_fd >= 0)
		close(result.output_fd);
	buf_release(&result.log);
	return r;
}

/* NULL when the ELF at DATA may be run, else what is wrong with it. */
static const char *elf_fault(const unsigned char *data, size_t length)
{
	Elf64_Ehdr header;

	if (length < sizeof(header))
		return "it is too short for a program";
	memcpy(&header, data, sizeof(header));
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
		header.e_ident[EI_CLASS] != ELFCLASS64 ||
		header.e_machine != EM_X86_64 || header.e_type != ET_EXEC)
		return "it is not a static x86-64 program";
	if (header.e_phentsize != sizeof(Elf64_Phdr) ||
		header.e_phoff > length ||
		header.e_phnum > (length - header.e_phoff) / sizeof(Elf64_Phdr))
		return "its program headers are broken";
	for (size_t i = 0; i < header.e_phnum; i++) {
		Elf64_Phdr segment;

		memcpy(&segment, data + header.e_phoff + i * sizeof(segment),
			sizeof(segment));
		if (segment.p_type == PT_INTERP)
			return "it asks for an interpreter (a section .interp)";
		if (segment.p_type == PT_DYNAMIC)
			return "it asks for dynamic linking";
	}
	return NULL;
}

/*
 * Checks and hashes the ELF in FD.  *FAULT is NULL when it may be run, else a
 * static text.
 */
static int inspect(int fd, char **hash, const char **fault, struct err *err)
{
	struct stat status;
	struct hash *sum;
	void *data;

	if (fstat(fd, &status) < 0)
		return err_errno(err, -errno, "cannot look at the program");
	if (status.st_size == 0) {
		*fault = "it is empty";
		return 0;
	}
	data = mmap(
		NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return err_errno(err, -errno, "cannot map the program");
	*fault = elf_fault(data, (size_t)status.st_size);
	sum = hash_new();
	hash_add(sum, data, (size_t)status.st_size);
	*hash = hash_hex(sum);
	munmap(data, (size_t)status.st_size);
	return 0;
}

/* gcc's temporary objects have random names; the log must not. */
static void hide_random_names(char *log)
{
	static const char prefix[] = "/tmp/cc";

	for (char *at = log; (at = strstr(at, prefix)); at++) {
		char *random = at + sizeof(prefix) - 1;

		if (strnlen(random, 6) == 6 && random[6] == '.')
			memset(random, 'X', 6);
	}
}

static char *clean_log(const struct jail_tool_result *result, const char *fault)
{
	struct buf log = {0};

	if (result->log.length)
		buf_add_clean(&log, result->log.data, result->log.length);
	if (log.length && log.data[log.length - 1] != '\n')
		buf_addc(&log, '\n');
	if (result->limit)
		buf_addf(&log, "grader: gcc hit the limit of: %s\n",
			result->limit);
	else if (result->signal)
		buf_addf(&log, "grader: gcc was ended by signal %d (%s)\n",
			result->signal, strsignal(result->signal));
	if (fault)
		buf_addf(&log, "grader: the program is not run: %s\n", fault);
	if (log.data)
		hide_random_names(log.data);
	return log.data ? buf_detach(&log) : xstrdup("");
}

static char *join(char *const *argv)
{
	struct buf text = {0};

	for (size_t i = 0; argv[i]; i++)
		buf_addf(&text, "%s%s", i ? " " : "", argv[i]);
	return buf_detach(&text);
}

static double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Takes over what gcc made; see compile_submission(). */
static int take_output(struct program *program, struct jail_tool_result *result,
	struct err *err)
{
	const char *fault = NULL;
	int r;

	if (result->output_fd >= 0) {
		r = inspect(result->output_fd, &program->hash, &fault, err);
		if (r)
			return r;
	}
	program->compile.log = clean_log(result, fault);
	program->compile.log_cut = result->log_cut;
	program->compile.ok = result->status == 0 && !result->limit &&
			      result->output_fd >= 0 && !fault;
	if (!program->compile.ok)
		return 0;
	program->plain_fd = result->output_fd;
	result->output_fd = -1;
	return 0;
}

static void free_result(struct jail_tool_result *result)
{
	if (result->output_fd >= 0)
		close(result->output_fd);
	buf_release(&result->log);
	*result = (struct jail_tool_result){.output_fd = -1};
}

/* gcc's arguments for linking with the runtime; free_argv() frees them. */
static char **make_link_argv(const char *gcc)
{
	struct buf wraps = {0};
	char **argv;
	size_t n = 0;

	buf_adds(&wraps, "-Wl");
	for (size_t i = 0; hooks_wrapped[i]; i++)
		buf_addf(&wraps, ",--wrap=%s", hooks_wrapped[i]);
	argv = xcalloc(
		sizeof(LINK_FLAGS) / sizeof(LINK_FLAGS[0]) + 2, sizeof(*argv));
	argv[n++] = xstrdup(gcc);
	argv[n++] = buf_detach(&wraps);
	for (size_t i = 0; LINK_FLAGS[i]; i++)
		argv[n++] = xstrdup(LINK_FLAGS[i]);
	return argv;
}

/* The object of the sources with hooks is in OBJECT_FD. */
static int link_hooks(const struct jail_context *context, const char *gcc,
	int object_fd, struct jail_tool_result *result, struct err *err)
{
	struct buf object = {0};
	char **argv = make_link_argv(gcc);
	struct jail_file inputs[2] = {{.name = HOOKED_NAME},
		{HOOKS_NAME, hooks_object, hooks_object_size}};
	int r = buf_read_fd(&object, object_fd, OBJECT_MAX);

	inputs[0].data = object.data;
	inputs[0].length = object.length;
	if (r >= 0)
		r = run_tool(
			context, inputs, 2, argv, OUTPUT_NAME, result, err);
	buf_release(&object);
	free_argv(argv);
	return r;
}

static int compile_hooked(const struct jail_context *context, const char *gcc,
	const char *const *flags, const struct submission *submission,
	struct jail_tool_result *object, struct err *err)
{
	char **argv = make_argv(gcc, flags, submission);
	int r = run_gcc(context, submission, argv, HOOKED_NAME, object, err);

	free_argv(argv);
	return r;
}

/*
 * The build with hooks, in *FD; -1 when there is none.  Its diagnostics are
 * those of the plain build, which has been shown, or our own affair.
 */
static int build_hooked(const struct jail_context *context, const char *gcc,
	const struct submission *submission, int *fd, struct err *err)
{
	struct jail_tool_result object = {.output_fd = -1};
	struct jail_tool_result result = {.output_fd = -1};
	const char *fault = NULL;
	auto_free char *hash = NULL;
	int r = compile_hooked(
		context, gcc, HOOKED_FLAGS, submission, &object, err);

	*fd = -1;
	if (!r && object.output_fd < 0) {
		free_result(&object);
		r = compile_hooked(context, gcc, UNDECLARED_FLAGS, submission,
			&object, err);
	}
	if (!r && object.output_fd >= 0)
		r = link_hooks(context, gcc, object.output_fd, &result, err);
	if (!r && result.output_fd >= 0)
		r = inspect(result.output_fd, &hash, &fault, err);
	if (!r && result.output_fd >= 0 && !fault) {
		*fd = result.output_fd;
		result.output_fd = -1;
	}
	free_result(&object);
	free_result(&result);
	return r;
}

static bool has_assembler(const struct submission *submission)
{
	for (size_t i = 0; i < submission->file_count; i++)
		if (memmem(submission->files[i].data,
			    submission->files[i].length, "asm", 3))
			return true;
	return false;
}

/* Decides what is run, and reads where its code stands in the sources. */
static int settle(const struct jail_context *context, const char *gcc,
	const struct submission *submission, struct program *program,
	struct err *err)
{
	int r = build_hooked(context, gcc, submission, &program->fd, err);

	if (r)
		return r;
	program->has_assembler = has_assembler(submission);
	if (program->fd >= 0) {
		program->places = places_new(program->fd);
		program->hooks = places_hooks(program->places);
	}
	if (!program->hooks) {
		places_free(program->places);
		if (program->fd >= 0)
			close(program->fd);
		program->fd = fcntl(program->plain_fd, F_DUPFD_CLOEXEC, 0);
		if (program->fd < 0)
			return err_errno(err, -errno, "the program");
		program->places = places_new(program->fd);
	}
	places_code_range(
		program->places, &program->code_low, &program->code_high);
	return 0;
}

int compile_submission(const struct jail_context *context,
	const struct submission *submission, struct program *program,
	struct err *err)
{
	struct jail_tool_result result = {.output_fd = -1};
	struct program made = PROGRAM_INIT;
	const char *gcc = compiler_path(err);
	double started = now_seconds();
	char **argv;
	int r;

	if (!gcc)
		return -ENOENT;
	argv = make_argv(gcc, FLAGS, submission);
	made.compile.command = join(argv);
	r = run_gcc(context, submission, argv, OUTPUT_NAME, &result, err);
	if (!r && result.status != 0)
		r = try_compiler(context, gcc, err);
	if (!r)
		r = take_output(&made, &result, err);
	if (!r && made.compile.ok)
		r = settle(context, gcc, submission, &made, err);
	made.seconds = now_seconds() - started;
	free_argv(argv);
	free_result(&result);
	if (r) {
		program_release(&made);
		return err_context(err, r, "compiling");
	}
	*program = made;
	return 0;
}

void program_release(struct program *program)
{
	if (program->fd >= 0)
		close(program->fd);
	if (program->plain_fd >= 0)
		close(program->plain_fd);
	places_free(program->places);
	free(program->hash);
	free(program->compile.command);
	free(program->compile.log);
	*program = (struct program)PROGRAM_INIT;
}
