/* Opens a FIFO that nobody writes to. */
#include <fcntl.h>
#include <sys/stat.h>

int main(void)
{
	mkfifo("fifo", 0600);
	return open("fifo", O_RDONLY) < 0;
}
