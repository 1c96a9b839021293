#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <errno.h>
#include <semaphore.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>

static int locking = 1, buyers = 10, lock_fd = -1;

static int read_count(void)
{
    FILE *f = fopen("db.json", "r");
    int n = 0;
    if (fscanf(f, "{\"count\": %d}", &n) != 1)
        n = 0;
    fclose(f);
    return n;
}

static void write_count(int n)
{
    char tmp[64];
    sprintf(tmp, "db.%d.tmp", (int)getpid());
    FILE *f = fopen(tmp, "w");
    fprintf(f, "{\"count\": %d}\n", n);
    fclose(f);
    rename(tmp, "db.json");
}

static void acquire(int i)
{
    (void)i;
    if (!locking)
        return;
    lock_fd = open("db.json", O_RDWR);
    flock(lock_fd, LOCK_EX);
}

static void release(void)
{
    if (!locking)
        return;
    flock(lock_fd, LOCK_UN);
    close(lock_fd);
}

static void buyer(int i)
{
    int n = read_count();
    sleep(1);
    printf("路人%d 查看到余票为%d\n", i, n);
    acquire(i);
    n = read_count();
    if (n > 0) {
        n--;
        sleep(1);
        write_count(n);
        printf("路人%d 购票成功\n", i);
    } else {
        printf("路人%d 查看到没有票了\n", i);
    }
    fflush(stdout);
    release();
}

static int usage(void)
{
    fprintf(stderr, "usage: tickets lock|nolock BUYERS\n");
    return 2;
}

int main(int argc, char **argv)
{
    if (argc != 1) {
        char *end;
        if (argc != 3)
            return usage();
        if (strcmp(argv[1], "nolock") == 0)
            locking = 0;
        else if (strcmp(argv[1], "lock") != 0)
            return usage();
        buyers = strtol(argv[2], &end, 10);
        if (argv[2][0] == '\0' || *end != '\0' || buyers < 1)
            return usage();
    }
    for (int i = 0; i < buyers; i++) {
        pid_t p = fork();
        if (p == 0) {
            buyer(i);
            exit(0);
        }
    }
    while (wait(NULL) > 0)
        ;
    unlink("buy.lock");
    return 0;
}
