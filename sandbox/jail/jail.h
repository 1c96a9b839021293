/*
 * The jail: namespaces and an empty root where the machine allows, limits,
 * Landlock, no_new_privs and a system-call filter, around one program.
 *
 * Process picture:
 *
 *	supervisor (the grader)  -- traces --+
 *	  `- jail init (pid 1 inside, tiny, reaps orphans)
 *	       `- the program's main (pid 2 inside)
 *
 * Life cycle: one jail_context a grader process (probed once, filters
 * compiled once), then for each run jail_spawn() -> [supervisor seizes
 * jail.main] -> jail_release() -> ... -> jail_end(), or jail_empty() and, for
 * the next run, jail_next().  jail/keep.h decides which.
 */
#ifndef JAIL_JAIL_H
#define JAIL_JAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Layers, in the order in which doctor shows them. */
enum jail_layer {
	JAIL_USER_NAMESPACE,
	JAIL_MOUNT_NAMESPACE,
	JAIL_PID_NAMESPACE,
	JAIL_IPC_NAMESPACE,
	JAIL_UTS_NAMESPACE,
	JAIL_NETWORK_NAMESPACE,
	JAIL_EMPTY_ROOT,
	JAIL_PROC,
	JAIL_LANDLOCK,
	JAIL_RLIMITS,
	JAIL_NO_NEW_PRIVS,
	JAIL_SECCOMP,
	JAIL_PTRACE,
	JAIL_CGROUP,
	JAIL_LAYER_COUNT
};

struct jail_layer_state {
	const char *name; /* static: "user namespace" */
	bool on;
	int error;          /* errno of the probe when off, else 0 */
	char detail[160];   /* "off: Operation not permitted", "weaker: why" */
	const char *remedy; /* static, what to do when off; NULL when on */
};

struct jail_context; /* opaque: layers, filters */
struct left_host;

/*
 * Probes the machine by doing each thing once (in forked children) and
 * compiles the filters.  Owned by the caller: jail_context_free().
 */
int jail_context_new(struct jail_context **context, struct err *err);
void jail_context_free(struct jail_context *context);

/*
 * The same on a machine that lacks the layers of WITHOUT (bits 1u << enum
 * jail_layer): for tests, and to show what a missing layer means.
 */
int jail_context_new_without(
	unsigned without, struct jail_context **context, struct err *err);

/* All JAIL_LAYER_COUNT states; borrowed. */
const struct jail_layer_state *jail_layers(const struct jail_context *context);
/* 'A', 'B' or 'C', see SECURITY.md. */
char jail_grade(const struct jail_context *context);

struct jail_file {
	const char *name; /* one component, no '/', not "." or ".." */
	const void *data;
	size_t length;
};

struct jail_spec {
	int program_fd; /* copied in as /bin/NAME, NAME = base of
			   argv[0]; executed with cwd /work */
	const char *const *argv;
	int stdin_fd, stdout_fd, stderr_fd; /* become 0, 1, 2 inside */
	const struct jail_file *files;      /* put into /work */
	size_t file_count;
	int processes;               /* RLIMIT_NPROC gets slack above this */
	int open_files;              /* RLIMIT_NOFILE; 0 = 128 */
	int64_t disk_bytes;          /* work folder, /tmp, /dev/shm together */
	int64_t file_bytes;          /* RLIMIT_FSIZE; 0 = none, these three */
	int64_t cpu_seconds;         /* RLIMIT_CPU, a backstop */
	int64_t address_space_bytes; /* RLIMIT_AS */
	int cpu;                     /* pin everything to it, -1 = do not */
	int first_pid;               /* of main inside, where processes are
					numbered anew; below 3: 2 */
	bool allow_unix_sockets;
	bool parallel; /* the filter for a run without a schedule */
};

struct jail {
	pid_t init;        /* host pid of the jail init */
	pid_t main;        /* host pid of main; a child of init */
	int work_fd;       /* O_PATH or O_RDONLY directory of /work */
	int shm_fd;        /* the same of /dev/shm, -1 if none */
	int release_fd;    /* private */
	int status_fd;     /* private: init reports a failed start here */
	int root_fd;       /* root folder of the jail, -1 if it has none */
	char *host_folder; /* private: folder to remove, without a mount
			      namespace */
	struct left_host *before; /* private: the host's IPC objects then */
};
#define JAIL_INIT                                                              \
	{                                                                      \
		.init = -1, .main = -1, .work_fd = -1, .shm_fd = -1,           \
		.release_fd = -1, .status_fd = -1, .root_fd = -1               \
	}

