/* Mistake: main closes the write end of the lifeline right after fork together with the read end; the
   child sees end of file at once and dies too early. */
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
        struct pollfd p = { life[0], POLLIN, 0 };
        int n;
        do
            n = poll(&p, 1, child_s * 1000);
        while (n < 0 && errno == EINTR);
        if (n != 0)
            _exit(1);                   /* main is dead */
        say("老太监正常死亡\n");
        exit(0);
    }
    close(life[0]);
    close(life[1]);
    nap(parent_s);
    say("皇帝正在死亡\n");
    waitpid(pid, NULL, WNOHANG);         /* one that has died before */
    return 0;
}
