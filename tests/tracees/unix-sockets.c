/* Sockets with names, and what goes wrong between the two ends. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "tracee.h"

static int pair[2];
static char path[40];

static void make_pair(int type)
{
	if (socketpair(AF_UNIX, type, 0, pair) < 0)
		_exit(1);
}

static struct sockaddr_un address(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	snprintf(path, sizeof(path), "socket-%d", tracee_index);
	strcpy(name.sun_path, path);
	return name;
}

static int bound(int type)
{
	struct sockaddr_un name = address();
	int fd = socket(AF_UNIX, type, 0);

	show("bind", bind(fd, (struct sockaddr *)&name, sizeof(name)));
	return fd;
}

static int connected(const char *what, int type)
{
	struct sockaddr_un name = address();
	int fd = socket(AF_UNIX, type, 0);

	if (connect(fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		show(what, -1);
	return fd;
}

static void ask(int number)
{
	char text[20];
	int fd;

	nap(number);
	fd = connected("connect", SOCK_STREAM);
	snprintf(text, sizeof(text), "question %d", number);
	send(fd, text, strlen(text), 0);
	shutdown(fd, SHUT_WR);
	text[recv(fd, text, sizeof(text) - 1, MSG_WAITALL)] = '\0';
	say("answer %s", text);
}

static void server(void)
{
	struct sockaddr_un peer;
	socklen_t size = sizeof(peer);
	char text[20];
	int fd = bound(SOCK_STREAM);

	connected("not listening", SOCK_STREAM);
	show("listen", listen(fd, 5));
	show("again", bind(fd, (struct sockaddr *)&peer, sizeof(peer)));
	for (int i = 1; i <= 3; i++)
		start(ask, i);
	for (int i = 1; i <= 3; i++) {
		int client = accept(fd, (struct sockaddr *)&peer, &size);
		int length = read(client, text, sizeof(text) - 1);

		text[length] = '\0';
		say("got '%s', then %ld", text,
			(long)read(client, text, sizeof(text)));
		write(client, "yes", 3);
		close(client);
	}
	reap_all();
	unlink(path);
	connected("nobody", SOCK_STREAM);
}

static void connect_three(int unused)
{
	(void)unused;
	for (int i = 0; i < 3; i++) {
		connected("connect", SOCK_STREAM);
		say("connected");
	}
	nap(5);
}

/* With room for one more, the third has to wait. */
static void full_queue(void)
{
	int fd = bound(SOCK_STREAM), client;

	listen(fd, 1);
	start(connect_three, 0);
	nap(2);
	say("accept");
	client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	nap(1);
	show("flags", fcntl(client, F_GETFD));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	show("accept", accept(fd, NULL, NULL) > 0);
	show("accept", accept(fd, NULL, NULL) > 0);
	show("no more", accept(fd, NULL, NULL));
	reap_all();
	unlink(path);
}

static void retry(void)
{
	struct sockaddr_un name = address();
	int fd, client;

	if (fork() == 0) {
		client = socket(AF_UNIX, SOCK_STREAM, 0);
		while (connect(client, (struct sockaddr *)&name,
			       sizeof(name)) < 0)
			;
		say("at last");
		_exit(0);
	}
	nap(2);
	fd = bound(SOCK_STREAM);
	nap(1);
	listen(fd, 1);
	accept(fd, NULL, NULL);
	reap_all();
	unlink(path);
}

static void send_to(int tenths)
{
	struct sockaddr_un name = address();
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	nap(tenths);
	if (sendto(fd, "datagram", 8, 0, (struct sockaddr *)&name,
		    sizeof(name)) != 8)
		say("not sent");
}

static void datagrams(void)
{
	struct sockaddr_un name;
	socklen_t size = sizeof(name);
	char text[20];
	int fd = bound(SOCK_DGRAM);

	start(send_to, 1);
	start(send_to, 2);
	show("look", recv(fd, text, 3, MSG_PEEK | MSG_TRUNC));
	show("recvfrom", recvfrom(fd, text, 3, 0, (struct sockaddr *)&name,
				&size));
	say("no name: %d", size == 0);
	nap(2);
	show("the second", recv(fd, text, sizeof(text), 0));
	reap_all();
	unlink(path);
}

static volatile int pipe_signals;

static void on_pipe(int sig)
{
	(void)sig;
	pipe_signals++;
}

static void take_and_close(int tenths)
{
	static char some[1000];

	close(pair[1]);
	nap(tenths);
	if (read(pair[0], some, sizeof(some)) < 0)
		_exit(1);
	nap(1);
}

static void partial(const char *what, bool writes)
{
	static char big[4000000];
	long sent;

	make_pair(SOCK_STREAM);
	start(take_and_close, 1);
	close(pair[0]);
	sent = writes ? write(pair[1], big, sizeof(big))
		      : send(pair[1], big, sizeof(big), 0);
	say("%s: a part %d, signals %d", what,
		sent > 0 && sent < (long)sizeof(big), pipe_signals);
	show("again", send(pair[1], big, 10, 0));
	say("signals %d", pipe_signals);
	show("without", send(pair[1], big, 10, MSG_NOSIGNAL));
	say("signals %d", pipe_signals);
	reap_all();
	pipe_signals = 0;
	close(pair[1]);
}

