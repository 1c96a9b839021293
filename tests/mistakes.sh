#!/bin/bash
# How many mistakes are found: the programs of tests/mistakes under several
# master seeds at the default settings.  Of a wrong one it counts the gradings
# in which a rule failed, of a right one those in which one that is a part of
# the marks did: each grading makes the runs of `grader check` in their order
# and is left at the first failure, see tests/bench/found.c.  The programs were
# written against the handouts alone, without a look at the rules.
#
# SEEDS (default 5) from FIRST_SEED (default 1), ONLY (a pattern of paths such
# as tickets/wrong/*; default all), JOBS (default: one a processor).
set -u
cd "$(dirname "$0")/.." || exit 1
seeds=${SEEDS:-5}
first=${FIRST_SEED:-1}
only=${ONLY:-*}
results=build/mistakes
found=build/release/found
[ -x "$found" ] || make --no-print-directory "$found" || exit 1
: >"$results"

for file in tests/mistakes/*/*/*.c; do
	path=${file#tests/mistakes/}
	# shellcheck disable=SC2053
	[[ $path == $only ]] || continue
	marks=()
	[[ $path == */wrong/* ]] || marks=(-m)
	printf '%s\0' "$found -n $seeds -f $first ${marks[*]} ${path%%/*} $file"
done | xargs -0 -n 1 -P "${JOBS:-$(nproc)}" bash -c \
	'$0 || echo "${0##* }: trouble"' >>"$results"

/usr/bin/python3 - "$results" <<'END'
import re, sys
counts = {"wrong": [], "right": []}
trouble = 0
for line in sorted(open(sys.argv[1], encoding="utf-8")):
    match = re.match(r"tests/mistakes/(\w.*?/(wrong|right)/\S+): "
                     r"found in (\d+) of (\d+)", line)
    if not match:
        print(" ", line.rstrip())
        trouble += 1
        continue
    path, kind, found, total = match.groups()
    counts[kind].append((int(found), int(total)))
    if kind == "wrong" and found != total or kind == "right" and found != "0":
        print(f"  {path}: {line.rstrip().split(': ', 1)[1]}")
wrong, right = counts["wrong"], counts["right"]
total = sum(t for _, t in wrong)
found = sum(f for f, _ in wrong)
print(f"wrong: {len(wrong)} programs, {total} gradings, found in {found}"
      f" ({100 * found / max(total, 1):.1f} %);"
      f" {sum(f == t for f, t in wrong)} programs always,"
      f" {sum(f >= 0.99 * t for f, t in wrong)} in 99 of 100 or more,"
      f" {sum(f == 0 for f, _ in wrong)} never")
print(f"right: {len(right)} programs, {sum(t for _, t in right)} gradings,"
      f" {sum(f for f, _ in right)} failed")
sys.exit(trouble > 0)
END
