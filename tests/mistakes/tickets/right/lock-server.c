/* Right. Style: a helper process is the lock server: a socketpair for each buyer, poll loop, a hung-up
   line frees the lock. */
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
#include <signal.h>
#include <sys/socket.h>

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

static int line[MAXB][2];
static pid_t server;

static void serve(void)
{
    struct pollfd p[MAXB];
    char wants[MAXB] = { 0 }, c;
    int holder = -1, open_lines = buyers;
    for (int i = 0; i < buyers; i++) {
        close(line[i][1]);
        p[i] = (struct pollfd){ line[i][0], POLLIN, 0 };
    }
    while (open_lines > 0) {
        if (poll(p, buyers, -1) < 0)
            continue;
        for (int i = 0; i < buyers; i++) {
            if (p[i].fd < 0 || !p[i].revents)
                continue;
            if (read(p[i].fd, &c, 1) == 1 && c == 'L') {
                wants[i] = 1;
                continue;
            }
            p[i].fd = -1;               /* it has finished or is dead */
            wants[i] = 0;
            open_lines--;
            if (holder == i)
                holder = -1;
        }
        for (int i = 0; i < buyers && holder < 0; i++)
            if (wants[i]) {
                wants[i] = 0;
                if (send(line[i][0], "G", 1, MSG_NOSIGNAL) == 1)
                    holder = i;
            }
    }
    exit(0);
}

static void lock_init(void)
{
    for (int i = 0; i < buyers; i++)
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, line[i]) < 0)
            die("socketpair");
    server = fork();
    if (server < 0)
        die("fork");
    if (server == 0)
        serve();
}

static void lock_child(void)
{
    for (int i = 0; i < buyers; i++) {
        close(line[i][0]);
        if (i != me)
            close(line[i][1]);
    }
}

static void lock_started(pid_t *pids)
{
    (void)pids;
    for (int i = 0; i < buyers; i++) {
        close(line[i][0]);
        close(line[i][1]);
    }
}

static void lock(void)
{
    char c;
    if (write(line[me][1], "L", 1) != 1 || read(line[me][1], &c, 1) != 1)
        die("lock server");
}

static void unlock(void)
{
    close(line[me][1]);                 /* a buyer buys once */
}

static void lock_end(void)
{
    while (wait(NULL) > 0)
        ;
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
            lock_child();
            buyer();
            exit(0);
        }
    }
    lock_started(pids);
    for (int left = buyers; left > 0; left--) {
        int status;
        pid_t pid;
        do
            pid = wait(&status);
        while (pid < 0 && errno == EINTR);
        if (pid < 0)
            break;
    }
    lock_end();
    return 0;
}
