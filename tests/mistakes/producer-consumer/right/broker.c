/* Right. Style: a helper process is the queue: it poll()s the pipes of the producers and serves a
   request byte of a consumer with one item; end marks go out when all items have been acknowledged. */
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
#include <poll.h>

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

static int in[2], ask[2], reply[MAXN][2], mine;
static pid_t broker;

/* in: items and end marks; ask: a byte with a consumer's number, or A for "got it" */
static void serve(void)
{
    static struct item queue[1 << 16];
    unsigned head = 0, tail = 0;
    char waiting[MAXN], who;
    int nwait = 0, ended = 0, on_the_way = 0;
    struct pollfd p[2] = { { in[0], POLLIN, 0 }, { ask[0], POLLIN, 0 } };
    while (ended < C) {
        if (poll(p, 2, -1) < 0)
            continue;
        if (p[0].revents & POLLIN) {
            if (read(in[0], &queue[head % (1 << 16)], sizeof *queue) != sizeof *queue)
                die("read");
            head++;
        }
        if (p[1].revents & POLLIN) {
            if (read(ask[0], &who, 1) != 1)
                die("read");
            if (who == 'A')
                on_the_way--;
            else
                waiting[nwait++] = who;
        }
        while (nwait > 0 && head != tail) {
            struct item it = queue[tail % (1 << 16)];
            if (it.p < 0 && on_the_way > 0)
                break;                  /* no end before all have got theirs */
            tail++;
            on_the_way += it.p >= 0;
            if (write(reply[(int)waiting[0]][1], &it, sizeof it) != sizeof it)
                die("write");
            memmove(waiting, waiting + 1, --nwait);
            ended += it.p < 0;
        }
    }
    exit(0);
}

static void q_init(void)
{
    if (P * N + C >= 1 << 16)
        usage("too many items");
    if (pipe(in) < 0 || pipe(ask) < 0)
        die("pipe");
    for (int c = 0; c < C; c++)
        if (pipe(reply[c]) < 0)
            die("pipe");
    if ((broker = fork()) < 0)
        die("fork");
    if (broker == 0)
        serve();
}

static void q_consumer(int c)
{
    mine = c;
}

static void q_put(struct item it)
{
    if (write(in[1], &it, sizeof it) != sizeof it)
        die("write");
}

static int q_get(struct item *it)
{
    char me = mine;
    if (write(ask[1], &me, 1) != 1 || read(reply[mine][0], it, sizeof *it) != sizeof *it)
        die("broker");
    if (it->p >= 0 && write(ask[1], "A", 1) != 1)
        die("broker");
    return it->p >= 0;
}

static void q_end(void)
{
    while (waitpid(broker, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* an end mark for each consumer */
static void q_finish(void)
{
    struct item end = { -1, -1 };
    for (int c = 0; c < C; c++)
        q_put(end);
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
            q_consumer(c);
            consumer(c);
            exit(0);
        }
    for (int p = 0; p < P; p++)
        reap(ppids[p]);
    q_finish();
    for (int c = 0; c < C; c++)
        reap(cpids[c]);
    q_end();
    say("主\n");
    return 0;
}
