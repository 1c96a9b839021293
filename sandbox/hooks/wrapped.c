#include "hooks/object.h"

const char *const hooks_wrapped[] = {
#define WRAP(name) #name,
#include "hooks/wrapped.def"
#undef WRAP
	NULL,
};
