#include "world.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"

#define FIRST_USER 33456
#define PORT 7777
#define SECRET                                                                 \
	"{\"n\": 1}" /* what tests/attacks/exercises/F5-not-a-file.json wants  \
		      */
#define WORLD_SECONDS 60 /* a world that hangs ends, and its test fails */
#define DEATH_MS 1000    /* within which what was killed is gone */
#define SPOKEN_TO 7      /* exit status of the bystander */

/* What the worker left for its parent, in front of the text. */
struct answer {
	int value;
	bool given;
};

static int share;

void world_share(int number)
{
	share = number;
}

uid_t world_user(void)
{
	return getuid() == 0 ? (uid_t)(FIRST_USER + share) : 0;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "%s", path);
	close(fd);
}

/* An ordinary user becomes the owner of the world, as himself. */
static int enter_namespaces(void)
{
	const unsigned parts = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
			       CLONE_NEWNET | CLONE_NEWUTS;
	uid_t uid = getuid();
	gid_t gid = getgid();
	char map[64];

	if (uid == 0)
		return unshare((int)parts) ? errno : 0;
	if (unshare((int)(parts | CLONE_NEWUSER)))
		return errno;
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	write_file("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	write_file("/proc/self/gid_map", map);
	return 0;
}

static void fresh(const char *folder, const char *kind, const char *options)
{
	if (mount(kind, folder, kind, MS_NOSUID | MS_NODEV, options))
		err(1, "mount of %s on %s", kind, folder);
}

/* /dev/mqueue is not there on every machine; then nobody can leave one. */
static void mount_fresh(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		err(1, "private mounts");
	fresh("/proc", "proc", NULL);
	fresh("/tmp", "tmpfs", "mode=1777");
	fresh("/dev/shm", "tmpfs", "mode=1777");
	fresh(WORLD_SECRETS, "tmpfs", "mode=0755");
	if (access("/dev/mqueue", F_OK) == 0)
		fresh("/dev/mqueue", "mqueue", NULL);
}

static void put_secrets(void)
{
	umask(022);
	mkdir(WORLD_SECRETS "/hidden", 0755);
	mkdir(WORLD_SECRETS "/reports", 0777);
	write_file(WORLD_SECRETS "/hidden/exercise.json", SECRET);
	write_file(WORLD_SECRETS "/hidden/solution.c", SECRET);
	write_file(WORLD_SECRETS "/reports/other.json", SECRET);
	chmod(WORLD_SECRETS "/reports", 0777);
	chmod(WORLD_SECRETS "/reports/other.json", 0666);
}

static void raise_loopback(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		err(1, "loopback");
	close(fd);
}

static int listen_inet(int type)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(PORT)};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
		(type == SOCK_STREAM && listen(fd, 4)))
		err(1, "bystander's port");
	return fd;
}

static int listen_unix(void)
{
	struct sockaddr_un address = {
		.sun_family = AF_UNIX, .sun_path = "\0attacks"};
	const socklen_t length = offsetof(struct sockaddr_un, sun_path) +
				 sizeof("\0attacks") - 1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) ||
		listen(fd, 4))
		err(1, "bystander's abstract socket");
	return fd;
}

struct bystander {
	pid_t pid;
	struct pollfd reached[3]; /* by whoever connects or sends */
	int line;                 /* to talk to it */
};

/*
 * Answers whoever asks whether it is well, which is process 1.  Never reaped by
 * the grader: it is process 1's child.
 */
static void stand_by(uid_t user, int line)
{
	char byte;

	prctl(PR_SET_NAME, "bystander");
	if (user && (setgroups(0, NULL) || setresgid(user, user, user) ||
			    setresuid(user, user, user)))
		_exit(1);
	while (read(line, &byte, 1) == 1)
		if (write(line, &byte, 1) != 1)
			break;
	_exit(0);
}

