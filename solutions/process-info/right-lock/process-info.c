/*
 * The child holds a record lock from its first line on, and the kernel drops
 * it when the child dies: F_GETLK tells main who holds it.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOCK_FILE "process-info.lock"

static struct flock whole(short type)
{
	return (struct flock){.l_type = type, .l_whence = SEEK_SET};
}

static bool is_alive(int fd, pid_t pid)
{
	struct flock lock = whole(F_WRLCK);

	return fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK &&
	       lock.l_pid == pid;
}

static void child(int fd)
{
	struct flock lock = whole(F_WRLCK);

	printf("%d is running爹是 %d\n", getpid(), getppid());
	fflush(stdout);
	fcntl(fd, F_SETLK, &lock);
	sleep(3);
	printf("%d is done爹是 %d\n", getpid(), getppid());
	exit(0);
}

int main(int argc, char **argv)
{
	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}

	int fd = open(LOCK_FILE, O_RDWR | O_CREAT, 0600);
	pid_t pid = fork();

	if (fd < 0 || pid < 0) {
		perror("process-info");
		return 1;
	}
	if (pid == 0)
		child(fd);
	unlink(LOCK_FILE);
	while (!is_alive(fd, pid))
		usleep(1000);
	printf("is_alive True\n");
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	printf("is_alive %s\n", is_alive(fd, pid) ? "True" : "False");
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
