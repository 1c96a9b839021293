/* Right. Style: child waits by epoll for a timerfd and the lifeline at once. */
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
#include <sys/epoll.h>
#include <sys/timerfd.h>

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

int main(int argc, char **argv)
{
    int child_s = 3, parent_s = 1;
    if (argc != 1 && argc != 3)
        usage("usage: daemon CHILD_SECONDS PARENT_SECONDS");
    if (argc == 3) {
        child_s = number(argv[1], 0);
        parent_s = number(argv[2], 0);
    }
    int life[2];
    if (pipe(life) < 0)
        die("pipe");
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        close(life[1]);
        say("老太监活着\n");
        int ep = epoll_create1(0), tfd = timerfd_create(CLOCK_MONOTONIC, 0);
        struct itimerspec when = { .it_value = { child_s, child_s ? 0 : 1 } };
        struct epoll_event e = { .events = EPOLLIN };
        e.data.fd = tfd;
        if (ep < 0 || tfd < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, tfd, &e) < 0)
            die("epoll");
        e.data.fd = life[0];
        if (epoll_ctl(ep, EPOLL_CTL_ADD, life[0], &e) < 0 || timerfd_settime(tfd, 0, &when, NULL) < 0)
            die("epoll");
        while (epoll_wait(ep, &e, 1, -1) < 0 && errno == EINTR)
            ;
        if (e.data.fd == life[0])
            _exit(1);                   /* main is dead */
        say("老太监正常死亡\n");
        exit(0);
    }
    close(life[0]);
    nap(parent_s);
    say("皇帝正在死亡\n");
    waitpid(pid, NULL, WNOHANG);         /* one that has died before */
    return 0;
}