/*
 * Makes the jail; on return main exists, waits to be seized, and has not yet
 * run a single instruction of the program.  All of the jail dies with the
 * calling thread (without a pid namespace: all that it traces with
 * PTRACE_O_EXITKILL).  Nothing of SPEC is needed afterwards.
 *
 * The work folder holds the files and a symbolic link NAME to "../bin/NAME",
 * so that the program finds itself as argv[0] too.  Whoever collects the
 * folder leaves that link out.
 */
int jail_spawn(const struct jail_context *context, const struct jail_spec *spec,
	struct jail *jail, struct err *err);

/*
 * Lets main go on: it loads the filter and executes the program (addresses,
 * limits, no_new_privs and Landlock were set before jail_spawn() returned).
 * The caller resumes it as tracer and sees its PTRACE_EVENT_EXEC.  The filter
 * answers SECCOMP_RET_TRACE with SECCOMP_RET_DATA as jail/policy.h says.
 * It sees the execve() itself, and should that fail, the
 * write() of the reason and the exit: let every call pass before the exec.
 */
int jail_release(struct jail *jail, struct err *err);

/* When main ended before its exec: why (the init's report). */
int jail_failure(struct jail *jail, struct err *err);

/*
 * Makes the jail fit for another run of its program: 1, and then only
 * jail_next() or jail_end() may follow.  0, and nothing has changed, when
 * that cannot be: a process is left, or an object, or many files, or the
 * machine lacks a layer.  Collect from work_fd before.  The numbers of System
 * V objects are not as at first in a jail that had any: the caller must not
 * use such a jail again.
 */
int jail_empty(struct jail *jail, struct err *err);

/*
 * jail_spawn() in a jail that jail_empty() made fit, for a SPEC that differs
 * from the first in argv (but for the program's name), files, the three
 * descriptors and the processor at most.  Fails also when these are too much
 * to be told (-EFBIG); then only jail_end() may follow.
 */
int jail_next(struct jail *jail, const struct jail_spec *spec, struct err *err);

/*
 * Starts the program once more beside what runs in the jail, in its files as
 * they are: SPEC as for jail_next(), its files do not count.  No task of the
 * jail may be running.  *MORE is for jail_release() and jail_failure() of that
 * start; jail_more_end() closes it, its processes end with JAIL.
 */
int jail_more(struct jail *jail, const struct jail_spec *spec,
	struct jail *more, struct err *err);
void jail_more_end(struct jail *more);

/*
 * Kills and reaps everything (any child or tracee of the calling thread that
 * has something to report meanwhile is taken for the jail's), adds the names of
 * the IPC objects and /dev/shm files that were left ("shm:/name",
 * "sysv-sem:0x7") to LEFT, one a line, sorted, and removes them and the files.
 * Collect from work_fd before. LEFT may be NULL.  *JAIL is JAIL_INIT
 * afterwards, whatever is returned.
 */
int jail_end(struct jail *jail, struct buf *left, struct err *err);

/*
 * Runs a tool of the machine (the compiler) in a jail of its own: /usr
 * read-only (its programs, libraries and headers), INPUTS read-only in the
 * working folder, nothing else; no sockets; limits.  There is no network
 * namespace: the filter refuses socket().
 * OUTPUT_NAME is copied out of the working folder into *OUTPUT (a memfd,
 * owned by the caller) when the tool exits with 0.  LOG gets stdout and
 * stderr (cut at log_limit bytes but drained; *log_cut tells).
 */
struct jail_tool {
	const char *const *argv; /* argv[0] absolute */
	const struct jail_file *inputs;
	size_t input_count;
	const char *output_name;
	int64_t cpu_seconds, wall_seconds, address_space_bytes, file_bytes;
	size_t log_limit;
};
struct jail_tool_result {
	int status; /* exit status, -1 if a signal ended it */
	int signal;
	const char *limit; /* static: "cpu", "wall", "memory", "file size" */
	struct buf log;
	bool log_cut;
	int output_fd; /* -1 if none */
};
int jail_run_tool(const struct jail_context *context,
	const struct jail_tool *tool, struct jail_tool_result *result,
	struct err *err);

#endif