/* Neither killed nor stopped. */
static bool is_well(const struct bystander *bystander)
{
	struct pollfd answer = {bystander->line, POLLIN, 0};
	char byte = 0;

	return send(bystander->line, &byte, 1, MSG_NOSIGNAL) == 1 &&
	       poll(&answer, 1, DEATH_MS) == 1 &&
	       read(bystander->line, &byte, 1) == 1;
}

static struct bystander start_bystander(uid_t user)
{
	struct bystander made = {.reached = {
					 {listen_inet(SOCK_STREAM), POLLIN, 0},
					 {listen_inet(SOCK_DGRAM), POLLIN, 0},
					 {listen_unix(), POLLIN, 0},
				 }};
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		err(1, "line to the bystander");
	made.pid = fork();
	if (made.pid == 0) {
		close(ends[0]);
		stand_by(user, ends[1]);
	}
	close(ends[1]);
	made.line = ends[0];
	/* it has its name and user before anybody looks for strangers */
	if (made.pid > 0 && !is_well(&made))
		errx(1, "the bystander does not answer");
	return made;
}

static void become(uid_t user)
{
	if (user && (setgroups(0, NULL) || setresgid(user, user, user) ||
			    setresuid(user, user, user)))
		err(1, "user %u", user);
	/* else /proc/self would be root's, and maps could not be written */
	prctl(PR_SET_DUMPABLE, 1);
}

void world_become_ordinary(void)
{
	become(world_user());
}

static void send_all(int fd, const void *data, size_t length)
{
	const char *at = data;
	ssize_t n;

	while (length > 0 && (n = write(fd, at, length)) > 0) {
		at += n;
		length -= (size_t)n;
	}
}

static pid_t start_worker(uid_t user,
	int (*work)(void *context, struct buf *text), void *context, int to)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct answer answer = {.given = true};
		struct buf text = {0};

		become(user);
		answer.value = work(context, &text);
		send_all(to, &answer, sizeof(answer));
		send_all(to, text.data, text.length);
		_exit(0);
	}
	return pid;
}

/* Process 1: until the worker ends.  The world ends with it. */
static void watch(pid_t worker, struct bystander *bystander)
{
	int status;
	pid_t pid;

	while ((pid = wait(&status)) != worker)
		if (pid < 0)
			_exit(2);
	if (!is_well(bystander))
		_exit(4);
	if (poll(bystander->reached, 3, 0) > 0)
		_exit(3);
	_exit(WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 5);
}

static void run_world(uid_t user, uid_t beside,
	int (*work)(void *, struct buf *), void *context, int to)
{
	struct bystander bystander;
	pid_t worker;

	mount_fresh();
	put_secrets();
	raise_loopback();
	bystander = start_bystander(beside);
	/* root's jails are of users that follow from the pid */
	for (int i = 0; i < share; i++)
		if (fork() == 0)
			_exit(0);
	worker = start_worker(user, work, context, to);
	close(to);
	if (worker < 0 || bystander.pid < 0)
		_exit(2);
	watch(worker, &bystander);
}

static const char *const ENDINGS[] = {NULL, "the world could not be made",
	"the world could not be watched", "the bystander was reached",
	"the bystander was hurt", "the grader crashed"};

static void tell_ending(int status, struct buf *trouble)
{
	size_t i = WIFEXITED(status) ? (size_t)WEXITSTATUS(status) : 2;

	if (i >= sizeof(ENDINGS) / sizeof(ENDINGS[0]))
		i = 2;
	if (ENDINGS[i])
		buf_addf(trouble, "%s\n", ENDINGS[i]);
}

int world_run(uid_t user, uid_t bystander,
	int (*work)(void *context, struct buf *text), void *context,
	struct buf *text, struct buf *trouble)
{
	struct answer answer = {0};
	char part[4096];
	int ends[2], status;
	pid_t outer, inner;
	ssize_t n;

