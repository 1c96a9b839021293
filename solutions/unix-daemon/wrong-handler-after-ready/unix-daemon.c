/*
 * The handler of SIGTERM is installed after main has been told that all is
 * ready: a signal in between ends the daemon.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <signal.h>
#include <fcntl.h>
#include <ctype.h>
#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>

char pid_path[5000];
char log_path[5000];
char lock_path[5000];
char here[4500];
volatile sig_atomic_t flag = 0;
int life=10;
int fd[2];
FILE *fp;

void on_term(int s) { flag = 1; (void)s; }

int main(int argc, char *argv[]) {
    int i, j;
    pid_t p1, p2;
    char ok;
    if (argc>2) { fprintf(stderr,"wrong number of arguments\n"); exit(2); }
    if (argc==2) {
        if (strlen(argv[1])==0) { fprintf(stderr,"empty argument\n"); exit(2); }
        for (i=0;i<(int)strlen(argv[1]);i++) {
            if (!isdigit((unsigned char)argv[1][i])) { fprintf(stderr,"not a number\n"); exit(2); }
        }
        life=atoi(argv[1]);
    }
    if (getcwd(here,sizeof(here))==NULL) exit(3);
    strcpy(pid_path,here); strcat(pid_path,"/daemon.pid");
    strcpy(log_path,here); strcat(log_path,"/daemon.log");
    strcpy(lock_path,here); strcat(lock_path,"/daemon.lock");
    if (mkdir(lock_path,0755)!=0) {
        fprintf(stderr,"daemon is running\n");
        exit(1);
    }
    if (pipe(fd)!=0) { rmdir(lock_path); exit(3); }
    p1=fork();
    if (p1>0) {
        close(fd[1]);
        waitpid(p1,NULL,0);
        if (read(fd[0],&ok,1)!=1) exit(3);
        exit(0);
    }
    setsid();
    p2=fork();
    if (p2>0) _exit(0);
    /* the daemon */
    close(fd[0]);
    if (chdir("/")!=0) _exit(3);
    umask(0);
    close(0); open("/dev/null",O_RDWR);
    close(1); open("/dev/null",O_RDWR);
    close(2); open("/dev/null",O_RDWR);
    fp=fopen(pid_path,"w");
    fprintf(fp,"%d\n",(int)getpid());
    fclose(fp);
    ok='1';
    if (write(fd[1],&ok,1)!=1) _exit(3);
    close(fd[1]);
    signal(SIGTERM,on_term);
    for (i=0;i<life;i++) {
        if (flag==1) break;
        fp=fopen(log_path,"a");
        fprintf(fp,"alive\n");
        fclose(fp);
        for (j=0;j<10;j++) {
            if (flag==1) break;
            usleep(100000);
        }
        if (flag==1) break;
    }
    unlink(pid_path);
    fp=fopen(log_path,"a");
    fprintf(fp,"bye\n");
    fclose(fp);
    rmdir(lock_path);
    exit(0);
}
