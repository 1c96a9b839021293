/* System V semaphores, message queues and shared memory. */
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "tracee.h"

union semun {
	int val;
	unsigned short *array;
};

struct message {
	long type;
	char text[16];
};

static int id;

static void make_semaphores(int first, int second)
{
	unsigned short values[] = {first, second};

	id = semget(IPC_PRIVATE, 2, 0600);
	semctl(id, 0, SETALL, (union semun){.array = values});
}

static long op(int which, int change, int flags)
{
	struct sembuf one = {which, change, flags};

	return semop(id, &one, 1);
}

static void add_at(int tenths)
{
	nap(tenths);
	op(0, 1, 0);
}

static void semaphore(void)
{
	struct timespec time = {0, 200000000};
	struct sembuf take = {0, -1, 0};

	make_semaphores(1, 0);
	show("take", op(0, -1, 0));
	show("no wait", op(0, -1, IPC_NOWAIT));
	show("is zero", op(0, 0, IPC_NOWAIT));
	start(add_at, 1);
	show("take", op(0, -1, 0));
	show("timed", semtimedop(id, &take, 1, &time));
	start(add_at, 1);
	time.tv_nsec = 900000000;
	show("timed", semtimedop(id, &take, 1, &time));
	reap_all();
	show("value", semctl(id, 0, GETVAL));
	show("bad number", op(7, 1, 0));
	show("remove", semctl(id, 0, IPC_RMID));
	show("removed", op(0, 1, 0));
}

static void take_both(int unused)
{
	struct sembuf both[] = {{0, -1, 0}, {1, -2, 0}};

	(void)unused;
	show("both", semop(id, both, 2));
}

static void several(void)
{
	make_semaphores(0, 0);
	start(take_both, 0);
	nap(1);
	op(0, 1, 0);
	show("first is left alone", semctl(id, 0, GETVAL));
	op(1, 1, 0);
	nap(1);
	say("the last one");
	op(1, 1, 0);
	reap_all();
	show("values", semctl(id, 0, GETVAL) + semctl(id, 1, GETVAL));
	semctl(id, 0, IPC_RMID);
}

static void take_and_undo(int tenths)
{
	op(0, -1, SEM_UNDO);
	nap(tenths);
	say("holder ends");
}

static void undo(void)
{
	pid_t pid;

	make_semaphores(1, 0);
	start(take_and_undo, 2);
	nap(1);
	show("value", semctl(id, 0, GETVAL));
	show("take", op(0, -1, 0));
	reap_all();
	op(0, 1, 0);
	pid = start(take_and_undo, 50);
	nap(1);
	kill(pid, SIGKILL);
	show("take", op(0, -1, 0));
	reap_all();
	semctl(id, 0, IPC_RMID);
}

static void wait_for_zero(int unused)
{
	(void)unused;
	show("zero", op(0, 0, 0));
	show("removed while waiting", op(0, -1, 0));
}

static void zero_and_removal(void)
{
	make_semaphores(2, 0);
	start(wait_for_zero, 0);
	op(0, -1, 0);
	nap(1);
	say("down to zero");
	op(0, -1, 0);
	nap(1);
	say("remove");
	semctl(id, 0, IPC_RMID);
	reap_all();
}

static long send_message(long type, const char *text, int flags)
{
	struct message message = {.type = type};

	strcpy(message.text, text);
	return msgsnd(id, &message, strlen(text) + 1, flags);
}

static void receive(const char *what, long type, int flags)
{
	struct message message;
	long length = msgrcv(id, &message, sizeof(message.text), type, flags);

	if (length < 0)
		show(what, length);
	else
		say("%s: %ld %s", what, message.type, message.text);
}

static void send_at(int tenths)
{
	nap(tenths);
	send_message(tenths, "late", 0);
}

static void messages(void)
{
	id = msgget(IPC_PRIVATE, 0600);
	receive("empty", 0, IPC_NOWAIT);
	send_message(3, "three", 0);
	send_message(1, "one", 0);
	send_message(2, "two", 0);
	send_message(1, "uno", 0);
	receive("type 2", 2, 0);
	receive("first", 0, 0);
	receive("lowest to 5", -5, 0);
	receive("not 1", 1, MSG_EXCEPT | IPC_NOWAIT);
	receive("first", 0, 0);
	start(send_at, 1);
	start(send_at, 2);
	receive("type 2", 2, 0);
	receive("type 1", 1, 0);
	reap_all();
	send_message(1, "a long message", 0);
	show("too long", msgrcv(id, &(struct message){0}, 4, 0, 0));
	show("cut", msgrcv(id, &(struct message){0}, 4, 0, MSG_NOERROR));
	show("bad type", send_message(0, "x", 0));
	show("remove", msgctl(id, IPC_RMID, NULL));
	receive("removed", 0, 0);
}

static void receive_until_removed(int unused)
{
	(void)unused;
	receive("waits", 0, 0);
	receive("waits", 0, 0);
}

static void message_removal(void)
{
	id = msgget(IPC_PRIVATE, 0600);
	start(receive_until_removed, 0);
	nap(1);
	send_message(1, "hello", 0);
	nap(1);
	msgctl(id, IPC_RMID, NULL);
	reap_all();
}

static void fill(int unused)
{
	static struct {
		long type;
		char text[4096];
	} big = {.type = 1};

	(void)unused;
	for (int i = 0; i < 12; i++)
		if (msgsnd(id, &big, sizeof(big.text), 0) < 0)
			_exit(1);
	say("all sent");
}

static void full_queue(void)
{
	static struct {
		long type;
		char text[4096];
	} big;
	long total = 0;

	id = msgget(IPC_PRIVATE, 0600);
	start(fill, 0);
	nap(1);
	for (int i = 0; i < 12; i++) {
		total += msgrcv(id, &big, sizeof(big.text), 0, 0);
		if (i == 5)
			nap(1);
	}
	reap_all();
	say("received %ld", total);
	msgctl(id, IPC_RMID, NULL);
}

static void write_to_segment(int unused)
{
	char *text = shmat(id, NULL, 0);

	(void)unused;
	strcpy(text, "from the child");
	show("detach", shmdt(text));
}

static void segment(void)
{
	struct shmid_ds info;
	char *text;

	id = shmget(IPC_PRIVATE, 5000, IPC_CREAT | 0600);
	text = shmat(id, NULL, 0);
	say("zero at first: %d", text[0] == 0 && text[4999] == 0);
	reap(start(write_to_segment, 0));
	say("%s", text);
	shmctl(id, IPC_STAT, &info);
	say("attached %d, size %d", (int)info.shm_nattch, (int)info.shm_segsz);
	show("remove", shmctl(id, IPC_RMID, NULL));
	say("still there: %s", text);
	show("detach", shmdt(text));
	show("detach again", shmdt(text));
	show("gone", shmctl(id, IPC_STAT, &info));
	show("no such key", shmget(0x12345678, 1, 0));
}

static const struct tracee_case cases[] = {
	{"semaphore", semaphore},
	{"several", several},
	{"undo", undo},
	{"zero and removal", zero_and_removal},
	{"messages", messages},
	{"message removal", message_removal},
	{"full queue", full_queue},
	{"segment", segment},
};

TRACEE_MAIN(cases)
