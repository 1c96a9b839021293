/*
 * libdw parses the debug information and the call frame information, in a
 * process of its own (see locked_reader.h).
 *
 * A submission may contain assembler, and so a .debug_line or .eh_frame section
 * made by hand to hang, exhaust or corrupt its reader; and the reader here
 * would be the process that gives the marks.  So a locked-in child parses, and
 * sends plain rows.  No pc is ever looked up with libdw: the whole call frame
 * information of a static program is some thousand rows.
 */
#include "grader/places_read.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/locked_reader.h"
#include "hooks/hooks.h"

/* The child's side: what it has collected so far. */
struct reader {
	struct answer size;
	struct file_name files[FILES_MAX];
	struct row *rows;
	struct frame frames[FRAMES_MAX];
	size_t frame_count;
};

bool places_is_file_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= NAME_MAX_LENGTH &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz"
			    "0123456789_-.") == length;
}

/*
 * The student's name of a file of a line table: "./a.c", "a.c" or either
 * behind the folder of compilation.  NULL for all others, such as headers of
 * the system.
 */
static const char *own_name(const char *path, const char *folder)
{
	size_t length = folder ? strlen(folder) : 0;

	if (length && !strncmp(path, folder, length) && path[length] == '/')
		path += length + 1;
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	return places_is_file_name(path) ? path : NULL;
}

static uint32_t file_index(
	struct reader *reader, const char *path, const char *folder)
{
	const char *name = path ? own_name(path, folder) : NULL;
	uint32_t i;

	if (!name)
		return NO_FILE;
	for (i = 0; i < reader->size.file_count; i++)
		if (!strcmp(reader->files[i].text, name))
			return i;
	if (i == FILES_MAX)
		return NO_FILE;
	memcpy(reader->files[i].text, name, strlen(name) + 1);
	reader->size.file_count++;
	return i;
}

static void read_row(
	struct reader *reader, Dwarf_Line *line, const char *folder)
{
	struct row *row = &reader->rows[reader->size.row_count];
	Dwarf_Addr pc;
	bool is_end;
	int number;

	if (reader->size.row_count == ROWS_MAX || dwarf_lineaddr(line, &pc) ||
		dwarf_lineno(line, &number) ||
		dwarf_lineendsequence(line, &is_end))
		return;
	memset(row, 0, sizeof(*row));
	row->pc = pc;
	row->order = reader->size.row_count++;
	row->line = is_end || number < 0 ? 0 : (uint32_t)number;
	row->file = file_index(reader, dwarf_linesrc(line, NULL, NULL), folder);
}

static void read_range(struct reader *reader, Dwarf_Die *unit)
{
	struct answer *size = &reader->size;
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(unit, at, &base, &low, &high)) > 0) {
		if (low >= high)
			continue;
		if (!size->high || low < size->low)
			size->low = low;
		if (high > size->high)
			size->high = high;
	}
}

/* gcc names the unit of ./a.c "./a.c"; a library's has a path of its own. */
static void read_unit(struct reader *reader, Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;
	const char *name = dwarf_diename(unit);
	const char *folder =
		dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
	Dwarf_Lines *lines;
	size_t count, i;

	if (!name || strncmp(name, "./", 2) != 0 || !own_name(name, NULL))
		return;
	read_range(reader, unit);
	if (dwarf_getsrclines(unit, &lines, &count))
		return;
	for (i = 0; i < count; i++)
		read_row(reader, dwarf_onesrcline(lines, i), folder);
}

static void read_units(struct reader *reader, Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;

	while (dwarf &&
		!dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL))
		read_unit(reader, &die);
}

/*
 * The numbers are those of the DWARF registers.  An expression other than a
 * register and an offset is found in hand-written assembler only, but for the
 * return of a signal handler, whose frame the kernel defines.
 */
#define DWARF_RDI 5
#define DWARF_RBP 6
#define DWARF_RSP 7
#define DWARF_RIP 16

static bool read_cfa(Dwarf_Frame *state, struct frame *frame)
{
	int64_t offset;
	Dwarf_Op *ops;
	size_t count;

	if (dwarf_frame_cfa(state, &ops, &count) || count != 1 ||
		ops->atom != DW_OP_bregx ||
		(ops->number != DWARF_RSP && ops->number != DWARF_RBP))
		return false;
	offset = (int64_t)ops->number2;
	frame->cfa_words = (int16_t)(offset / 8);
	frame->flags |= ops->number == DWARF_RBP ? FRAME_FROM_RBP : 0;
	return frame->cfa_words * 8 == offset;
}

/* Whether a register is saved at CFA + *WORDS. */
static bool is_at_cfa(const Dwarf_Op *ops, size_t count, int8_t *words)
{
	int64_t offset;

	if (count == 0 || count > 2 || ops[0].atom != DW_OP_call_frame_cfa ||
		(count == 2 && ops[1].atom != DW_OP_plus_uconst))
		return false;
	offset = count == 2 ? (int64_t)ops[1].number : 0;
	*words = (int8_t)(offset / 8);
	return *words * 8 == offset;
}

