/* Takes back what was taken from it. */
#include "attack.h"

#include <asm/prctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	static const int options[] = {PR_SET_NO_NEW_PRIVS, PR_SET_DUMPABLE,
		PR_SET_PTRACER, PR_SET_SECUREBITS, PR_CAPBSET_DROP,
		PR_SET_KEEPCAPS, PR_SET_TSC, PR_SET_TIMERSLACK, PR_SET_MM,
		PR_SET_THP_DISABLE, PR_MCE_KILL};

	for (unsigned i = 0; i < sizeof(options) / sizeof(*options); i++)
		for (unsigned long value = 0; value < 3; value++)
			if (prctl(options[i], value, 0, 0, 0) == 0)
				leak("prctl %d %lu", options[i], value);
	if (syscall(SYS_arch_prctl, ARCH_MAP_VDSO_64, 0x7000000) > 0)
		leak("a vdso of its own");
	if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0) == 0)
		leak("cpuid");
	return finish();
}