static void broken(void)
{
	handle(SIGPIPE, on_pipe, 0);
	partial("send", false);
	partial("write", true);
}

/* A pipe sends the signal all the same, pipe(7). */
static void broken_pipe(void)
{
	static char big[400000];
	long wrote;

	handle(SIGPIPE, on_pipe, 0);
	if (pipe(pair) < 0)
		_exit(1);
	start(take_and_close, 1);
	close(pair[0]);
	wrote = write(pair[1], big, sizeof(big));
	say("a part %d, signals %d", wrote > 0 && wrote < (long)sizeof(big),
		pipe_signals);
	reap_all();
}

static void shut_at(int tenths)
{
	close(pair[1]);
	nap(tenths);
	shutdown(pair[0], SHUT_RD);
	nap(1);
}

static void shut_under_sender(void)
{
	static char big[4000000];
	long sent;

	handle(SIGPIPE, on_pipe, 0);
	make_pair(SOCK_STREAM);
	start(shut_at, 1);
	close(pair[0]);
	sent = send(pair[1], big, sizeof(big), 0);
	say("a part %d, signals %d", sent > 0 && sent < (long)sizeof(big),
		pipe_signals);
	show("again", send(pair[1], big, 10, 0));
	say("signals %d", pipe_signals);
	reap_all();
}

static void *shut_in_thread(void *tenths)
{
	nap((int)(long)tenths);
	shutdown(pair[0], SHUT_RD);
	return NULL;
}

static void shut_under_reader(void)
{
	pthread_t thread;
	char byte;

	make_pair(SOCK_STREAM);
	pthread_create(&thread, NULL, shut_in_thread, (void *)1);
	show("end", recv(pair[0], &byte, 1, 0));
	pthread_join(thread, NULL);
}

static void send_pieces(int unused)
{
	(void)unused;
	nap(1);
	send(pair[1], "abc", 3, 0);
	nap(1);
	send(pair[1], "defghi", 6, 0);
}

static void wait_for_all(void)
{
	char first[2], second[6], control[100];
	struct iovec parts[2] = {{first, 2}, {second, 6}};
	struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2,
		.msg_control = control, .msg_controllen = sizeof(control),
		.msg_flags = -1};

	make_pair(SOCK_STREAM);
	start(send_pieces, 0);
	show("recvmsg", recvmsg(pair[0], &header, MSG_WAITALL));
	say("'%.2s' '%.6s', flags %x, control %d", first, second,
		(unsigned)header.msg_flags, (int)header.msg_controllen);
	reap_all();
}

static void send_descriptor(int unused)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	struct iovec part = {"xy", 2};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *message = CMSG_FIRSTHDR(&header);
	int ends[2];

	(void)unused;
	if (pipe(ends) < 0 || write(ends[1], "through", 7) != 7)
		_exit(1);
	message->cmsg_level = SOL_SOCKET;
	message->cmsg_type = SCM_RIGHTS;
	message->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(message), &ends[0], sizeof(int));
	nap(1);
	sendmsg(pair[1], &header, 0);
	nap(1);
	send(pair[1], "later", 5, 0);
}

static void receive_descriptor(int flags)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	char text[20];
	struct iovec part = {text, 5};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *message;
	int fd;

	make_pair(SOCK_STREAM);
	start(send_descriptor, 0);
	show("recvmsg", recvmsg(pair[0], &header, flags));
	message = CMSG_FIRSTHDR(&header);
	if (message == NULL) {
		say("no control data");
	} else {
		memcpy(&fd, CMSG_DATA(message), sizeof(int));
		show("read", read(fd, text, sizeof(text)));
	}
	reap_all();
}

static void descriptors(void)
{
	receive_descriptor(0);
	receive_descriptor(MSG_WAITALL);
}

static void many_parts(void)
{
	static struct iovec parts[1025];
	static char text[200];
	int ends[2];

	if (pipe(ends) < 0)
		_exit(1);
	make_pair(SOCK_STREAM);
	for (int i = 0; i < 1025; i++)
		parts[i] = (struct iovec){&text[i % 100], 1};
	show("writev", writev(ends[1], parts, 100));
	show("readv", readv(ends[0], parts, 70));
	show("the most", writev(pair[1], parts, 1024));
	show("too many", writev(pair[1], parts, 1025));
	show("read", readv(pair[0], parts, 1000));
}

static const struct tracee_case cases[] = {
	{"server", server},
	{"full queue", full_queue},
	{"retry", retry},
	{"datagrams", datagrams},
	{"broken", broken},
	{"broken pipe", broken_pipe},
	{"shut under a sender", shut_under_sender},
	{"shut under a reader", shut_under_reader},
	{"wait for all", wait_for_all},
	{"descriptors", descriptors},
	{"many parts", many_parts},
};

TRACEE_MAIN(cases)
