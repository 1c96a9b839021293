/* A filter that answers exit and kill with 0, in two ways of loading it. */
#include "attack.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

int main(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO)};
	struct sock_fprog program = {1, code};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
		leak("a filter of its own");
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0)
		leak("strict mode");
	return finish();
}
