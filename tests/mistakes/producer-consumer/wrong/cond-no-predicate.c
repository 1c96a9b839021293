/* Mistake: the consumer waits on the condition variable before each take without looking whether an
   item is there already; a signal sent before it waits is lost. */
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

#define CAP 4

static struct {
    pthread_mutex_t m;
    pthread_cond_t notempty, notfull;
    int count, out, done;
    struct item slot[CAP];
} *sh;

static void q_init(void)
{
    pthread_mutexattr_t a;
    pthread_condattr_t b;
    sh = mmap(NULL, sizeof *sh, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (sh == MAP_FAILED)
        die("mmap");
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&sh->m, &a);
    pthread_condattr_init(&b);
    pthread_condattr_setpshared(&b, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&sh->notempty, &b);
    pthread_cond_init(&sh->notfull, &b);
}

static void q_put(struct item it)
{
    pthread_mutex_lock(&sh->m);
    while (sh->count == CAP)
        pthread_cond_wait(&sh->notfull, &sh->m);
    sh->slot[(sh->out + sh->count++) % CAP] = it;
    pthread_cond_signal(&sh->notempty);
    pthread_mutex_unlock(&sh->m);
}

static int q_get(struct item *it)
{
    pthread_mutex_lock(&sh->m);
    do {
        if (!sh->done)
            pthread_cond_wait(&sh->notempty, &sh->m);
    } while (sh->count == 0 && !sh->done);
    if (sh->count == 0) {
        pthread_mutex_unlock(&sh->m);
        return 0;
    }
    *it = sh->slot[sh->out];
    sh->out = (sh->out + 1) % CAP;
    sh->count--;
    pthread_cond_signal(&sh->notfull);
    pthread_mutex_unlock(&sh->m);
    return 1;
}

static void q_finish(void)
{
    pthread_mutex_lock(&sh->m);
    sh->done = 1;
    pthread_cond_broadcast(&sh->notempty);
    pthread_mutex_unlock(&sh->m);
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
            producer(p);
            exit(0);
        }
    for (int c = 0; c < C; c++)
        if ((cpids[c] = start()) == 0) {
            consumer(c);
            exit(0);
        }
    for (int p = 0; p < P; p++)
        reap(ppids[p]);
    q_finish();
    for (int c = 0; c < C; c++)
        reap(cpids[c]);
    say("主\n");
    return 0;
}
