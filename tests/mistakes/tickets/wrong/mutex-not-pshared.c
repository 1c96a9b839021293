/* Mistake: mutex in shared memory initialised with default attributes (not PROCESS_SHARED); an unlock
   does not wake waiters of other processes, they hang. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <pthread.h>
#include <sys/mman.h>

#define MAXB 64

static int me, buyers = 10, locking = 1;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void usage(const char *text)
{
    fprintf(stderr, "%s\n", text);
    exit(2);
}

static int number(const char *s, int least)
{
    long v = 0;
    if (!*s)
        usage("empty number");
    for (const char *p = s; *p; p++) {
        if (*p < '0' || *p > '9')
            usage("malformed number");
        v = v * 10 + (*p - '0');
        if (v > 1000000)
            usage("number too large");
    }
    if (v < least)
        usage("number too small");
    return (int)v;
}

/* whole seconds, also when a signal comes in between */
static void nap(int seconds)
{
    struct timespec t = { seconds, 0 };
    while (nanosleep(&t, &t) < 0 && errno == EINTR)
        ;
}

static void say(const char *f, ...)
{
    va_list a;
    va_start(a, f);
    vprintf(f, a);
    va_end(a);
    fflush(stdout);
}

static int read_count(void)
{
    char buf[512];
    int fd = open("db.json", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        die("db.json");
    ssize_t n = read(fd, buf, sizeof buf - 1);
    close(fd);
    buf[n > 0 ? n : 0] = 0;
    char *p = strchr(buf, ':');
    if (!p)
        usage("db.json is not what it should be");
    return atoi(p + 1);
}

static void write_count(int n)
{
    char tmp[64], text[64];
    snprintf(tmp, sizeof tmp, "db.json.%d", (int)getpid());
    int len = snprintf(text, sizeof text, "{\"count\": %d}\n", n);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, len) != len)
        die(tmp);
    close(fd);
    if (rename(tmp, "db.json") < 0)
        die("rename");
}

static pthread_mutex_t *m;

static void lock_init(void)
{
    m = mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (m == MAP_FAILED)
        die("mmap");
    pthread_mutex_init(m, NULL);
}

static void lock(void)
{
    pthread_mutex_lock(m);
}

static void unlock(void)
{
    pthread_mutex_unlock(m);
}

static void buyer(void)
{
    int n = read_count();
    nap(1);
    say("路人%d 查看到余票为%d\n", me, n);
    if (locking)
        lock();
    n = read_count();
    if (n > 0) {
        nap(1 + rand() % 3);
        write_count(n - 1);
        say("路人%d 购票成功\n", me);
    } else {
        say("路人%d 查看到没有票了\n", me);
    }
    if (locking)
        unlock();
}

int main(int argc, char **argv)
{
    static pid_t pids[MAXB];
    const char *mode = "lock";
    if (argc != 1 && argc != 3)
        usage("usage: tickets MODE BUYERS");
    if (argc == 3) {
        mode = argv[1];
        buyers = number(argv[2], 1);
        if (buyers > MAXB)
            usage("too many buyers");
    }
    if (strcmp(mode, "lock") && strcmp(mode, "nolock"))
        usage("MODE is lock or nolock");
    locking = !strcmp(mode, "lock");
    lock_init();
    for (int i = 0; i < buyers; i++) {
        pids[i] = fork();
        if (pids[i] < 0)
            die("fork");
        if (pids[i] == 0) {
            me = i;
            srand(getpid());
            buyer();
            exit(0);
        }
    }
    for (int left = buyers; left > 0; left--) {
        int status;
        pid_t pid;
        do
            pid = wait(&status);
        while (pid < 0 && errno == EINTR);
        if (pid < 0)
            break;
    }
    return 0;
}
