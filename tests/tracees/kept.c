/*
 * What a program sees of its jail, and what it leaves there: for the test that
 * a jail of a former run is as a new one.  Not one of the torture programs.
 *
 *	kept look        its numbers, the three writable folders, their modes
 *	kept files       leaves plain files, a link and an empty folder
 *	kept sysv        makes a System V object and removes it
 *	kept object      leaves a file in /dev/shm
 *	kept deep        leaves a folder that holds one
 *	kept many        leaves a hundred files
 *	kept orphan      leaves a process, which is killed
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const folders[] = {".", "/tmp", "/dev/shm"};

static void look(void)
{
	struct dirent *entry;
	struct stat status;
	DIR *folder;
	pid_t child;
	size_t i;

	child = fork();
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	printf("%d of %d, child %d\n", getpid(), getppid(), child);
	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		if (stat(folders[i], &status) < 0)
			exit(1);
		printf("%s %o, %d links:", folders[i], status.st_mode & 07777,
			(int)status.st_nlink);
		folder = opendir(folders[i]);
		while (folder && (entry = readdir(folder)) != NULL)
			if (entry->d_name[0] != '.')
				printf(" %s", entry->d_name);
		printf("\n");
	}
	printf("segment %d\n", shmget(IPC_PRIVATE, 1, IPC_CREAT | 0600));
}

static void make_file(const char *folder, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT, 0400);
	if (fd < 0 || write(fd, path, strlen(path)) < 0)
		exit(2);
	close(fd);
}

static void leave_files(void)
{
	make_file(".", "one");
	make_file("/tmp", "two");
	if (symlink("/bin", "link") < 0 || mkdir("/tmp/empty", 0) < 0 ||
		mkfifo("fifo", 0) < 0 || chmod(".", 0700) < 0 ||
		chmod("/tmp", 0) < 0 || chmod("/dev/shm", 01777) < 0)
		exit(3);
}

static void leave_many(void)
{
	char name[16];
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%d", i);
		make_file(".", name);
	}
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "look";

	if (strcmp(what, "look") == 0)
		look();
	else if (strcmp(what, "files") == 0)
		leave_files();
	else if (strcmp(what, "sysv") == 0)
		shmctl(shmget(IPC_PRIVATE, 1, 0600), IPC_RMID, NULL);
	else if (strcmp(what, "object") == 0)
		make_file("/dev/shm", "object");
	else if (strcmp(what, "deep") == 0)
		return mkdir("a", 0700) < 0 || mkdir("a/b", 0700) < 0;
	else if (strcmp(what, "many") == 0)
		leave_many();
	else if (strcmp(what, "orphan") == 0 && fork() == 0)
		pause();
	return 0;
}
