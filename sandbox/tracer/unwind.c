/*
 * Where in the student's code a call came from.
 *
 * The C library keeps no frame pointers, and the words that look like return
 * addresses are mostly those of calls that returned long ago.  So the stack is
 * walked frame by frame, from the stopped call to its caller and on, with what
 * the program's call frame information says of each pc, until a pc lies in the
 * student's code.  A frame that nobody describes ends the walk without an
 * answer: no line is better than a wrong one.  A walk that never meets the
 * student's code, such as that of exit() after main returned, has none either.
 *
 * The stack is the program's own and may hold anything; the worst that comes
 * of it is a wrong place.  Only ever shown, never judged.
 */
#include "tracer/unwind.h"

#include <string.h>

#include "tracer/engine.h"
#include "tracer/memory.h"

#define FRAMES_MAX 40
#define SYSCALL_LENGTH 2 /* of the instruction */
/* Most calls are two frames away, those of printf() some two thousand bytes. */
#define NEAR_LENGTH 512
#define DEPTH_UNIT 256
#define SCAN_LENGTH 1536

/* Offsets in the struct ucontext that the kernel puts on the stack. */
#define UCONTEXT_RBP 120
#define UCONTEXT_RSP 160
#define UCONTEXT_RIP 168

struct frame {
	uint64_t pc, rsp, rbp;
	uint64_t rdi;  /* known in the innermost frame only */
	bool returned; /* pc is a return address: the call is before it */
};

/* A copy of a piece of the stack. */
struct stack {
	const struct task *task;
	uint64_t start;
	uint64_t deepest; /* the end of the last word that was asked for */
	size_t length;
	unsigned char bytes[3072];
};

/* Copies LENGTH bytes from START on, or up to where the stack ends. */
static bool stack_load(struct stack *stack, uint64_t start, size_t length)
{
	stack->start = start;
	stack->length =
		memory_read_some(stack->task, start, stack->bytes, length);
	return stack->length > 0;
}

static bool stack_word(struct stack *stack, uint64_t address, uint64_t *word)
{
	uint64_t offset = address - stack->start;

	if (stack->deepest < address + sizeof(*word))
		stack->deepest = address + sizeof(*word);

	if (stack->length < sizeof(*word) ||
		offset > stack->length - sizeof(*word)) {
		if (!stack_load(stack, address, sizeof(stack->bytes)) ||
			stack->length < sizeof(*word))
			return false;
		offset = 0;
	}
	memcpy(word, stack->bytes + offset, sizeof(*word));
	return true;
}

/* From the return of a handler to what the signal interrupted. */
static bool leave_handler(struct stack *stack, struct frame *frame)
{
	uint64_t context = frame->rsp;

	frame->returned = false;
	return stack_word(stack, context + UCONTEXT_RBP, &frame->rbp) &&
	       stack_word(stack, context + UCONTEXT_RSP, &frame->rsp) &&
	       stack_word(stack, context + UCONTEXT_RIP, &frame->pc);
}

/* Makes FRAME its caller's. */
static bool leave_call(struct stack *stack, struct frame *frame,
	const struct unwind_row *row, bool innermost)
{
	uint64_t cfa = (row->from_rbp ? frame->rbp : frame->rsp) +
		       (uint64_t)(int64_t)row->cfa_offset;

	if (row->returns_to_rdi && !innermost)
		return false;
	if (row->returns_to_rdi)
		frame->pc = frame->rdi;
	else if (!stack_word(stack, cfa - 8, &frame->pc))
		return false;
	if (row->saves_rbp &&
		!stack_word(stack, cfa + (uint64_t)(int64_t)row->rbp_offset,
			&frame->rbp))
		return false;
	frame->rsp = cfa;
	frame->returned = true;
	return true;
}

/*
 * The C library ends the description of clone() before its syscall, as for the
 * child it would be wrong.  No syscall moves the caller's frame, so that of the
 * instruction in front serves as well.
 */
static bool describe(const struct run_spec *spec, uint64_t pc, bool at_call,
	struct unwind_row *row)
{
	return spec->unwind(spec->unwind_context, pc, row) ||
	       (at_call && spec->unwind(spec->unwind_context,
				   pc - SYSCALL_LENGTH - 1, row));
}

