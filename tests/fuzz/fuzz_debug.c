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

/* The child exits and need not give it back. */
static Dwarf_CFI *last_cfi;
#define dwarf_getcfi_elf(elf) (last_cfi = dwarf_getcfi_elf(elf))
#include "grader/places_read.c"

#define CODE_MAX 512 /* a byte without a description costs a look-up */

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

/*
 * Where the sections are that grader looks at.  An input is a row of pieces,
 * each the number of a section, a length and so many bytes; the file around
 * them is made here, as it takes long to come upon one that libelf opens.  An
 * input that is an ELF file itself is taken as it is.
 */
#define SECTION_MAX 512
#define TEXT 0x401000

enum {
	SECTION_NULL,
	SECTION_TEXT,
	SECTION_SYMBOLS,
	SECTION_STRINGS,
	SECTION_NAMES,
	SECTION_FREE, /* from here on an input has the bytes */
	SECTION_FRAMES = SECTION_FREE + 3,
	SECTION_COUNT = SECTION_FREE + 9
};

static const char *const section_names[SECTION_COUNT] = {"", ".text", ".symtab",
	".strtab", ".shstrtab", ".debug_info", ".debug_abbrev", ".debug_line",
	".eh_frame", ".debug_str", ".debug_line_str", ".debug_rnglists",
	".debug_ranges", ".debug_aranges"};

static unsigned char image[SECTION_COUNT * (SECTION_MAX + 64) + 1024];

struct pieces {
	unsigned char bytes[SECTION_COUNT][SECTION_MAX];
	size_t length[SECTION_COUNT];
};

static void add_bytes(
	struct pieces *pieces, int section, const void *data, size_t size)
{
	size_t *length = &pieces->length[section];

	if (size > SECTION_MAX - *length)
		size = SECTION_MAX - *length;
	memcpy(pieces->bytes[section] + *length, data, size);
	*length += size;
}

static void take_pieces(struct pieces *pieces, const uint8_t *data, size_t size)
{
	uint8_t head[2], bytes[UINT8_MAX];
	int section;

	while (size > 0) {
		fuzz_take(&data, &size, head, sizeof(head));
		if (head[1] > size)
			head[1] = (uint8_t)size;
		fuzz_take(&data, &size, bytes, head[1]);
		section = head[0] % SECTION_COUNT;
		if (section != SECTION_NULL && section != SECTION_STRINGS &&
			section != SECTION_NAMES)
			add_bytes(pieces, section, bytes, head[1]);
	}
}

static void add_symbols(struct pieces *pieces)
{
	Elf64_Sym symbol = {
		.st_name = 1,
		.st_value = TEXT + 0x1000,
		.st_size = sizeof(struct hooks_state),
	};

	add_bytes(pieces, SECTION_STRINGS, "", 1);
	add_bytes(pieces, SECTION_STRINGS, HOOKS_STATE_SYMBOL,
		sizeof(HOOKS_STATE_SYMBOL));
	add_bytes(pieces, SECTION_SYMBOLS, &symbol, sizeof(symbol));
}

/* The file in `image`; returns its length. */
static size_t make_image(const struct pieces *pieces)
{
	static const Elf64_Word types[SECTION_FREE] = {
		SHT_NULL, SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB, SHT_STRTAB};
	Elf64_Shdr headers[SECTION_COUNT] = {{0}};
	Elf64_Ehdr file = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64,
				   ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(file),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = SECTION_COUNT,
		.e_shstrndx = SECTION_NAMES};
	size_t at = sizeof(file), name = 0;

	for (int i = 1; i < SECTION_COUNT; i++) {
		headers[i].sh_type = i < SECTION_FREE ? types[i] : SHT_PROGBITS;
		headers[i].sh_offset = at;
		headers[i].sh_size = pieces->length[i];
		headers[i].sh_addralign = 1;
		memcpy(image + at, pieces->bytes[i], pieces->length[i]);
		at = (at + pieces->length[i] + 7) & ~(size_t)7;
	}
	headers[SECTION_TEXT].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
	headers[SECTION_TEXT].sh_addr = TEXT;
	headers[SECTION_FRAMES].sh_addr = TEXT + 0x1000;
	headers[SECTION_SYMBOLS].sh_link = SECTION_STRINGS;
	headers[SECTION_SYMBOLS].sh_entsize = sizeof(Elf64_Sym);
	headers[SECTION_NAMES].sh_offset = at;
	for (int i = 0; i < SECTION_COUNT; i++) {
		headers[i].sh_name = (Elf64_Word)name;
		memcpy(image + at + name, section_names[i],
			strlen(section_names[i]) + 1);
		name += strlen(section_names[i]) + 1;
	}
	headers[SECTION_NAMES].sh_size = name;
	file.e_shoff = (at + name + 7) & ~(size_t)7;
	memcpy(image + file.e_shoff, headers, sizeof(headers));
	memcpy(image, &file, sizeof(file));
	return file.e_shoff + sizeof(headers);
}

static void read_program(struct reader *reader, size_t size)
{
	Elf *elf = elf_memory((char *)image, size);
	Dwarf *dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;

	if (dwarf && is_small(elf)) {
		read_units(reader, dwarf);
		read_hooks(reader, dwarf);
		read_frames(reader, dwarf);
		check(reader);
	}
	if (last_cfi)
		dwarf_cfi_end(last_cfi);
	last_cfi = NULL;
	dwarf_end(dwarf);
	elf_end(elf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reader *reader;
	static struct row *rows;
	struct pieces pieces = {.length = {0}};

	if (!reader) {
		elf_version(EV_CURRENT);
		reader = xcalloc(1, sizeof(*reader));
		rows = xcalloc(ROWS_MAX, sizeof(*rows));
	}
	reader->rows = rows;
	reader->size = (struct answer){0};
	reader->frame_count = 0;
	if (size >= 4 && size <= sizeof(image) && !memcmp(data, "\177ELF", 4)) {
		memcpy(image, data, size);
	} else {
		take_pieces(&pieces, data, size);
		add_symbols(&pieces);
		size = make_image(&pieces);
	}
	read_program(reader, size);
	return 0;
}
