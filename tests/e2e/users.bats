# The grader installed elsewhere, run by root and by an ordinary user.
load helpers

setup_file() {
	INSTALLED=$(mktemp -d /tmp/grader-e2e.XXXXXX)
	export INSTALLED
	chmod 755 "$INSTALLED"
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	make --no-print-directory install PREFIX="$INSTALLED" \
		>"$INSTALLED/log" 2>&1 || { cat "$INSTALLED/log"; return 1; }
	cp -r solutions "$INSTALLED/solutions"
	chmod -R a+rX "$INSTALLED"
}

teardown_file() {
	rm -rf "$INSTALLED"
}

@test "what is installed is complete" {
	[ -x "$INSTALLED/bin/grader" ]
	[ -f "$INSTALLED/share/grader/report.schema.json" ]
	[ -f "$INSTALLED/share/grader/exercise.schema.json" ]
	[ -f "$INSTALLED/share/grader/trace.schema.json" ]
	[ -f "$INSTALLED/share/grader/exercises/tickets/exercise.json" ]
	[ -s "$INSTALLED/share/man/man1/grader.1" ]
	[ -s "$INSTALLED/share/locale/zh_CN/LC_MESSAGES/grader.mo" ]
	run env LC_ALL=zh_CN.UTF-8 "$INSTALLED/bin/grader" help
	says "用法"
	[ -s "$INSTALLED/share/man/man5/grader-report.5" ]
}

# It used to be built again for the other PREFIX.
@test "installing compiles and links nothing" {
	run grep -E '^ +(CC|GUEST|AS|LINK) ' "$INSTALLED/log"
	[ "$status" -eq 1 ]
	cmp build/grader "$INSTALLED/bin/grader"
}

@test "what is installed may be moved as a whole" {
	cp -r "$INSTALLED/bin" "$INSTALLED/share" "$BATS_TEST_TMPDIR"
	cd /
	run env -u GRADER_EXERCISES LC_ALL=zh_CN.UTF-8 LANGUAGE= \
		"$BATS_TEST_TMPDIR/bin/grader" list
	[ "$status" -eq 0 ]
	says 生产者与消费者模型
}

@test "as whoever runs the tests" {
	cd /
	run "$INSTALLED/bin/grader" check daemon \
		"$INSTALLED/solutions/daemon/right-pdeathsig"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "as an ordinary user without any right, with the same marks" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	cd /
	local solution
	for solution in tickets/right-flock tickets/wrong-no-lock; do
		"$INSTALLED/bin/grader" check tickets \
			"$INSTALLED/solutions/$solution" --lang en -n 8 \
			--no-parallel >"$BATS_TEST_TMPDIR/root" || true
		run setpriv --reuid 65534 --regid 65534 --clear-groups \
			env HOME=/ "$INSTALLED/bin/grader" check tickets \
			"$INSTALLED/solutions/$solution" --lang en -n 8 \
			--no-parallel
		diff "$BATS_TEST_TMPDIR/root" <(echo "$output")
	done
}

@test "as an ordinary user in true parallel" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	cd /
	run setpriv --reuid 65534 --regid 65534 --clear-groups \
		env HOME=/ "$INSTALLED/bin/grader" check daemon \
		"$INSTALLED/solutions/daemon/right-sigchld" --json -n 10
	[ "$status" -eq 0 ]
	says '"runs":	3' '"notes":	[]'
}

@test "an ordinary user's own unreadable file" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	echo 'int main(void) { return 0; }' >"$INSTALLED/secret.c"
	chmod 600 "$INSTALLED/secret.c"
	run setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$INSTALLED/bin/grader" check daemon "$INSTALLED/secret.c"
	[ "$status" -eq 2 ]
	says "chmod u+r"
}

@test "an exercise that an ordinary user may not read, and one to write" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	local user="setpriv --reuid 65534 --regid 65534 --clear-groups"
	cd /
	export GRADER_EXERCISES=$INSTALLED/own/exercises
	mkdir -m 777 "$INSTALLED/own"
	# word splitting is wanted
	# shellcheck disable=SC2086
	run $user "$INSTALLED/bin/grader" new-exercise one \
		--dir "$GRADER_EXERCISES"
	[ "$status" -eq 0 ]
	# shellcheck disable=SC2086
	run $user "$INSTALLED/bin/grader" check one \
		"$INSTALLED/own/solutions/one/right-wait" --schedules 2
	[ "$status" -eq 0 ]
	cp -r "$GRADER_EXERCISES/one" "$GRADER_EXERCISES/secret"
	chmod 0 "$GRADER_EXERCISES/secret/exercise.json"
	# shellcheck disable=SC2086
	run $user "$INSTALLED/bin/grader" list
	[ "$status" -eq 3 ]
	says "secret/exercise.json': Permission denied" "./one 3"
	# shellcheck disable=SC2086
	run $user "$INSTALLED/bin/grader" check secret /dev/null
	[ "$status" -eq 3 ]
	says "secret/exercise.json': Permission denied"
}

@test "uninstalling leaves nothing" {
	local other
	other=$(mktemp -d /tmp/grader-e2e.XXXXXX)
	make --no-print-directory -s install uninstall PREFIX="$other" \
		>/dev/null 2>&1
	run find "$other" -type f
	rm -rf "$other"
	[ -z "$output" ]
}
