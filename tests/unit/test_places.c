#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/places.h"
#include "run.h"

static char folder[] = "/tmp/places-XXXXXX";

static void write_source(const char *name, const char *text)
{
	auto_free char *path = xasprintf("%s/%s", folder, name);
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

static void make_folder(void)
{
	cr_assert_not_null(mkdtemp(folder));
}

static void remove_folder(void)
{
	auto_free char *command = xasprintf("rm -r '%s'", folder);

	cr_assert_eq(system(command), 0);
}

static void run(const char *format, const char *files)
{
	auto_free char *in =
		xasprintf("cd '%s' && %s %s", folder, format, files);

	cr_assert_eq(system(in), 0);
}

/* Opens x of the folder, made from FILES by gcc -g -static. */
static int compile(const char *files)
{
	auto_free char *path = xasprintf("%s/x", folder);

	run("gcc -std=gnu17 -O0 -g -static -o x", files);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Address of a symbol, which nm tells. */
static uint64_t address(const char *symbol)
{
	auto_free char *command = xasprintf(
		"cd '%s' && nm x | sed -n 's/ [Tt] %s$//p'", folder, symbol);
	FILE *nm = popen(command, "r");
	unsigned long number = 0;

	cr_assert_not_null(nm);
	cr_assert_eq(fscanf(nm, "%lx", &number), 1);
	pclose(nm);
	return number;
}

Test(places, addresses_have_a_file_and_a_line, .init = make_folder,
	.fini = remove_folder)
{
	struct places *places;
	uint64_t low, high, one, two;
	int fd;

	write_source("a.c", "#include \"two.h\"\n"
			    "int main(void)\n{\n\treturn two() - 2;\n}\n");
	write_source("b.c", "#include \"two.h\"\n\n\nint two(void)\n"
			    "{\n\treturn 2;\n}\n");
	write_source("two.h", "int two(void);\n"
			      "static inline int in_header(void)\n"
			      "{\n\treturn two();\n}\n");
	fd = compile("./a.c ./b.c");
	places = places_new(fd);
	cr_assert(places_code_range(places, &low, &high));
	one = address("main");
	two = address("two");
	cr_assert(low <= one && one < high);
	cr_assert(low <= two && two < high);
	cr_assert_lt(high - low, 200);
	cr_assert_str_eq(places_find(places, one + 1), "a.c:3");
	cr_assert_str_eq(places_find(places, two + 1), "b.c:5");
	cr_assert_null(places_find(places, 0));
	cr_assert_null(places_find(places, low));
	cr_assert_null(places_find(places, high + 1));
	cr_assert_null(places_find(places, UINT64_MAX));
	places_free(places);
	close(fd);
}

Test(places, an_address_after_a_call_belongs_to_the_call, .init = make_folder,
	.fini = remove_folder)
{
	struct places *places;
	uint64_t start, pc;
	bool seen_call = false;
	int fd;

	write_source("a.c", "void f(void);\nvoid f(void) {}\n"
			    "int main(void)\n{\n\tf();\n\tf();\n}\n");
	fd = compile("./a.c");
	places = places_new(fd);
	start = address("main");
	for (pc = start + 1; pc < start + 40; pc++) {
		const char *place = places_find(places, pc);

		if (place && !strcmp(place, "a.c:6"))
			break;
		seen_call |= place && !strcmp(place, "a.c:5");
	}
	/* the first byte of line 6 is still where the call of 5 returns */
	cr_assert(seen_call);
	cr_assert_str_eq(places_find(places, pc - 1), "a.c:5");
	places_free(places);
	close(fd);
}

Test(places, a_program_without_debug_information_has_none, .init = make_folder,
	.fini = remove_folder)
{
	struct places *places;
	uint64_t low, high;
	int fd;

	write_source("a.c", "int main(void)\n{\n\treturn 0;\n}\n");
	fd = compile("./a.c -s");
	places = places_new(fd);
	cr_assert_not(places_code_range(places, &low, &high));
	cr_assert_eq(low, 0);
	cr_assert_eq(high, 0);
	cr_assert_null(places_find(places, 0x401000));
	places_free(places);
	close(fd);
}

static void has_no_places(int fd)
{
	struct places *places = places_new(fd);
	uint64_t low, high;

	cr_assert_not_null(places);
	cr_assert_not(places_code_range(places, &low, &high));
	cr_assert_null(places_find(places, 0x401000));
	places_free(places);
}

Test(places, what_is_no_program_has_none)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	has_no_places(fd);
	has_no_places(-1);
	close(fd);
}

Test(places, foreign_file_names_are_left_out, .init = make_folder,
	.fini = remove_folder)
{
	struct places *places;
	uint64_t start;
	int fd;

	write_source("a.c", "int main(void)\n{\n"
			    "#line 7 \"/etc/passwd\"\n\treturn 0;\n"
			    "#line 8 \"../../x\\033[2J.c\"\n}\n");
	fd = compile("./a.c");
	places = places_new(fd);
	start = address("main");
	cr_assert_str_eq(places_find(places, start + 1), "a.c:2");
	cr_assert_null(places_find(places, start + 6));
	places_free(places);
	close(fd);
}

static uint32_t random_number(void)
{
	static uint32_t random = 1;

	random = random * 1664525 + 1013904223;
	return random >> 4;
}

/* Puts COUNT bytes of noise behind the first FIRST of a file of the folder. */
static void scribble(const char *name, off_t first, int count)
{
	auto_free char *path = xasprintf("%s/%s", folder, name);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct stat info;

	cr_assert_eq(fstat(fd, &info), 0);
	while (count-- > 0) {
		char byte = (char)(random_number() >> 20);
		off_t at = first + random_number() % (info.st_size - first);

		cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
	}
	close(fd);
}

/* Whatever comes out, it comes out whole. */
static void ask_everything(void)
{
	auto_free char *path = xasprintf("%s/x", folder);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct places *places = places_new(fd);
	struct unwind_row row;
	uint64_t low, high, pc;

	places_code_range(places, &low, &high);
	for (pc = 0x401000; pc < 0x402000; pc++) {
		places_find(places, pc);
		places_unwind(places, pc, &row);
	}
	places_free(places);
	close(fd);
}

Test(places, hostile_debug_information_is_survived, .init = make_folder,
	.fini = remove_folder, .timeout = 120)
{
	write_source("a.c", "int main(void)\n{\n\treturn 0;\n}\n");
	for (int round = 0; round < 12; round++) {
		close(compile("./a.c"));
		/* the sections alone, so that most of the noise hits them */
		run("objcopy --only-keep-debug", "x x");
		scribble("x", 64, 400);
		ask_everything();
	}
}

Test(places, hostile_frames_are_survived, .init = make_folder,
	.fini = remove_folder, .timeout = 120)
{
	write_source("a.c", "int main(void)\n{\n\treturn 0;\n}\n");
	for (int round = 0; round < 12; round++) {
		close(compile("./a.c"));
		run("objcopy --dump-section .eh_frame=frames", "x");
		scribble("frames", 0, 100 << round % 6);
		run("objcopy --update-section .eh_frame=frames", "x 2>&1");
		ask_everything();
	}
}

Test(places, callers_are_found_from_code_of_the_library, .init = make_folder,
	.fini = remove_folder)
{
	struct places *places;
	struct unwind_row row;
	int fd;

	write_source("a.c", "#include <unistd.h>\n"
			    "#include <signal.h>\n"
			    "int main(void)\n{\n"
			    "\traise(vfork());\n\treturn 0;\n}\n");
	fd = compile("./a.c");
	places = places_new(fd);
	/* at the first instruction, nothing but the return was pushed */
	cr_assert(places_unwind(places, address("main"), &row));
	cr_expect(!row.from_rbp && !row.saves_rbp && !row.returns_to_rdi);
	cr_expect_eq(row.cfa_offset, 8);
	/* endbr64 or not: push %rbp; mov %rsp,%rbp */
	cr_assert(places_unwind(places, address("main") + 8, &row));
	cr_expect(row.from_rbp && row.saves_rbp && !row.is_signal);
	cr_expect_eq(row.cfa_offset, 16);
	cr_expect_eq(row.rbp_offset, -16);
	cr_assert(places_unwind(places, address("__restore_rt"), &row));
	cr_expect(row.is_signal);
	cr_assert(places_unwind(places, address("__vfork") + 8, &row));
	cr_expect(row.returns_to_rdi);
	cr_expect_eq(row.cfa_offset, 0);
	/* nobody calls it */
	cr_expect_not(places_unwind(places, address("_start") + 8, &row));
	cr_expect_not(places_unwind(places, 0, &row));
	cr_expect_not(places_unwind(places, UINT64_MAX, &row));
	cr_expect_not(places_unwind(
		places, (UINT64_C(1) << 32) + address("main"), &row));
	places_free(places);
	close(fd);
}
