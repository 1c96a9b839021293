/* Mistake: main waits for the child without WNOHANG before it exits, so a child that lives longer dies
   normally and main is late. */
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
#include <signal.h>
#include <sys/prctl.h>

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
    pid_t emperor = getpid();
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != emperor)
            _exit(1);
        say("老太监活着\n");
        nap(child_s);
        say("老太监正常死亡\n");
        exit(0);
    }
    nap(parent_s);
    say("皇帝正在死亡\n");
    waitpid(pid, NULL, 0);
    return 0;
}
