#!/bin/bash
# How many mistakes are found: grades the programs of tests/mistakes, each
# under several master seeds at the default settings, and prints for each wrong
# one in how many gradings something failed, and for each right one in how many
# something did.  The programs were written against the handouts alone, without
# a look at the rules.
#
# SEEDS (default 5) from FIRST_SEED (default 1), ONLY (a pattern of paths such
# as tickets/wrong/*; default all), JOBS (default: one a processor).
set -u
cd "$(dirname "$0")/.." || exit 1
seeds=${SEEDS:-5}
first=${FIRST_SEED:-1}
only=${ONLY:-*}
export folder=build/mistakes
rm -rf "$folder"
mkdir -p "$folder"

# one FILE SEED: a line "PATH failed|passed|waits" in $folder/results
one() {
	local file=$1 seed=$2 path=${1#tests/mistakes/} report
	report=$folder/$(tr / - <<<"$path")-$seed.json
	build/grader check "${path%%/*}" "$file" --seed "$seed" --quiet \
		--no-parallel --report "$report" 2>>"$folder/messages"
	/usr/bin/python3 - "$path" "$seed" "$report" >>"$folder/results" <<-'END'
	import json, sys
	path, seed, report = sys.argv[1:]
	try:
	    criteria = json.load(open(report))["criteria"]
	except (OSError, ValueError):
	    print(path, seed, "trouble")
	    sys.exit()
	verdicts = {c["verdict"] for c in criteria
	            if "answer" not in c and  # a person marks that
	            ("/right/" not in path or not c["extra"])}
	print(path, seed, "failed" if "fail" in verdicts else
	      "waits" if "needs-grading" in verdicts else "passed")
	END
	rm -f "$report"
}
export -f one

for file in tests/mistakes/*/*/*.c; do
	# shellcheck disable=SC2053
	[[ ${file#tests/mistakes/} == $only ]] || continue
	for seed in $(seq "$first" $((first + seeds - 1))); do
		printf '%s\0%s\0' "$file" "$seed"
	done
done | xargs -0 -n 2 -P "${JOBS:-$(nproc)}" bash -c 'one "$0" "$1"'

/usr/bin/python3 - "$folder/results" <<'END'
import collections, sys
results = collections.defaultdict(collections.Counter)
for line in open(sys.argv[1]):
    path, _, what = line.split()
    results[path][what] += 1
wrong = {p: c for p, c in results.items() if "/wrong/" in p}
right = {p: c for p, c in results.items() if "/right/" in p}
for path, count in sorted(wrong.items()):
    if count["failed"] < sum(count.values()):
        print(f"  {path}: found in {count['failed']} of {sum(count.values())}")
for path, count in sorted(right.items()):
    if count["passed"] < sum(count.values()):
        print(f"  {path}: {dict(count)}")
total = sum(sum(c.values()) for c in wrong.values())
found = sum(c["failed"] for c in wrong.values())
always = sum(c["failed"] == sum(c.values()) for c in wrong.values())
never = sum(c["failed"] == 0 for c in wrong.values())
print(f"wrong: {len(wrong)} programs, {total} gradings, found in {found}"
      f" ({100 * found / total if total else 0:.1f} %); {always} programs"
      f" always, {never} never")
print(f"right: {len(right)} programs,"
      f" {sum(sum(c.values()) for c in right.values())} gradings,"
      f" {sum(c['failed'] for c in right.values())} failed")
END
