/*
 * The C library has no wrappers and the headers of an older system lack the
 * newer rights, so the few numbers that are needed stand here.  A right that
 * the running kernel does not know would make the whole ruleset invalid;
 * the ABI version tells which exist.
 */
#define _GNU_SOURCE
#include "jail/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL_CREATE_RULESET 444
#define CALL_ADD_RULE 445
#define CALL_RESTRICT_SELF 446

#define RIGHT_EXECUTE (1ULL << 0)
#define RIGHT_WRITE_FILE (1ULL << 1)
#define RIGHT_READ_FILE (1ULL << 2)
#define RIGHT_READ_DIR (1ULL << 3)
#define RIGHT_REMOVE_DIR (1ULL << 4)
#define RIGHT_REMOVE_FILE (1ULL << 5)
#define RIGHT_MAKE_DIR (1ULL << 7)
#define RIGHT_MAKE_REG (1ULL << 8)
#define RIGHT_MAKE_SOCK (1ULL << 9)
#define RIGHT_MAKE_FIFO (1ULL << 10)
#define RIGHT_MAKE_SYM (1ULL << 12)
#define RIGHT_REFER (1ULL << 13)
#define RIGHT_TRUNCATE (1ULL << 14)

#define RIGHTS_ABI_1 ((1ULL << 13) - 1)
#define RIGHTS_OF_FILES                                                        \
	(RIGHT_EXECUTE | RIGHT_WRITE_FILE | RIGHT_READ_FILE | RIGHT_TRUNCATE)

#define SCOPE_ABSTRACT_SOCKET (1ULL << 0)
#define SCOPE_SIGNAL (1ULL << 1)

#define RULE_PATH_BENEATH 1

struct ruleset {
	uint64_t handled_files;
	uint64_t handled_network; /* ABI 4: TCP bind and connect */
	uint64_t scoped;          /* ABI 6 */
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

int landlock_abi(void)
{
	long abi = syscall(CALL_CREATE_RULESET, NULL, 0, 1);

	return abi < 0 ? 0 : (int)abi;
}

static uint64_t rights_known(int abi)
{
	uint64_t rights = RIGHTS_ABI_1;

	if (abi >= 2)
		rights |= RIGHT_REFER;
	if (abi >= 3)
		rights |= RIGHT_TRUNCATE;
	if (abi >= 5)
		rights |= 1ULL << 15; /* ioctl on devices */
	return rights;
}

static uint64_t rights_of(unsigned wanted)
{
	uint64_t rights = 0;

	if (wanted & LANDLOCK_LOOK)
		rights |= RIGHT_READ_FILE | RIGHT_READ_DIR;
	if (wanted & LANDLOCK_RUN)
		rights |= RIGHT_EXECUTE | RIGHT_READ_FILE;
	if (wanted & LANDLOCK_DEVICE)
		rights |= RIGHT_READ_FILE | RIGHT_WRITE_FILE | RIGHT_TRUNCATE;
	if (wanted & LANDLOCK_WRITE)
		rights |= RIGHT_WRITE_FILE | RIGHT_TRUNCATE | RIGHT_REMOVE_DIR |
			  RIGHT_REMOVE_FILE | RIGHT_MAKE_DIR | RIGHT_MAKE_REG |
			  RIGHT_MAKE_SOCK | RIGHT_MAKE_FIFO | RIGHT_MAKE_SYM |
			  RIGHT_REFER;
	return rights;
}

static int add_grant(int ruleset, int abi, const struct landlock_grant *grant)
{
	struct path_beneath rule = {
		.allowed = rights_of(grant->rights) & rights_known(abi),
		.parent = open(grant->path, O_PATH | O_CLOEXEC),
	};
	struct stat status;
	long r;

	if (rule.parent < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!fstat(rule.parent, &status) && !S_ISDIR(status.st_mode))
		rule.allowed &= RIGHTS_OF_FILES;
	r = syscall(CALL_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0);
	r = r < 0 ? -errno : 0;
	close(rule.parent);
	return (int)r;
}

int landlock_restrict(int abi, const struct landlock_grant *grants)
{
	struct ruleset attributes = {
		.handled_files = rights_known(abi),
		.handled_network = abi >= 4 ? 3 : 0,
		.scoped = abi >= 6 ? SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL : 0,
	};
	size_t size = abi >= 6   ? sizeof(attributes)
		      : abi >= 4 ? offsetof(struct ruleset, scoped)
				 : offsetof(struct ruleset, handled_network);
	int ruleset, r = 0;

	ruleset = (int)syscall(CALL_CREATE_RULESET, &attributes, size, 0);
	if (ruleset < 0)
		return -errno;
	for (; grants->path && !r; grants++)
		r = add_grant(ruleset, abi, grants);
	if (!r && syscall(CALL_RESTRICT_SELF, ruleset, 0))
		r = -errno;
	close(ruleset);
	return r;
}
