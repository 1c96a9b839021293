/* Threads: join, detach, cancel, once, locks, ends, fork and signals. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "tracee.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int count;

static void *nap_in_thread(void *tenths)
{
	nap(*(int *)tenths);
	say("thread %d", *(int *)tenths);
	return tenths;
}

static void joined(void)
{
	int times[] = {3, 1, 2};
	pthread_t threads[3];
	void *result;

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, nap_in_thread, &times[i]);
	show_error("not yet", pthread_tryjoin_np(threads[0], NULL));
	for (int i = 0; i < 3; i++) {
		show_error("join", pthread_join(threads[i], &result));
		say("result %d", *(int *)result);
	}
	show_error("self", pthread_join(pthread_self(), NULL));
}

static void detached(void)
{
	pthread_t thread;
	int tenths = 1;

	pthread_create(&thread, NULL, nap_in_thread, &tenths);
	show_error("detach", pthread_detach(thread));
	nap(2);
	say("main goes on");
}

static void *add_many(void *unused)
{
	for (int i = 0; i < 200; i++) {
		pthread_mutex_lock(&mutex);
		count++;
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static void counter(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, add_many, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	say("count %d", count);
}

static void *wait_for_count(void *unused)
{
	pthread_mutex_lock(&mutex);
	while (count == 0)
		pthread_cond_wait(&cond, &mutex);
	count++;
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void condition(void)
{
	pthread_t threads[3];
	struct timespec time;

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, wait_for_count, NULL);
	nap(1);
	pthread_mutex_lock(&mutex);
	count = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	say("count %d", count);
	pthread_mutex_lock(&mutex);
	time = in_tenths(CLOCK_REALTIME, 2);
	show_error("timed", pthread_cond_timedwait(&cond, &mutex, &time));
	pthread_mutex_unlock(&mutex);
}

static void clean_up(void *unused)
{
	(void)unused;
	say("clean-up");
}

static void *sleep_long(void *unused)
{
	pthread_cleanup_push(clean_up, NULL);
	sleep(50);
	pthread_cleanup_pop(0);
	return unused;
}

static void cancelled(void)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, sleep_long, NULL);
	nap(1);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	say("cancelled %d", result == PTHREAD_CANCELED);
}

static void print_once(void)
{
	say("once");
}

static void *call_once(void *unused)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, print_once);
	return unused;
}

static void once(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, call_once, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	say("all");
}

static void leave_main_thread(int unused)
{
	static int tenths = 2;
	pthread_t thread;

	(void)unused;
	pthread_create(&thread, NULL, nap_in_thread, &tenths);
	pthread_exit(NULL);
}

static void *exit_process(void *unused)
{
	nap(1);
	_exit(9);
	return unused;
}

static void exit_in_thread(int unused)
{
	pthread_t thread;

	(void)unused;
	pthread_create(&thread, NULL, exit_process, NULL);
	nap(50);
}

static void ends(void)
{
	show_status("main thread first", reap(start(leave_main_thread, 0)));
	show_status("exit in a thread", reap(start(exit_in_thread, 0)));
}

static void *execute(void *unused)
{
	nap(1);
	execl("/proc/self/exe", "threads", "executed", (char *)NULL);
	_exit(1);
	return unused;
}

static void execute_in_thread(int unused)
{
	pthread_t thread;

	(void)unused;
	pthread_create(&thread, NULL, execute, NULL);
	nap(50);
}

static void exec_in_thread(void)
{
	show_status("executed", reap(start(execute_in_thread, 0)));
}

static void *fork_in_thread(void *unused)
{
	pid_t pid = fork();

	if (pid == 0) {
		nap(1);
		_exit(4);
	}
	show_status("child of a thread", reap(pid));
	return unused;
}

static void *wait_in_thread(void *unused)
{
	int status;

	if (wait(&status) > 0)
		show_status("child of another thread", status);
	return unused;
}

static void exit_later(int tenths)
{
	nap(tenths);
	_exit(tenths);
}

static void children(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, fork_in_thread, NULL);
	pthread_join(thread, NULL);
	start(exit_later, 2);
	pthread_create(&thread, NULL, wait_in_thread, NULL);
	pthread_join(thread, NULL);
}

static pthread_t main_thread;

static void on_signal(int sig)
{
	(void)sig;
	say("in the main thread %d",
		pthread_equal(pthread_self(), main_thread) != 0);
}

static void *wait_for_signal(void *set)
{
	int sig;

	sigwait(set, &sig);
	say("waited for %s", sigabbrev_np(sig));
	pthread_kill(main_thread, SIGUSR2);
	return NULL;
}

static void signals(void)
{
	pthread_t thread;
	sigset_t set;

	main_thread = pthread_self();
	handle(SIGUSR2, on_signal, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&thread, NULL, wait_for_signal, &set);
	nap(1);
	kill(getpid(), SIGUSR1);
	show_error("join", pthread_join(thread, NULL));
}

static sem_t sem;

static void *post_later(void *unused)
{
	nap(1);
	sem_post(&sem);
	return unused;
}

static void semaphore(void)
{
	pthread_t thread;

	sem_init(&sem, 0, 0);
	pthread_create(&thread, NULL, post_later, NULL);
	show("wait", sem_wait(&sem));
	pthread_join(thread, NULL);
}

static atomic_int flag;

static void *set_flag(void *unused)
{
	nap(1);
	atomic_store(&flag, 1);
	return unused;
}

static void flag_with_yield(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, set_flag, NULL);
	while (!atomic_load(&flag))
		usleep(5000);
	say("flag is set");
	pthread_join(thread, NULL);
}

static const struct tracee_case cases[] = {
	{"joined", joined},
	{"detached", detached},
	{"counter", counter},
	{"condition", condition},
	{"cancelled", cancelled},
	{"once", once},
	{"ends", ends},
	{"exec in a thread", exec_in_thread},
	{"children", children},
	{"signals", signals},
	{"semaphore", semaphore},
	{"flag", flag_with_yield},
};

int main(int argc, char *argv[])
{
	if (argc == 2 && strcmp(argv[1], "executed") == 0)
		return 6;
	return run_cases(cases, COUNT(cases));
}
