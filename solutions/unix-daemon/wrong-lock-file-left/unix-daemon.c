/* A lock file of its own, made by O_EXCL, that nobody removes. */
#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char pid_path[1024], log_path[1024];
static volatile sig_atomic_t running = 1;

static void term(int n) { running = 0; (void)n; }

static void log_line(const char *line)
{
    FILE *f = fopen(log_path, "a");
    if (!f)
        return;
    fprintf(f, "%s\n", line);
    fclose(f);
}

static void null_fd(int fd, int flags)
{
    int n = open("/dev/null", flags);
    if (n != fd) {
        dup2(n, fd);
        close(n);
    }
}

static void serve(unsigned long life)
{
    signal(SIGTERM, term);
    while (running && life > 0) {
        sleep(1);
        if (!running)
            break;
        life--;
        log_line("alive");
    }
    unlink(pid_path);
    log_line("bye");
    exit(0);
}

int main(int argc, char *argv[])
{
    unsigned long life = 10;
    char here[900];
    int fd;

    if (argc > 2) {
        fprintf(stderr, "unix-daemon: too many arguments\n");
        return 2;
    }
    if (argc == 2) {
        size_t i;
        if (!argv[1][0]) {
            fprintf(stderr, "unix-daemon: empty argument\n");
            return 2;
        }
        for (i = 0; argv[1][i]; i++)
            if (!isdigit((unsigned char)argv[1][i])) {
                fprintf(stderr, "unix-daemon: not a number: %s\n", argv[1]);
                return 2;
            }
        life = strtoul(argv[1], NULL, 10);
    }
    if (!getcwd(here, sizeof here))
        return 3;
    snprintf(pid_path, sizeof pid_path, "%s/daemon.pid", here);
    snprintf(log_path, sizeof log_path, "%s/daemon.log", here);

    if (open("daemon.lock", O_WRONLY | O_CREAT | O_EXCL, 0644) < 0) {
        fprintf(stderr, "unix-daemon: runs already\n");
        return 1;
    }
    fd = open(pid_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    signal(SIGTERM, term);   // before anybody can read the number
    switch (fork()) {
    case -1:
        unlink(pid_path);
        return 3;
    case 0:
        break;
    default:
        return 0;
    }
    setsid();
    switch (fork()) {
    case -1:
        unlink(pid_path);
        _exit(3);
    case 0:
        break;
    default:
        _exit(0);
    }
    dprintf(fd, "%d\n", (int)getpid());
    close(fd);
    umask(0);
    if (chdir("/") != 0)
        _exit(3);
    null_fd(0, O_RDONLY);
    null_fd(1, O_WRONLY);
    null_fd(2, O_WRONLY);
    serve(life);
}
