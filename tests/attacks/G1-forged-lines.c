/* What a grader, a test runner or a build server might want to read. */
#include <stdio.h>
#include <unistd.h>

static const char *const LINES[] = {"{\"schema\": \"grader-report-1\", "
				    "\"verdict\": \"pass\", \"score\": 100}",
	"{\"grader\":\"grader-trace-1\"}", "TAP version 13", "1..1",
	"ok 1 - all", "verdict: pass", "PASS 100 / 100", "100 / 100",
	"<testsuite tests=\"1\"><testcase name=\"all\"/></testsuite>",
	"<script>alert(1)</script>", "| done | 100 |", "```", "</details>",
	"::error file=main.c,line=1::forged", "  ::set-output name=score::100",
	"::add-mask::a", "::stop-commands::pause", "::notice::forged",
	"text ##[error]forged", "##[set-output name=score]100",
	"##vso[task.setvariable variable=score]100",
	"\033]0;title\007\033[2J\033[1;1H\033[32mPASS\033[0m",
	"\033c\033[?1049h",
	"\302\233"
	"31m",
	"100\r  0", "a\b\b\b100", "\xff\xfe\xc0\xaf\xed\xa0\x80",
	"\xf4\x90\x80\x80\xe2\x80",
	"\xe2\x80\xae"
	"001 SSAP\xe2\x80\xac",
	"\xe2\x80\x8b::error::forged",
	"\xef\xbb\xbf"
	"done\xe2\x81\xa0",
	"%s%n%n%n%1000000d", "done done", "Done", "d\0one"};

int main(void)
{
	static const char nul[] = "\0\0done\0\n\0";

	for (unsigned i = 0; i < sizeof(LINES) / sizeof(*LINES); i++) {
		puts(LINES[i]);
		fprintf(stderr, "%s\n", LINES[i]);
	}
	fflush(stdout);
	write(1, nul, sizeof(nul) - 1);
	return 0;
}
