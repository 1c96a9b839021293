/* Writes behind the largest size of a file. */
#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int fd = open("sparse", O_RDWR | O_CREAT, 0600);

	return pwrite(fd, "x", 1, 1L << 40) == 1 ? 0 : 1;
}
