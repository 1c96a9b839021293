/*
 * Programs that are not compared with a native run: their output depends on
 * the schedule, or they never end, or they take far too long.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <semaphore.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "tracee.h"

static void print_line(int i)
{
	char line[20];
	int length = snprintf(line, sizeof(line), "child %d\n", i);

	if (write(STDOUT_FILENO, line, length) != length)
		_exit(1);
}

static void order(void)
{
	for (int i = 0; i < 5; i++)
		start(print_line, i);
	reap_all();
}

/* The child looks up once a minute; its parent has yet to write. */
static void long_timeouts(void)
{
	int fds[2];
	struct pollfd arrived = {.events = POLLIN};

	if (pipe(fds) != 0)
		_exit(1);
	arrived.fd = fds[0];
	if (fork() == 0) {
		while (poll(&arrived, 1, 60000) == 0)
			;
		_exit(0);
	}
	if (write(fds[1], "x", 1) != 1)
		_exit(1);
	reap_all();
	sleep(30);
}

/* The child comes to its line, or is ended before. */
static void ended_first(void)
{
	pid_t child = start(print_line, 0);

	kill(child, SIGTERM);
	reap_all();
}

/* The write end is never closed, so the end of file never comes. */
static void deadlock_pipe(void)
{
	int fds[2];
	char c;

	if (pipe(fds) == 0 && read(fds[0], &c, 1) == 0)
		_exit(0);
}

static void lock_two(int first)
{
	const char *names[] = {"a.lock", "b.lock"};
	int fds[2];

	for (int i = 0; i < 2; i++)
		fds[i] = open(names[i], O_RDWR | O_CREAT, 0600);
	flock(fds[first], LOCK_EX);
	nap(1);
	flock(fds[!first], LOCK_EX);
}

static void deadlock_flock(void)
{
	start(lock_two, 0);
	start(lock_two, 1);
	reap_all();
}

static sem_t *sems[2];

/* Each waits for the other to begin. */
static void wait_on(int which)
{
	sem_wait(sems[which]);
	sem_post(sems[!which]);
}

static void deadlock_semaphore(void)
{
	for (int i = 0; i < 2; i++) {
		sems[i] = share(sizeof(sem_t));
		sem_init(sems[i], 1, 0);
	}
	start(wait_on, 0);
	start(wait_on, 1);
	reap_all();
}

static void hang(int unused)
{
	(void)unused;
	pause();
}

static void deadlock_child(void)
{
	reap(start(hang, 0));
}

static void long_sleep(void)
{
	sleep(1000);
	print_line(1000);
}

static void sleep_for_ever(void)
{
	for (;;)
		sleep(1);
}

static void spin_for_ever(void)
{
	static volatile int flag;

	while (!flag)
		;
}

static void orphan(void)
{
	start(nap, 100);
}

static void leave_a_zombie(int unused)
{
	(void)unused;
	start(nap, 0);
	nap(1);
}

/* Main adopts, and takes, a grandchild that was dead before its parent. */
static void heir(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	start(leave_a_zombie, 0);
	reap_all();
}

static void try(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 ? strerrorname_np(errno) : "0");
}

/* Without a pid namespace a number not far before ours is the jail init's. */
static pid_t find_init(void)
{
	pid_t pid = getpid();
	int i;

	for (i = 0; i < 200; i++)
		if (getsid(--pid) == pid)
			return pid;
	return getpid() - 1;
}

static void outsiders(void)
{
	pid_t init = find_init();
	struct f_owner_ex owner = {F_OWNER_PID, init};
	int ends[2];

	if (pipe(ends) != 0)
		_exit(1);
	printf("init: %s\n", getsid(init) == init ? "there" : "gone");
	try("kill", kill(init, 0));
	try("pidfd", syscall(SYS_pidfd_open, init, 0));
	try("owner", fcntl(ends[0], F_SETOWN, init));
	try("group", fcntl(ends[0], F_SETOWN, -init));
	try("owner by struct", fcntl(ends[0], F_SETOWN_EX, &owner));
	try("first owner", fcntl(ends[0], F_SETOWN, 1));
	try("first group", fcntl(ends[0], F_SETOWN, -1));
}

#define ADDERS 4
#define ADDITIONS 5000000
static int *sum;

/*
 * One instruction, which no compiler and no hook takes apart, and which two
 * processors do at the same time.
 */
static void add(int i)
{
	(void)i;
	nap(1); /* so that all begin at once */
	for (int n = 0; n < ADDITIONS; n++)
		__asm__ volatile("incl %0" : "+m"(*sum));
}

