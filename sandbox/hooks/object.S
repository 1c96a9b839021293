/* The runtime, as the Makefile has built it: see object.h. */
	.section .rodata
	.balign 16
	.globl hooks_object, hooks_object_size
hooks_object:
	.incbin HOOKS_OBJECT
end:
	.balign 8
hooks_object_size:
	.quad end - hooks_object
	.section .note.GNU-stack, "", @progbits
