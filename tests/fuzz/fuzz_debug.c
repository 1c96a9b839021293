/*
 * The debug information and call frame information of a program, as the child
 * of places_new() reads it: an ELF file that a student's assembler has shaped.
 * What is sent to the parent fits its tables, and has names that may be shown.
 *
 * libdw itself is neither instrumented nor trusted: in grader its crashes and
 * its endless loops end a process that has nothing to lose, so an input that
 * does that here is no defect of grader.
 */
#include "fuzz.h"

/* the child's part, with its private functions; the library has its own */
#define places_read fuzzed_places_read
#define places_is_file_name fuzzed_places_is_file_name
#include <elfutils/libdw.h>
#include <sys/mman.h>

/* The child exits and need not give it back. */
static Dwarf_CFI *last_cfi;
#define dwarf_getcfi_elf(elf) (last_cfi = dwarf_getcfi_elf(elf))
#include "grader/places_read.c"

#define CODE_MAX 4096 /* a byte without a description costs a look-up */

/* Every address of code is looked up: not too many here. */
static bool is_small(Elf *elf)
{
	const Elf64_Shdr *header;
	Elf_Scn *section = NULL;
	uint64_t code = 0;

	while ((section = elf_nextscn(elf, section))) {
		header = elf64_getshdr(section);
		if (!header || !(header->sh_flags & SHF_EXECINSTR))
			continue;
		if (header->sh_size > CODE_MAX)
			return false;
		code += header->sh_size;
	}
	return code <= CODE_MAX;
}

static void check(const struct reader *reader)
{
	assert(reader->size.file_count <= FILES_MAX);
	assert(reader->size.row_count <= ROWS_MAX);
	assert(reader->frame_count <= FRAMES_MAX);
	for (uint32_t i = 0; i < reader->size.file_count; i++)
		assert(fuzzed_places_is_file_name(reader->files[i].text));
	for (uint32_t i = 0; i < reader->size.row_count; i++)
		assert(reader->rows[i].order == i &&
			(reader->rows[i].file == NO_FILE ||
				reader->rows[i].file <
					reader->size.file_count));
}

static void read_program(int fd, struct reader *reader)
{
	Dwarf *dwarf = dwarf_begin(fd, DWARF_C_READ);

	if (!dwarf)
		return;
	if (is_small(dwarf_getelf(dwarf))) {
		read_units(reader, dwarf);
		read_hooks(reader, dwarf);
		read_frames(reader, dwarf);
		check(reader);
	}
	if (last_cfi)
		dwarf_cfi_end(last_cfi);
	last_cfi = NULL;
	dwarf_end(dwarf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reader *reader;
	static struct row *rows;
	static int fd;

	if (!reader) {
		reader = xcalloc(1, sizeof(*reader));
		rows = xcalloc(ROWS_MAX, sizeof(*rows));
		fd = memfd_create("program", MFD_CLOEXEC);
	}
	if (ftruncate(fd, 0) < 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	reader->rows = rows;
	reader->size = (struct answer){0};
	reader->frame_count = 0;
	read_program(fd, reader);
	return 0;
}
