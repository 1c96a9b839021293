/*
 * The walk up a stack that holds anything, by rows that say anything.  The
 * tracee whose memory is read is this process itself, so the addresses of the
 * input are real, or not there.  A walk ends, and with a pc of the student's
 * code or with none.
 */
#include <unistd.h>

#include "fuzz.h"
#include "tracer/engine.h"
#include "tracer/unwind.h"

#define ROWS_MAX 8
#define CODE_LOW 0x400000
#define CODE_HIGH 0x400100

/* Two pages, the second not always reached: a stack that ends. */
static unsigned char stack[4096] __attribute__((aligned(4096)));

struct rows {
	struct unwind_row rows[ROWS_MAX];
	bool known[ROWS_MAX];
};

static bool find_row(void *context, uint64_t pc, struct unwind_row *row)
{
	const struct rows *rows = context;

	*row = rows->rows[pc % ROWS_MAX];
	return rows->known[pc % ROWS_MAX];
}

/* Small numbers are places in the stack, the others as they are. */
static uint64_t address(uint64_t word)
{
	return word < 2 * sizeof(stack) ? (uint64_t)(uintptr_t)stack + word
					: word;
}

static void take_rows(const uint8_t **data, size_t *left, struct rows *rows)
{
	for (size_t i = 0; i < ROWS_MAX; i++) {
		struct {
			uint8_t flags;
			int8_t cfa, rbp;
		} raw;

		fuzz_take(data, left, &raw, sizeof(raw));
		rows->known[i] = !(raw.flags & 16);
		rows->rows[i] = (struct unwind_row){
			.from_rbp = raw.flags & 1,
			.saves_rbp = raw.flags & 2,
			.returns_to_rdi = raw.flags & 4,
			.is_signal = raw.flags & 8,
			.cfa_offset = raw.cfa * 8,
			.rbp_offset = raw.rbp * 8,
		};
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct task task = {.tid = getpid()};
	struct user_regs_struct regs = {0};
	struct rows rows;
	struct run_spec spec = {.code_low = CODE_LOW, .code_high = CODE_HIGH};
	struct engine engine = {.spec = &spec};
	uint64_t words[5], pc;
	uint8_t options;

	fuzz_take(&data, &size, &options, 1);
	fuzz_take(&data, &size, words, sizeof(words));
	take_rows(&data, &size, &rows);
	fuzz_take(&data, &size, stack, sizeof(stack));
	/* words of the stack that say so are addresses of it, too */
	for (size_t i = 0; i + 8 <= sizeof(stack); i += 8) {
		uint64_t word;

		memcpy(&word, stack + i, 8);
		word = address(word);
		memcpy(stack + i, &word, 8);
	}
	regs.rip = words[0];
	regs.rsp = address(words[1]);
	regs.rbp = address(words[2]);
	regs.rdi = words[3];
	regs.orig_rax = words[4];
	if (!(options & 1)) {
		spec.unwind = find_row;
		spec.unwind_context = &rows;
	}
	pc = unwind_find_pc(&engine, &task, &regs);
	assert(pc == 0 || (pc >= CODE_LOW && pc < CODE_HIGH));
	assert(pc == unwind_find_pc(&engine, &task, &regs));
	if (unwind_called_directly(&engine, &task, &regs))
		assert(spec.unwind && (pc || (int64_t)regs.orig_rax < 0));
	return 0;
}
