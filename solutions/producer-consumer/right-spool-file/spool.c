/*
 * The file is a header and then items, one after the other; nothing is ever
 * moved.  Every change is made under a write lock on the whole file.
 */
#include "spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SPOOL "food.spool"

struct header {
	int written, taken, finished;
};

struct item {
	int producer, number;
};

static int fd;

static void lock(short type)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET};

	if (fcntl(fd, F_SETLKW, &lock) < 0) {
		perror("fcntl");
		exit(1);
	}
}

static struct header load(void)
{
	struct header header = {0, 0, 0};

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header))
		exit(1);
	return header;
}

static void store(const void *data, size_t size, off_t offset)
{
	if (pwrite(fd, data, size, offset) != (ssize_t)size) {
		perror("pwrite");
		exit(1);
	}
}

static off_t place(int index)
{
	return sizeof(struct header) + index * sizeof(struct item);
}

void spool_open(void)
{
	fd = open(SPOOL, O_RDWR);
	if (fd < 0) {
		perror(SPOOL);
		exit(1);
	}
}

void spool_create(void)
{
	struct header header = {0, 0, 0};

	fd = open(SPOOL, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0) {
		perror(SPOOL);
		exit(1);
	}
	store(&header, sizeof(header), 0);
}

void spool_put(int producer, int number)
{
	struct item item = {producer, number};
	struct header header;

	lock(F_WRLCK);
	header = load();
	store(&item, sizeof(item), place(header.written++));
	store(&header, sizeof(header), 0);
	lock(F_UNLCK);
}

enum taken spool_take(int *producer, int *number)
{
	enum taken taken = TAKEN_NOTHING;
	struct header header;
	struct item item;

	lock(F_WRLCK);
	header = load();
	if (header.taken < header.written) {
		if (pread(fd, &item, sizeof(item), place(header.taken++)) !=
			sizeof(item))
			exit(1);
		store(&header, sizeof(header), 0);
		*producer = item.producer;
		*number = item.number;
		taken = TAKEN_ITEM;
	} else if (header.finished) {
		taken = TAKEN_END;
	}
	lock(F_UNLCK);
	return taken;
}

void spool_finish(void)
{
	struct header header;

	lock(F_WRLCK);
	header = load();
	header.finished = 1;
	store(&header, sizeof(header), 0);
	lock(F_UNLCK);
}
