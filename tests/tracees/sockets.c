/* Socket pairs: streams, datagrams, packets, half-closing, time-outs. */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tracee.h"

static int pair[2];

static void make_pair(int type)
{
	if (socketpair(AF_UNIX, type, 0, pair) < 0)
		_exit(1);
}

static void send_at(int tenths)
{
	nap(tenths);
	if (send(pair[1], "hello", 5, 0) != 5)
		_exit(1);
}

static void stream(void)
{
	char text[20];

	make_pair(SOCK_STREAM);
	start(send_at, 1);
	show("recv", recv(pair[0], text, sizeof(text), 0));
	show("both ways", write(pair[0], "abc", 3));
	show("read", read(pair[1], text, 2));
	show("rest", read(pair[1], text, sizeof(text)));
	show("not now", recv(pair[1], text, 1, MSG_DONTWAIT));
	reap_all();
	show("shutdown", shutdown(pair[1], SHUT_WR));
	show("end", read(pair[0], text, sizeof(text)));
	close(pair[1]);
	show("broken", send(pair[0], "x", 1, MSG_NOSIGNAL));
}

static void packets(void)
{
	char text[20];

	make_pair(SOCK_SEQPACKET);
	show("send", send(pair[1], "one", 3, 0));
	show("send", send(pair[1], "three", 5, 0));
	show("recv", recv(pair[0], text, sizeof(text), 0));
	show("cut", recv(pair[0], text, 2, 0));
	start(send_at, 1);
	show("waits", recv(pair[0], text, sizeof(text), 0));
	reap_all();
	close(pair[1]);
	show("end", recv(pair[0], text, sizeof(text), 0));
}

static void take_all(int unused)
{
	char text[20];
	int count = 0;

	(void)unused;
	close(pair[1]);
	while (recv(pair[0], text, sizeof(text), 0) > 0)
		count++;
	_exit(count);
}

static void two_readers(void)
{
	int status, total = 0;

	make_pair(SOCK_SEQPACKET);
	start(take_all, 0);
	start(take_all, 0);
	close(pair[0]);
	for (int i = 0; i < 40; i++)
		if (send(pair[1], "item", 4, 0) != 4)
			_exit(1);
	close(pair[1]);
	while (wait(&status) > 0)
		total += WEXITSTATUS(status);
	say("taken %d", total);
}

static void polled(void)
{
	struct pollfd in;
	char text[20];

	make_pair(SOCK_DGRAM);
	in = (struct pollfd){pair[0], POLLIN, 0};
	show("time-out", poll(&in, 1, 100));
	start(send_at, 1);
	show("ready", poll(&in, 1, -1));
	show("recv", recv(pair[0], text, sizeof(text), 0));
	reap_all();
}

static void write_much(int unused)
{
	static char big[100000];
	long total = 0, wrote;

	(void)unused;
	close(pair[0]);
	while (total < 1000000) {
		wrote = write(pair[1], big, sizeof(big));
		if (wrote < 0)
			_exit(1);
		total += wrote;
	}
}

static void much(void)
{
	static char big[100000];
	long total = 0, got;

	make_pair(SOCK_STREAM);
	start(write_much, 0);
	close(pair[1]);
	nap(1);
	while ((got = read(pair[0], big, sizeof(big))) > 0)
		total += got;
	say("total %ld", total);
	reap_all();
}

static void set_time_out(int fd, int option, int tenths)
{
	struct timeval time = {tenths / 10, tenths % 10 * 100000};

	show("time-out", setsockopt(fd, SOL_SOCKET, option, &time, sizeof(time)));
}

static void receive_in_time(void)
{
	char text[20];

	make_pair(SOCK_SEQPACKET);
	set_time_out(pair[0], SO_RCVTIMEO, 2);
	show("recv", recv(pair[0], text, sizeof(text), 0));
	show("read", read(pair[0], text, sizeof(text)));
	start(send_at, 1);
	show("in time", recv(pair[0], text, sizeof(text), 0));
	start(send_at, 3);
	show("too late", recvfrom(pair[0], text, sizeof(text), 0, NULL, NULL));
	set_time_out(pair[0], SO_RCVTIMEO, 0);
	show("for ever", read(pair[0], text, sizeof(text)));
	reap_all();
}

static void receive_other_end(void)
{
	char text[20];

	make_pair(SOCK_STREAM);
	set_time_out(pair[1], SO_RCVTIMEO, 1);
	show("not mine", setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO,
				 &(struct timeval){0, 300000},
				 sizeof(struct timeval)));
	show("recv", recv(pair[0], text, 1, 0));
	show("recv", recv(pair[1], text, 1, 0));
	show("not now", recv(pair[1], text, 1, MSG_DONTWAIT));
}

static void accept_in_time(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	/* no name given: the kernel chooses an abstract one */
	show("bind", bind(fd, (struct sockaddr *)&name, sizeof(sa_family_t)));
	show("listen", listen(fd, 1));
	set_time_out(fd, SO_RCVTIMEO, 2);
	show("accept", accept(fd, NULL, NULL));
}

static void read_some(int tenths)
{
	static char some[100000];

	nap(tenths);
	if (recv(pair[0], some, sizeof(some), 0) <= 0)
		_exit(1);
	nap(6);
}

static void send_in_time(void)
{
	static char big[2000000];
	long sent;

	make_pair(SOCK_STREAM);
	set_time_out(pair[1], SO_SNDTIMEO, 2);
	sent = send(pair[1], big, sizeof(big), 0);
	say("a part: %d", sent > 0 && sent < (long)sizeof(big));
	show("full", send(pair[1], big, sizeof(big), 0));
	show("full", write(pair[1], big, 10));
	start(read_some, 1);
	sent = write(pair[1], big, sizeof(big));
	say("more: %d", sent > 0 && sent < (long)sizeof(big));
	reap_all();
}

static void on_signal(int sig)
{
	say("handler %s", sigabbrev_np(sig));
}

static void signal_at(int tenths)
{
	nap(tenths);
	kill(getppid(), SIGUSR1);
}

static void interrupted(void)
{
	char text[20];

	make_pair(SOCK_STREAM);
	handle(SIGUSR1, on_signal, SA_RESTART);
	start(signal_at, 1);
	start(send_at, 2);
	show("restarted", recv(pair[0], text, sizeof(text), 0));
	reap_all();
	set_time_out(pair[0], SO_RCVTIMEO, 3);
	start(signal_at, 1);
	show("interrupted", recv(pair[0], text, sizeof(text), 0));
	reap_all();
}

static const struct tracee_case cases[] = {
	{"stream", stream},
	{"packets", packets},
	{"two readers", two_readers},
	{"polled", polled},
	{"much", much},
	{"receive in time", receive_in_time},
	{"receive at the other end", receive_other_end},
	{"accept in time", accept_in_time},
	{"send in time", send_in_time},
	{"interrupted", interrupted},
};

TRACEE_MAIN(cases)
