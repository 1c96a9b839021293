/* Waits for a semaphore that nobody posts. */
#include <fcntl.h>
#include <semaphore.h>

int main(void)
{
	return sem_wait(sem_open("/attack", O_CREAT, 0600, 0));
}