	fflush(NULL);
	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe");
	outer = fork();
	if (outer == 0) {
		/* all of it ends with the runner */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(WORLD_SECONDS);
		close(ends[0]);
		if (enter_namespaces())
			_exit(1);
		inner = fork();
		if (inner == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			run_world(user, bystander, work, context, ends[1]);
		}
		close(ends[1]);
		if (inner < 0 || waitpid(inner, &status, 0) != inner)
			_exit(2);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 2);
	}
	close(ends[1]);
	if (read(ends[0], &answer, sizeof(answer)) == sizeof(answer))
		while ((n = read(ends[0], part, sizeof(part))) > 0)
			buf_add(text, part, (size_t)n);
	close(ends[0]);
	if (outer < 0 || waitpid(outer, &status, 0) != outer)
		err(1, "world");
	tell_ending(status, trouble);
	return answer.given ? answer.value : -1;
}

int world_try(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(enter_namespaces());
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return ECHILD;
	return WEXITSTATUS(status);
}

/* A process that was killed may take a moment; one that was not stays. */
static void look_at_process(pid_t pid, struct buf *trouble)
{
	struct pollfd end = {.events = POLLIN};
	char path[64], name[32] = "?";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	file = fopen(path, "re");
	if (file) {
		if (!fgets(name, sizeof(name), file))
			name[0] = '\0';
		fclose(file);
	}
	name[strcspn(name, "\n")] = '\0';
	if (pid == 1 || pid == getpid() || !strcmp(name, "bystander"))
		return;
	end.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (end.fd < 0)
		return;
	if (poll(&end, 1, DEATH_MS) != 1)
		buf_addf(trouble, "left: process %d, %s\n", pid, name);
	close(end.fd);
}

static void look_at_processes(struct buf *trouble)
{
	DIR *folder = opendir("/proc");
	const struct dirent *entry;

	if (!folder)
		err(1, "/proc");
	while ((entry = readdir(folder)))
		if (atoi(entry->d_name) > 0)
			look_at_process(atoi(entry->d_name), trouble);
	closedir(folder);
}

static void look_at_sysv(const char *path, struct buf *trouble)
{
	auto_free char *line = NULL;
	FILE *file = fopen(path, "re");
	size_t size = 0;
	int count = 0;

	if (!file)
		return;
	while (getline(&line, &size, file) > 0)
		if (count++ > 0)
			buf_addf(trouble, "left: %s: %s", path, line);
	fclose(file);
}

static void look_into(const char *path, size_t expected, struct buf *trouble)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	struct buf names = {0};
	size_t count = 0;

	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		buf_addf(&names, " %s", entry->d_name);
	}
	if (folder)
		closedir(folder);
	if (count != expected)
		buf_addf(trouble, "left in %s:%s\n", path, buf_text(&names));
	buf_release(&names);
}

static void look_at_secret(const char *path, struct buf *trouble)
{
	char text[16] = "";
	FILE *file = fopen(path, "re");

	if (!file || !fgets(text, sizeof(text), file) ||
		strcmp(text, SECRET) != 0)
		buf_addf(trouble, "changed: %s\n", path);
	if (file)
		fclose(file);
}

void world_look(struct buf *trouble)
{
	look_at_processes(trouble);
	look_at_sysv("/proc/sysvipc/shm", trouble);
	look_at_sysv("/proc/sysvipc/sem", trouble);
	look_at_sysv("/proc/sysvipc/msg", trouble);
	look_into("/tmp", 0, trouble);
	look_into("/dev/shm", 0, trouble);
	look_into("/dev/mqueue", 0, trouble);
	look_into(WORLD_SECRETS, 2, trouble);
	look_into(WORLD_SECRETS "/hidden", 2, trouble);
	look_into(WORLD_SECRETS "/reports", 1, trouble);
	look_at_secret(WORLD_SECRETS "/hidden/exercise.json", trouble);
	look_at_secret(WORLD_SECRETS "/hidden/solution.c", trouble);
	look_at_secret(WORLD_SECRETS "/reports/other.json", trouble);
}
