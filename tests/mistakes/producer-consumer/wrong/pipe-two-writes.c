/* Mistake: a record is written by two write calls; another producer's piece may come in between, and
   the consumers read mixed records. */
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
#include <sys/mman.h>

#define MAXN 5

static const char *const cook[MAXN] = { "大海", "中海", "小海", "东海", "西海" };
static const char *const food[MAXN] = { "包子", "辣椒炒肉", "土豆丝", "馒头", "面条" };
static const char *const guest[MAXN] = { "夏洛", "西施", "貂蝉", "昭君", "玉环" };

struct item {
    int p, k;               /* number k of producer p; p < 0 is the end mark */
};

static int P = 3, C = 2, N = 10;
static pid_t ppids[MAXN], cpids[MAXN];

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

static int fd[2], lockfd;

static void q_init(void)
{
    if (pipe(fd) < 0)
        die("pipe");
    lockfd = memfd_create("reader", MFD_CLOEXEC);
    if (lockfd < 0)
        die("memfd");
}

static void q_put(struct item it)
{
    if (write(fd[1], &it.p, sizeof it.p) != sizeof it.p ||
        write(fd[1], &it.k, sizeof it.k) != sizeof it.k)
        die("write");
}

static int q_get(struct item *it)
{
    /* one consumer at a time reads a record to its end */
    size_t have = 0;
    if (lockf(lockfd, F_LOCK, 0) < 0)
        die("lockf");
    while (have < sizeof *it) {
        ssize_t n = read(fd[0], (char *)it + have, sizeof *it - have);
        if (n <= 0)
            break;
        have += n;
    }
    if (lockf(lockfd, F_ULOCK, 0) < 0)
        die("lockf");
    return have == sizeof *it;
}

static void q_consumer(int c)
{
    (void)c;
    close(fd[1]);
}

static void q_producer(void)
{
    close(fd[0]);
}

static void q_started(void)
{
    close(fd[0]);
}

/* end of file is the end signal */
static void q_finish(void)
{
    close(fd[1]);
}

static void producer(int p)
{
    for (int k = 0; k < N; k++) {
        struct item it = { p, k };
        nap(1 + rand() % 3);
        q_put(it);
        say("厨师%s生产了%s%d\n", cook[p], food[p], k);
    }
}

static void consumer(int c)
{
    struct item it;
    while (q_get(&it)) {
        if (it.p < 0 || it.p >= MAXN)
            continue;
        nap(1 + rand() % 3);
        say("吃货%s吃了%s%d\n", guest[c], food[it.p], it.k);
    }
}

static pid_t start(void)
{
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0)
        srand(getpid() ^ time(NULL));
    return pid;
}

static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

int main(int argc, char **argv)
{
    if (argc != 1 && argc != 4)
        usage("usage: producer-consumer PRODUCERS CONSUMERS ITEMS");
    if (argc == 4) {
        P = number(argv[1], 1);
        C = number(argv[2], 1);
        N = number(argv[3], 0);
        if (P > MAXN || C > MAXN)
            usage("at most 5 of each");
    }
    q_init();
    for (int p = 0; p < P; p++)
        if ((ppids[p] = start()) == 0) {
            q_producer();
            producer(p);
            exit(0);
        }
    for (int c = 0; c < C; c++)
        if ((cpids[c] = start()) == 0) {
            q_consumer(c);
            consumer(c);
            exit(0);
        }
    q_started();
    for (int p = 0; p < P; p++)
        reap(ppids[p]);
    q_finish();
    for (int c = 0; c < C; c++)
        reap(cpids[c]);
    say("主\n");
    return 0;
}
