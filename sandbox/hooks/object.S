/* The runtime, as the Makefile has built it: see object.h. */
	.section .rodata
	.balign 16
	.globl hooks_object, hooks_object_end
hooks_object:
	.incbin HOOKS_OBJECT
hooks_object_end:
	.byte 0
	.section .note.GNU-stack, "", @progbits
