/* The file is mapped once, before the forks, and read and written there. */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *db;
static size_t size;
static int locking = 1;

static void map_file(void)
{
	int fd = open("db.json", O_RDWR);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		perror("db.json");
		exit(1);
	}
	size = st.st_size;
	db = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (db == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	close(fd);
}

static int count_of(void)
{
	char copy[128] = "";
	const char *digit = copy;

	memcpy(copy, db, size < sizeof(copy) ? size : sizeof(copy) - 1);
	while (*digit && !isdigit((unsigned char)*digit))
		digit++;
	return atoi(digit);
}

/* As long as before: blanks fill what a shorter number leaves. */
static void set_count(int count)
{
	char text[128];
	size_t length = snprintf(text, sizeof(text), "{\"count\": %d}", count);

	while (length < size && length < sizeof(text))
		text[length++] = ' ';
	memcpy(db, text, size);
}

static void buy(int i)
{
	int fd = open("tickets.lock", O_RDWR | O_CREAT, 0600);

	if (locking)
		flock(fd, LOCK_EX);
	int count = count_of();
	if (count > 0) {
		sleep(1 + i % 3);
		set_count(count - 1);
		printf("路人%d 购票成功\n", i);
	} else {
		printf("路人%d 查看到没有票了\n", i);
	}
	fflush(stdout);
	close(fd);
}

static void passer(int i)
{
	int seen = count_of();

	sleep(1);
	printf("路人%d 查看到余票为%d\n", i, seen);
	fflush(stdout);
	buy(i);
}

int main(int argc, char **argv)
{
	long buyers = 10;
	char *end = "";

	if (argc == 3)
		buyers = strtol(argv[2], &end, 10);
	if ((argc != 1 && argc != 3) || *end || buyers < 1 ||
		(argc == 3 && (!*argv[2] || (strcmp(argv[1], "lock") &&
						    strcmp(argv[1], "nolock"))))) {
		fprintf(stderr, "usage: %s lock|nolock BUYERS\n", argv[0]);
		return 2;
	}
	locking = argc == 1 || strcmp(argv[1], "lock") == 0;
	map_file();
	for (int i = 0; i < buyers; i++) {
		if (fork() == 0) {
			passer(i);
			exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	unlink("tickets.lock");
	return 0;
}