/* FRAMES_OUT: how many of the library's frames lay in front. */
static uint64_t walk(const struct run_spec *spec, struct stack *stack,
	struct frame *frame, bool at_call, int *frames_out)
{
	struct unwind_row row;
	uint64_t pc;
	int i;

	for (i = 0; i < FRAMES_MAX; i++) {
		pc = frame->pc - frame->returned;
		*frames_out = i;
		if (pc >= spec->code_low && pc < spec->code_high)
			return pc;
		if (!describe(spec, pc, at_call && i == 0, &row))
			return 0;
		if (row.is_signal ? !leave_handler(stack, frame)
				  : !leave_call(stack, frame, &row, i == 0))
			return 0;
	}
	return 0;
}

/*
 * For a program without call frame information: the first word on the stack
 * that points into the student's code, which often is a return address.
 */
static uint64_t scan(
	const struct run_spec *spec, struct stack *stack, uint64_t top)
{
	uint64_t word;
	size_t at;

	if (!stack_load(stack, top, SCAN_LENGTH))
		return 0;
	for (at = 0; at + sizeof(word) <= stack->length; at += sizeof(word)) {
		memcpy(&word, stack->bytes + at, sizeof(word));
		if (word > spec->code_low && word < spec->code_high)
			return word - 1;
	}
	return 0;
}

/*
 * How much of the stack the walks from an instruction needed, in units: one
 * read of that much is cheaper than two, and than one of more.
 */
static uint8_t *depth_from(struct engine *engine, uint64_t pc)
{
	return &engine->stack_depths[(pc ^ (pc >> 6)) % STACK_DEPTHS];
}

static void load_near(struct engine *engine, struct stack *stack,
	const struct user_regs_struct *regs)
{
	size_t length = *depth_from(engine, regs->rip) * DEPTH_UNIT;

	if (stack_load(stack, regs->rsp, length ? length : NEAR_LENGTH))
		memory_note_stack(engine, stack->task, stack->start,
			stack->bytes, stack->length);
	stack->deepest = regs->rsp;
}

static void note_depth(struct engine *engine, const struct stack *stack,
	const struct user_regs_struct *regs)
{
	uint8_t *known = depth_from(engine, regs->rip);
	uint64_t units =
		(stack->deepest - regs->rsp + DEPTH_UNIT - 1) / DEPTH_UNIT;

	if (units > *known && units <= sizeof(stack->bytes) / DEPTH_UNIT)
		*known = (uint8_t)units;
}

uint64_t unwind_find_pc(struct engine *engine, const struct task *task,
	const struct user_regs_struct *regs)
{
	const struct run_spec *spec = engine->spec;
	struct frame frame = {
		.pc = regs->rip,
		.rsp = regs->rsp,
		.rbp = regs->rbp,
		.rdi = regs->rdi,
	};
	struct stack stack;
	int frames = 0;
	uint64_t pc;

	if (spec->code_low >= spec->code_high)
		return 0;
	if (regs->rip >= spec->code_low && regs->rip < spec->code_high)
		return regs->rip;
	stack.task = task;
	stack.start = stack.length = 0;
	if (!spec->unwind)
		return scan(spec, &stack, regs->rsp);
	load_near(engine, &stack, regs);
	pc = walk(spec, &stack, &frame, (int64_t)regs->orig_rax >= 0, &frames);
	note_depth(engine, &stack, regs);
	return pc;
}

bool unwind_called_directly(struct engine *engine, const struct task *task,
	const struct user_regs_struct *regs)
{
	const struct run_spec *spec = engine->spec;
	struct frame frame = {
		.pc = regs->rip,
		.rsp = regs->rsp,
		.rbp = regs->rbp,
		.rdi = regs->rdi,
	};
	struct stack stack = {.task = task};
	int frames = 0;

	if (spec->code_low >= spec->code_high || !spec->unwind)
		return false;
	load_near(engine, &stack, regs);
	return walk(spec, &stack, &frame, true, &frames) != 0 && frames <= 1;
}
