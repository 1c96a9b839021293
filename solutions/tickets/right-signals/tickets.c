/*
 * Locking with signals alone: buyers ask main with a queued real-time
 * signal, main grants one at a time and also notices when the holder dies.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST SIGRTMIN
#define RELEASE (SIGRTMIN + 1)
#define GRANT SIGUSR1

static bool arguments(int argc, char **argv, int *buyers)
{
	char *end;

	*buyers = 10;
	if (argc == 1)
		return true;
	if (argc == 3) {
		bool lock = strcmp(argv[1], "lock") == 0;

		*buyers = strtol(argv[2], &end, 10);
		if (end != argv[2] && *end == '\0' && *buyers >= 1 &&
			(lock || strcmp(argv[1], "nolock") == 0))
			return lock;
	}
	fprintf(stderr, "usage: tickets lock|nolock BUYERS\n");
	exit(2);
}

static int read_count(void)
{
	FILE *file = fopen("db.json", "r");
	int count = 0;

	if (file == NULL || fscanf(file, " { \"count\" : %d", &count) != 1) {
		fprintf(stderr, "tickets: cannot read db.json\n");
		exit(1);
	}
	fclose(file);
	return count;
}

/* A reader sees the old file or the new one, never a part. */
static void write_count(int count)
{
	char name[32];
	FILE *file;

	snprintf(name, sizeof(name), "db.json.%d", (int)getpid());
	file = fopen(name, "w");
	if (file == NULL)
		exit(1);
	fprintf(file, "{\"count\": %d}\n", count);
	fclose(file);
	rename(name, "db.json");
}

static void search(int buyer)
{
	int count = read_count();

	sleep(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);
}

static void buy(int buyer)
{
	int count = read_count();

	if (count > 0) {
		sleep(1 + random() % 3);
		write_count(count - 1);
		printf("路人%d 购票成功\n", buyer);
	} else {
		printf("路人%d 查看到没有票了\n", buyer);
	}
}

static sigset_t set_of(int first, int second)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, first);
	sigaddset(&set, second);
	return set;
}

static void buyer_process(int buyer, pid_t conductor, bool lock)
{
	sigset_t grant = set_of(GRANT, GRANT);
	int number;

	srandom(getpid());
	search(buyer);
	if (lock) {
		kill(conductor, REQUEST);
		sigwait(&grant, &number);
	}
	buy(buyer);
	fflush(stdout);
	if (lock)
		kill(conductor, RELEASE);
}

/* While somebody holds the lock, new requests stay in the signal queue. */
static void conduct(int buyers)
{
	pid_t holder = 0, ended;

	while (buyers > 0) {
		sigset_t set = set_of(SIGCHLD, holder ? RELEASE : REQUEST);
		siginfo_t info;
		int number = sigwaitinfo(&set, &info);

		if (number == REQUEST && kill(info.si_pid, GRANT) == 0)
			holder = info.si_pid;
		if (number == RELEASE && info.si_pid == holder)
			holder = 0;
		if (number != SIGCHLD)
			continue;
		while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) {
			buyers--;
			if (ended == holder)
				holder = 0;
		}
	}
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);
	sigset_t set = set_of(REQUEST, RELEASE);
	pid_t conductor = getpid();

	sigaddset(&set, GRANT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < buyers; i++) {
		if (fork() == 0) {
			buyer_process(i, conductor, lock);
			return 0;
		}
	}
	conduct(buyers);
	return 0;
}
