/*
 * Which layers this machine allows, found out by doing each thing once.
 */
#ifndef JAIL_LAYERS_H
#define JAIL_LAYERS_H

#include "base/err.h"
#include "jail/context.h"

/*
 * Fills context->layers, namespaces, landlock_abi, proc_options and grade;
 * context->filters must be built.  The layers of WITHOUT (bits 1u << layer)
 * are taken as missing.
 */
int layers_probe(
	struct jail_context *context, unsigned without, struct err *err);

#endif
