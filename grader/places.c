/*
 * libdw parses the debug information, in a process of its own.
 *
 * A submission may contain assembler, and so a .debug_line section made by
 * hand to hang, exhaust or corrupt its reader; and the reader here would be
 * the process that gives the marks.  So a forked child gives
 * up everything but its memory, the program and the pipe to its parent (a
 * seccomp filter, other descriptors closed, limits of memory and CPU time),
 * parses, and sends the rows through the pipe.  The parent believes no more
 * than that they are numbers: it checks every index and every name, and sorts
 * the rows itself. A child that is killed, too slow or talks nonsense means: no
 * places.
 */
#include "grader/places.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"

#define NAME_MAX_LENGTH 63
#define FILES_MAX 64
#define ROWS_MAX (1u << 18)
#define DATA_MAX ((rlim_t)512 << 20)
#define CPU_MAX_S 2
#define WALL_MAX_MS 10000
#define NO_FILE UINT32_MAX
#define ANSWER_FD 0 /* in the child */
#define PROGRAM_FD 1

struct file_name {
	char text[NAME_MAX_LENGTH + 1];
};

/* From PC to the next row, code of that line; line 0 = nobody's. */
struct row {
	uint64_t pc;
	uint32_t line;
	uint32_t file;  /* index of a name, or NO_FILE */
	uint32_t order; /* place in the line table */
	uint32_t zero;
};

/* What the child sends: this, the names, the rows. */
struct answer {
	uint64_t low, high;
	uint32_t file_count, row_count;
};

struct places {
	struct answer size;
	struct file_name *files;
	struct row *rows; /* by pc, then by order */
	char text[NAME_MAX_LENGTH + 16];
};

/* The child's side: what it has collected so far. */
struct reader {
	struct answer size;
	struct file_name files[FILES_MAX];
	struct row *rows;
};

static bool is_file_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= NAME_MAX_LENGTH &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz"
			    "0123456789_-.") == length;
}

/*
 * The student's name of a file of a line table: "./a.c", "a.c" or either
 * behind the folder of compilation.  NULL for all others, such as headers of
 * the system.
 */
static const char *own_name(const char *path, const char *folder)
{
	size_t length = folder ? strlen(folder) : 0;

	if (length && !strncmp(path, folder, length) && path[length] == '/')
		path += length + 1;
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	return is_file_name(path) ? path : NULL;
}

static uint32_t file_index(
	struct reader *reader, const char *path, const char *folder)
{
	const char *name = path ? own_name(path, folder) : NULL;
	uint32_t i;

	if (!name)
		return NO_FILE;
	for (i = 0; i < reader->size.file_count; i++)
		if (!strcmp(reader->files[i].text, name))
			return i;
	if (i == FILES_MAX)
		return NO_FILE;
	memcpy(reader->files[i].text, name, strlen(name) + 1);
	reader->size.file_count++;
	return i;
}

static void read_row(
	struct reader *reader, Dwarf_Line *line, const char *folder)
{
	struct row *row = &reader->rows[reader->size.row_count];
	Dwarf_Addr pc;
	bool is_end;
	int number;

	if (reader->size.row_count == ROWS_MAX || dwarf_lineaddr(line, &pc) ||
		dwarf_lineno(line, &number) ||
		dwarf_lineendsequence(line, &is_end))
		return;
	memset(row, 0, sizeof(*row));
	row->pc = pc;
	row->order = reader->size.row_count++;
	row->line = is_end || number < 0 ? 0 : (uint32_t)number;
	row->file = file_index(reader, dwarf_linesrc(line, NULL, NULL), folder);
}

static void read_range(struct reader *reader, Dwarf_Die *unit)
{
	struct answer *size = &reader->size;
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(unit, at, &base, &low, &high)) > 0) {
		if (low >= high)
			continue;
		if (!size->high || low < size->low)
			size->low = low;
		if (high > size->high)
			size->high = high;
	}
}

/* gcc names the unit of ./a.c "./a.c"; a library's has a path of its own. */
static void read_unit(struct reader *reader, Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;
	const char *name = dwarf_diename(unit);
	const char *folder =
		dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
	Dwarf_Lines *lines;
	size_t count, i;

	if (!name || strncmp(name, "./", 2) != 0 || !own_name(name, NULL))
		return;
	read_range(reader, unit);
	if (dwarf_getsrclines(unit, &lines, &count))
		return;
	for (i = 0; i < count; i++)
		read_row(reader, dwarf_onesrcline(lines, i), folder);
}

static void read_units(struct reader *reader, int program_fd)
{
	Dwarf *dwarf = dwarf_begin(program_fd, DWARF_C_READ);
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;

	while (dwarf &&
		!dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL))
		read_unit(reader, &die);
}

static void send_all(int fd, const void *data, size_t length)
{
	const char *at = data;
	ssize_t sent;

	while (length > 0) {
		sent = write(fd, at, length);
		if (sent <= 0)
			return;
		at += sent;
		length -= (size_t)sent;
	}
}

#define ALLOW(call)                                                            \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                 \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/*
 * Leaves the child its memory, the answer as descriptor 0, the program as 1
 * and the end of its life.  All other calls fail, which libdw stands: it asks
 * for the name of its file.  The number alone is looked at: a call by another
 * calling convention meets a process with two descriptors and nothing to
 * gain.
 */
