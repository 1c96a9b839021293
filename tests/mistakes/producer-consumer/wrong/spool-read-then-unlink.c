/* Mistake: items are files in a spool directory; a consumer reads the oldest one and then removes it,
   and two consumers may read the same file before it is removed. */
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
#include <dirent.h>
#include <sys/stat.h>

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

static char dir[40];

static void q_init(void)
{
    snprintf(dir, sizeof dir, "spool.%d", (int)getpid());
    if (mkdir(dir, 0700) < 0)
        die(dir);
}

static void path_of(char *to, const char *kind, struct item it)
{
    sprintf(to, "%s/%s.%d.%d", dir, kind, it.p, it.k);
}

static void q_put(struct item it)
{
    char tmp[100], path[100];
    path_of(tmp, "new", it);
    path_of(path, "item", it);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || write(fd, &it, sizeof it) != sizeof it)
        die(tmp);
    close(fd);
    if (rename(tmp, path) < 0)
        die("rename");
}

/* the lowest number of some producer; 1 if there is one */
static int oldest(struct item *it)
{
    struct dirent *e;
    struct item x;
    int found = 0;
    DIR *d = opendir(dir);
    if (!d)
        die(dir);
    while ((e = readdir(d)))
        if (sscanf(e->d_name, "item.%d.%d", &x.p, &x.k) == 2 &&
            (!found || x.k < it->k || (x.k == it->k && x.p < it->p))) {
            *it = x;
            found = 1;
        }
    closedir(d);
    return found;
}

static int q_get(struct item *it)
{
    char path[100], end[60];
    struct item x;
    sprintf(end, "%s/end", dir);
    for (;;) {
        int over = access(end, F_OK) == 0;
        if (!oldest(&x)) {
            if (over)
                return 0;
            usleep(100000);
            continue;
        }
        path_of(path, "item", x);
        int fd = open(path, O_RDONLY);
        if (fd < 0)
            continue;
        ssize_t n = read(fd, it, sizeof *it);
        close(fd);
        unlink(path);
        if (n == sizeof *it)
            return 1;
    }
}

static void q_finish(void)
{
    char end[60];
    sprintf(end, "%s/end", dir);
    close(open(end, O_WRONLY | O_CREAT, 0600));
}

static void q_end(void)
{
    char end[60];
    sprintf(end, "%s/end", dir);
    unlink(end);
    rmdir(dir);
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
    q_end();
    say("主\n");
    return 0;
}
