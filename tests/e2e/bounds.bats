# Nothing that a submission is or does makes a report or a page big.  (The worst
# that there can be of every part at once: tests/unit/test_bounds.c.)
load helpers

FORMATS="text json html junit junit-places tap ctrf sarif gradescope classroom
	github autolab submitty markdown csv perfetto shiviz"

# bounded PATH: graded in a small exercise; every format is right and small.
bounded() {
	local name options=() size
	OUT=$BATS_TEST_TMPDIR/formats
	mkdir -p "$OUT"
	for name in $FORMATS; do
		options+=(--format "$name=$OUT/$name")
	done
	GRADER_EXERCISES=docs/exercises check counter "$1" -n 2 \
		--no-parallel "${options[@]}"
	[ "$status" -eq 1 ]
	valid_report
	for name in $FORMATS; do
		tests/e2e/check-format "$name" "$OUT/$name" "$REPORT"
		size=$(stat -c %s "$OUT/$name")
		echo "$name $size"
		[ "$size" -le 10000000 ]
	done
	[ "$(stat -c %s "$REPORT")" -le 10000000 ]
}

@test "four megabytes of source, with fifteen thousand warnings" {
	local folder=$BATS_TEST_TMPDIR/big
	mkdir "$folder"
	"$PYTHON" - "$folder" <<-'PY'
	import sys
	def put(name, text):
	    with open(f"{sys.argv[1]}/{name}.c", "w") as file:
	        file.write(text)
	put("a", "int main(void) { return 1; }\n" + "".join(
	    f'int v{i}(void) {{ int u{i}; char *s = "<\\"&>"; }}\n'
	    for i in range(15000)))
	put("b", "/*\n" + "\n" * 1000000 + "*/\nint b;\n")
	put("c", "/*\n" + '"<&>"\\\n' * 140000 + "*/\nint c;\n")
	put("d", "/* " + '"' * 1000000 + "*/\nint d;\n")
	PY
	bounded "$folder"
	[ "$(field "r['truncated']")" = "['compile', 'sources']" ]
	[ "$(field "[s['cut'] for s in r['sources']]")" = \
		"[True, True, True, True]" ]
	grep -q "the rest is not shown" "$OUT/html"
}

@test "long lines without end, by twenty-five at once" {
	put flood.c <<-'C'
	#include <fcntl.h>
	#include <stdio.h>
	#include <string.h>
	#include <unistd.h>
	int main(void)
	{
		char line[4200], read_back[64];
		for (int i = 0; i < 25; i++)
			if (fork() == 0) {
				for (int j = 0; j < 30; j++) {
					int n = sprintf(line, "worker %d: counted %d ", i, j);
					int file = open("counter.json", O_RDWR);
					memset(line + n, "<\"&\\'>"[j % 6], 1000);
					strcpy(line + n + 1000, "");
					puts(line);
					fflush(stdout);
					if (read(file, read_back, 64) < 0 ||
						write(file, line, 4000) < 0)
						return 1;
					close(file);
					usleep(1000 * (unsigned)(i + 1));
				}
				_exit(3);
			}
		sleep(10);
		return 7;
	}
	C
	bounded "$FILE"
	[ "$(field "'traces' in r['truncated']")" = True ]
	[ "$(field "max(len(t['events']) for t in r['traces'])")" = 2000 ]
}

@test "more tasks than events are told" {
	put forks.c <<-'C'
	#include <sys/wait.h>
	#include <unistd.h>
	int main(void)
	{
		for (int i = 0; i < 1500; i++) {
			if (fork() == 0)
				_exit(1);
			wait(NULL);
		}
		return 7;
	}
	C
	bounded "$FILE"
	[ "$(field "r['truncated']")" = "['traces']" ]
	# of tasks, those that the events name
	[ "$(field "all(len(t['tasks']) <= len(t['events']) + 1 and
		t['event_total'] > 5000 for t in r['traces'])")" = True ]
}
