/*
 * The program writes to character devices that are told apart by their open
 * file descriptions, or to a pipe that we drain; what it prints is taken from
 * its system calls.
 */
#define _GNU_SOURCE
#include "run_home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "jail/keep.h"

#define PIPE_USUAL_BYTES 65536

/* A pipe that holds the data already and ends after it, or /dev/null. */
static int open_input(const struct run_spec *spec, struct err *err)
{
	int ends[2];

	if (spec->stdin_length == 0) {
		ends[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		return ends[0] < 0 ? err_errno(err, -errno, "/dev/null")
				   : ends[0];
	}
	if (spec->stdin_length > RUN_STDIN_MAX)
		return err_set(err, -EFBIG,
			"standard input of a program is at most 1 MiB");
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, -errno, "pipe");
	/* whoever reads can have all of it: nobody feeds the pipe later */
	if (spec->stdin_length > PIPE_USUAL_BYTES)
		(void)fcntl(ends[1], F_SETPIPE_SZ, RUN_STDIN_MAX);
	if (fcntl(ends[1], F_GETPIPE_SZ) < (int)spec->stdin_length ||
		write(ends[1], spec->stdin_data, spec->stdin_length) !=
			(ssize_t)spec->stdin_length) {
		close(ends[0]);
		close(ends[1]);
		return err_set(err, -EIO, "cannot fill standard input");
	}
	close(ends[1]);
	return ends[0];
}

int home_open_streams(
	struct streams *to, const struct run_spec *spec, struct err *err)
{
	int ends[2];

	*to = (struct streams){-1, -1, -1, -1};
	to->in = open_input(spec, err);
	if (to->in < 0)
		return to->in;
	/* a character device, told apart by its open file description */
	to->err = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (spec->stdout_kind == RUN_STDOUT_PIPE) {
		if (pipe2(ends, O_CLOEXEC) < 0)
			return err_errno(err, -errno, "pipe");
		to->drain = ends[0];
		to->out = ends[1];
	} else {
		to->out = open("/dev/null", O_RDWR | O_CLOEXEC);
	}
	if (to->err < 0 || to->out < 0)
		return err_errno(err, -errno, "/dev/null");
	return 0;
}

void home_close_streams(struct streams *streams)
{
	const int fds[] = {
		streams->in, streams->out, streams->err, streams->drain};
	size_t i;

	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void split_left(struct run_outcome *out, struct buf *left)
{
	char *rest = buf_detach(left), *line;
	char *text = rest;
	size_t capacity = 0;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (!*line)
			continue;
		grow_array(&out->left_objects, out->left_object_count,
			&capacity, sizeof(*out->left_objects));
		out->left_objects[out->left_object_count++] = xstrdup(line);
	}
	free(text);
}

int home_take(const struct jail_context *context, const struct run_spec *spec,
	const struct run_limits *limits, const struct streams *streams, int cpu,
	bool parallel, struct home *home, struct err *err)
{
	home->jail = (struct jail)JAIL_INIT;
	home->files = xcalloc(spec->file_count, sizeof(*home->files));
	home->spec = (struct jail_spec){
		.program_fd = spec->program_fd,
		.argv = spec->argv,
		.stdin_fd = streams->in,
		.stdout_fd = streams->out,
		.stderr_fd = streams->err,
		.files = home->files,
		.file_count = spec->file_count,
		.processes = limits->processes,
		.open_files = limits->open_files,
		.disk_bytes = limits->disk_bytes,
		.file_bytes = limits->disk_bytes,
		.cpu_seconds = limits->cpu_us / 1000000 + 5,
		.address_space_bytes = limits->memory_bytes * 16,
		.cpu = cpu,
		.first_pid = spec->first_pid,
		.allow_unix_sockets = spec->allow_unix_sockets,
		.parallel = parallel,
	};
	size_t i;
	int error;

	for (i = 0; i < spec->file_count; i++)
		home->files[i] = (struct jail_file){spec->files[i].name,
			spec->files[i].data, spec->files[i].length};
	error = jail_take(context, &home->spec, &home->jail, err);
	if (error)
		free(home->files);
	return error;
}

int home_leave(const struct jail_context *context, struct home *home,
	bool clean, struct run_outcome *out, struct err *err)
{
	struct buf left = {0};
	int error = jail_leave(
		context, &home->spec, &home->jail, clean, &left, err);

	free(home->files);
	split_left(out, &left);
	return error;
}
