/* The same in the names of what it leaves behind, and of itself. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const NAMES[] = {"::error::forged", "a\n::error::forged",
	"\033[2Jclear", "\xff\xfe", "verdict: pass\nscore: 100", "##[error]x",
	"\"},{\"verdict\":\"pass\"", "-rf",
	"\xe2\x80\xae"
	"gpj.c",
	"a\tb\rc"};

int main(void)
{
	char path[64];

	for (unsigned i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
		close(open(NAMES[i], O_CREAT | O_WRONLY, 0600));
		snprintf(path, sizeof(path), "/dev/shm/%s", NAMES[i]);
		close(open(path, O_CREAT | O_WRONLY, 0600));
		prctl(PR_SET_NAME, NAMES[i]);
		mkfifo("\nverdict: pass", 0600);
	}
	return *(volatile int *)8;
}