/* Comes to 20000000 wherever one task runs at a time. */
static void count_together(void)
{
	sum = share(sizeof(*sum));
	for (int i = 0; i < ADDERS; i++)
		start(add, i);
	reap_all();
	printf("sum %d\n", *sum);
}

static void own_timer(void)
{
	timer_t timer;

	timer_create(CLOCK_MONOTONIC, NULL, &timer);
	printf("made\n");
}

static void forbidden(void)
{
	syscall(SYS_ptrace, 0, 0, 0, 0);
	printf("done\n");
}

static void say_at_last(void)
{
	printf("before\n");
	nap(36000);
	printf("after\n");
}

static void fill_memory(void)
{
	for (;;) {
		char *more = malloc(1 << 20);

		if (more != NULL)
			memset(more, 1, 1 << 20);
	}
}

static void flood(void)
{
	for (;;)
		puts("again and again and again and again and again");
}

static void cpu_timer(void)
{
	struct itimerval time = {{0, 0}, {1, 0}};
	struct timespec nap_time = {0, 1000};
	timer_t timer;

	setitimer(ITIMER_PROF, &time, NULL);
	timer_create(CLOCK_PROCESS_CPUTIME_ID, NULL, &timer);
	clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &nap_time, NULL);
}

/* Somebody waits, so the kernel would not send the signal. */
static void notify_awaited(void)
{
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};
	struct sigevent how = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	mqd_t queue = mq_open("/queue", O_RDWR | O_CREAT, 0600, &attr);
	char text[8];

	mq_notify(queue, &how);
	if (fork() == 0) {
		nap(1);
		mq_send(queue, "x", 1, 0);
		_exit(0);
	}
	mq_receive(queue, text, 8, NULL);
}

static void many_semops(void)
{
	static struct sembuf operations[65];

	for (size_t i = 0; i < COUNT(operations); i++)
		operations[i].sem_op = 1;
	semop(semget(IPC_PRIVATE, 1, 0600), operations, COUNT(operations));
}

static void requeue_pi(void)
{
	static int word;

	syscall(SYS_futex, &word, FUTEX_WAIT_REQUEUE_PI, 0, NULL, &word, 0);
}

static void make_writable(void)
{
	int fd = open("file", O_RDWR);
	char *text = mmap(NULL, 7, PROT_READ, MAP_SHARED, fd, 0);

	if (mprotect(text, 7, PROT_READ | PROT_WRITE) != 0)
		_exit(1);
	memcpy(text, "BEFORE", 6);
	nap(1);
}

static void wait_for_file(int unused)
{
	struct flock lock = {.l_type = F_WRLCK};

	(void)unused;
	fcntl(open("file", O_RDWR), F_SETLKW, &lock);
}

static void dup_same(void)
{
	struct flock lock = {.l_type = F_WRLCK};
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	fcntl(fd, F_SETLK, &lock);
	dup2(fd, fd);
	dup3(fd, fd, 0);
	dup2(99, fd);
	start(wait_for_file, 0);
	pause();
}

/* Copies of a descriptor, as many as there may be; says how many. */
static void fill_descriptors(void)
{
	char line[20];
	int last = 0, next, length;

	while ((next = dup(STDERR_FILENO)) >= 0)
		last = next;
	length = snprintf(line, sizeof(line), "%d\n", last + 1);
	if (write(STDOUT_FILENO, line, length) != length)
		_exit(1);
}

static const struct tracee_case cases[] = {
	{"count-together", count_together},
	{"own-timer", own_timer},
	{"forbidden", forbidden},
	{"say-at-last", say_at_last},
	{"fill-memory", fill_memory},
	{"flood", flood},
	{"order", order},
	{"ended-first", ended_first},
	{"deadlock-pipe", deadlock_pipe},
	{"deadlock-flock", deadlock_flock},
	{"deadlock-semaphore", deadlock_semaphore},
	{"deadlock-child", deadlock_child},
	{"long-sleep", long_sleep},
	{"sleep-for-ever", sleep_for_ever},
	{"spin-for-ever", spin_for_ever},
	{"orphan", orphan},
	{"heir", heir},
	{"outsiders", outsiders},
	{"cpu-timer", cpu_timer},
	{"notify-awaited", notify_awaited},
	{"many-semops", many_semops},
	{"requeue-pi", requeue_pi},
	{"make-writable", make_writable},
	{"dup-same", dup_same},
	{"long-timeouts", long_timeouts},
	{"fill-descriptors", fill_descriptors},
};

int main(int argc, char *argv[])
{
	for (size_t i = 0; argc == 2 && i < COUNT(cases); i++) {
		if (strcmp(argv[1], cases[i].name) == 0) {
			cases[i].run();
			return 0;
		}
	}
	return 2;
}