static bool lock_in(int answer_fd, int program_fd)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		ALLOW(write),
		ALLOW(pread64),
		ALLOW(lseek),
		ALLOW(fstat),
		ALLOW(newfstatat),
		ALLOW(exit_group),
		ALLOW(brk),
		ALLOW(mmap),
		ALLOW(munmap),
		ALLOW(mremap),
		ALLOW(mprotect),
		ALLOW(madvise),
		ALLOW(futex),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	const struct sock_fprog program = {
		sizeof(filter) / sizeof(filter[0]), filter};
	const struct rlimit cpu = {CPU_MAX_S, CPU_MAX_S};
#ifndef __SANITIZE_ADDRESS__
	const struct rlimit data = {DATA_MAX, DATA_MAX};
#else
	/* its shadow memory alone is beyond every limit */
	const struct rlimit data = {RLIM_INFINITY, RLIM_INFINITY};
#endif

	/* above what dup2() is going to replace */
	answer_fd = fcntl(answer_fd, F_DUPFD, 2);
	program_fd = fcntl(program_fd, F_DUPFD, 2);
	return dup2(answer_fd, ANSWER_FD) == ANSWER_FD &&
	       dup2(program_fd, PROGRAM_FD) == PROGRAM_FD &&
	       !close_range(2, ~0U, 0) && !setrlimit(RLIMIT_CPU, &cpu) &&
	       !setrlimit(RLIMIT_DATA, &data) &&
	       !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

_Noreturn static void read_and_exit(int program_fd, int answer_fd)
{
	struct reader *reader = xcalloc(1, sizeof(*reader));

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	reader->rows = xcalloc(ROWS_MAX, sizeof(*reader->rows));
	if (!lock_in(answer_fd, program_fd))
		_exit(1);
	read_units(reader, PROGRAM_FD);
	send_all(ANSWER_FD, &reader->size, sizeof(reader->size));
	send_all(ANSWER_FD, reader->files,
		reader->size.file_count * sizeof(*reader->files));
	send_all(ANSWER_FD, reader->rows,
		reader->size.row_count * sizeof(*reader->rows));
	_exit(0);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads to the end of file, but no more than an answer can be long. */
static void receive(int fd, struct buf *data)
{
	const size_t max = sizeof(struct answer) +
			   FILES_MAX * sizeof(struct file_name) +
			   ROWS_MAX * sizeof(struct row);
	const int64_t deadline = now_ms() + WALL_MAX_MS;
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	char chunk[65536];
	int64_t left;
	ssize_t got;

	while (data->length <= max) {
		left = deadline - now_ms();
		if (left <= 0 || poll(&ready, 1, (int)left) == 0)
			return;
		got = read(fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return;
		buf_add(data, chunk, (size_t)got);
	}
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *left = a, *right = b;

	if (left->pc != right->pc)
		return left->pc < right->pc ? -1 : 1;
	/* where a sequence ends and the next begins, the next one counts */
	if (!left->line != !right->line)
		return left->line ? 1 : -1;
	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return 0;
}

static void accept_answer(struct places *places, const struct buf *data)
{
	size_t files_length, rows_length, i;
	struct answer size;

	if (data->length < sizeof(size))
		return;
	memcpy(&size, data->data, sizeof(size));
	if (size.file_count > FILES_MAX || size.row_count > ROWS_MAX)
		return;
	files_length = size.file_count * sizeof(*places->files);
	rows_length = size.row_count * sizeof(*places->rows);
	if (data->length != sizeof(size) + files_length + rows_length)
		return;
	places->size = size;
	places->files = xmalloc(files_length);
	places->rows = xmalloc(rows_length);
	memcpy(places->files, data->data + sizeof(size), files_length);
	memcpy(places->rows, data->data + sizeof(size) + files_length,
		rows_length);
	for (i = 0; i < size.file_count; i++)
		places->files[i].text[NAME_MAX_LENGTH] = '\0';
	for (i = 0; i < size.row_count; i++)
		if (places->rows[i].file >= size.file_count ||
			!is_file_name(places->files[places->rows[i].file].text))
			places->rows[i].line = 0;
	qsort(places->rows, size.row_count, sizeof(*places->rows),
		compare_rows);
}

struct places *places_new(int program_fd)
{
	struct places *places = xcalloc(1, sizeof(*places));
	struct buf data = {0};
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return places;
	child = fork();
	if (child == 0) {
		close(ends[0]);
		read_and_exit(program_fd, ends[1]);
	}
	close(ends[1]);
	if (child > 0) {
		receive(ends[0], &data);
		kill(child, SIGKILL);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
		accept_answer(places, &data);
	}
	close(ends[0]);
	buf_release(&data);
	return places;
}

void places_free(struct places *places)
{
	if (!places)
		return;
	free(places->files);
	free(places->rows);
	free(places);
}

/*
 * PC is where a call returns to, which may be the next line already: the
 * byte before it belongs to the call.
 */
const char *places_find(void *context, uint64_t pc)
{
	struct places *places = context;
	size_t low = 0, high = places->size.row_count, middle;
	const struct row *row;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (places->rows[middle].pc < pc)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	row = &places->rows[low - 1];
	if (!row->line)
		return NULL;
	snprintf(places->text, sizeof(places->text), "%s:%u",
		places->files[row->file].text, row->line);
	return places->text;
}

bool places_code_range(
	const struct places *places, uint64_t *low, uint64_t *high)
{
	bool is_known = places->size.low < places->size.high;

	*low = is_known ? places->size.low : 0;
	*high = is_known ? places->size.high : 0;
	return is_known;
}