static bool read_registers(Dwarf_Frame *state, struct frame *frame)
{
	Dwarf_Op memory[3], *ops;
	size_t count;
	int8_t words;

	if (dwarf_frame_register(state, DWARF_RBP, memory, &ops, &count))
		return false;
	if (count > 0 || ops != NULL) {
		if (!is_at_cfa(ops, count, &frame->rbp_words))
			return false;
		frame->flags |= FRAME_SAVES_RBP;
	}
	if (dwarf_frame_register(state, DWARF_RIP, memory, &ops, &count))
		return false;
	if (count == 1 && ops->atom == DW_OP_regx && ops->number == DWARF_RDI) {
		frame->flags |= FRAME_RETURNS_TO_RDI; /* vfork() */
		return true;
	}
	return is_at_cfa(ops, count, &words) && words == -1;
}

/* Adds FRAME unless the last one says the same. */
static void add_frame(struct reader *reader, const struct frame *frame)
{
	const size_t count = reader->frame_count;
	const struct frame *last =
		count > 0 ? &reader->frames[count - 1] : NULL;

	if (last && last->flags == frame->flags &&
		last->cfa_words == frame->cfa_words &&
		last->rbp_words == frame->rbp_words)
		return;
	if (count < FRAMES_MAX) {
		reader->frames[count] = *frame;
		reader->frame_count++;
	}
}

/* Reads what holds at PC; returns from where on it does no longer. */
static Dwarf_Addr read_frame(
	struct reader *reader, Dwarf_CFI *cfi, Dwarf_Addr pc)
{
	const struct frame unknown = {(uint32_t)pc, 0, 0, FRAME_UNKNOWN};
	struct frame frame = {.low = (uint32_t)pc};
	Dwarf_Addr start, end = pc + 1;
	Dwarf_Frame *state;
	bool is_signal;

	if (dwarf_cfi_addrframe(cfi, pc, &state)) {
		add_frame(reader, &unknown);
		return pc + 1;
	}
	if (dwarf_frame_info(state, &start, &end, &is_signal) < 0 || end <= pc)
		end = pc + 1;
	if (is_signal)
		frame.flags = FRAME_SIGNAL;
	else if (!read_cfa(state, &frame) || !read_registers(state, &frame))
		frame = unknown;
	add_frame(reader, &frame);
	free(state);
	return end;
}

static void read_frames(struct reader *reader, Dwarf *dwarf)
{
	Elf *elf = dwarf_getelf(dwarf);
	Dwarf_CFI *cfi = elf ? dwarf_getcfi_elf(elf) : NULL;
	const Elf64_Shdr *header;
	Elf_Scn *section = NULL;
	Dwarf_Addr pc, end;

	while (cfi && (section = elf_nextscn(elf, section))) {
		header = elf64_getshdr(section);
		if (!header || !(header->sh_flags & SHF_EXECINSTR))
			continue;
		pc = header->sh_addr;
		end = pc + header->sh_size;
		while (pc < end && end < UINT32_MAX)
			pc = read_frame(reader, cfi, pc);
		add_frame(reader,
			&(struct frame){(uint32_t)end, 0, 0, FRAME_UNKNOWN});
	}
}

/* The head of the GNU C library's chain of open streams. */
#define STREAMS_SYMBOL "_IO_list_all"

static void read_symbols(struct reader *reader, Elf *elf, Elf_Scn *section,
	const Elf64_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	const Elf64_Sym *symbols = data ? data->d_buf : NULL;
	size_t count = data ? data->d_size / sizeof(*symbols) : 0, i;
	const char *name;

	for (i = 0; symbols && i < count; i++) {
		if (symbols[i].st_size != sizeof(struct hooks_state) &&
			symbols[i].st_size != sizeof(uint64_t))
			continue;
		name = elf_strptr(elf, header->sh_link, symbols[i].st_name);
		if (!name)
			continue;
		if (symbols[i].st_size == sizeof(struct hooks_state) &&
			!strcmp(name, HOOKS_STATE_SYMBOL))
			reader->size.hooks = symbols[i].st_value;
		if (!strcmp(name, STREAMS_SYMBOL))
			reader->size.streams = symbols[i].st_value;
	}
}

static void read_hooks(struct reader *reader, Dwarf *dwarf)
{
	Elf *elf = dwarf_getelf(dwarf);
	const Elf64_Shdr *header;
	Elf_Scn *section = NULL;

	while (elf && (section = elf_nextscn(elf, section))) {
		header = elf64_getshdr(section);
		if (header && header->sh_type == SHT_SYMTAB)
			read_symbols(reader, elf, section, header);
	}
}

void places_read(void *context)
{
	struct reader *reader = xcalloc(1, sizeof(*reader));
	Dwarf *dwarf;

	(void)context;
	reader->rows = xcalloc(ROWS_MAX, sizeof(*reader->rows));
	dwarf = dwarf_begin(LOCKED_INPUT_FD, DWARF_C_READ);
	if (dwarf) {
		read_units(reader, dwarf);
		read_hooks(reader, dwarf);
	}
	locked_send(&reader->size, sizeof(reader->size));
	locked_send(reader->files,
		reader->size.file_count * sizeof(*reader->files));
	locked_send(
		reader->rows, reader->size.row_count * sizeof(*reader->rows));
	if (dwarf)
		read_frames(reader, dwarf);
	locked_send(
		reader->frames, reader->frame_count * sizeof(*reader->frames));
}
