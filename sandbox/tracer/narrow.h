/*
 * Arguments of which the kernel takes the low 32 bits.
 */
#ifndef TRACER_NARROW_H
#define TRACER_NARROW_H

#include <stdint.h>

/*
 * Cuts the high halves off those arguments of call NUMBER that are an int to
 * the kernel and that the engine would otherwise see whole: with rubbish there,
 * a call would mean one thing to the engine and another to the kernel.
 */
void narrow_arguments(int number, uint64_t args[6]);

#endif
