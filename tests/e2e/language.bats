# What the command line says, in two languages; reports have tests of theirs.
load helpers

zh() { run env LC_ALL=zh_CN.UTF-8 "$GRADER" "$@"; }

# No English text of ours has another character than those of ASCII.
is_chinese() { LC_ALL=C grep -q '[^ -~]' <<<"$1"; }

@test "every text of the sources has a translation that fits" {
	run bash scripts/check-po
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a missing, a doubtful and a wrong translation are found" {
	local folder=$BATS_TEST_TMPDIR
	cat >"$folder/all.pot" <<-'END'
	msgid ""
	msgstr "Content-Type: text/plain; charset=UTF-8\n"

	#, c-format
	msgid "cannot read '%s'"
	msgstr ""
	END
	translated() {
		cat - >"$folder/zh.po" <<-END
		msgid ""
		msgstr "Content-Type: text/plain; charset=UTF-8\\n"

		$1
		$2
		$3
		END
		run bash scripts/check-po "$folder/all.pot" "$folder/zh.po"
		echo "$status: $output"
	}
	translated "#, c-format" "msgid \"cannot read '%s'\"" 'msgstr "无法读取“%s”"'
	[ "$status" -eq 0 ]
	translated "#, c-format" "msgid \"cannot read '%s'\"" 'msgstr ""'
	[ "$status" -ne 0 ]
	translated "#, c-format" "msgid \"cannot write '%s'\"" 'msgstr "无法写入“%s”"'
	[ "$status" -ne 0 ]
	translated "#, fuzzy, c-format" "msgid \"cannot read '%s'\"" 'msgstr "无法读取“%s”"'
	[ "$status" -ne 0 ]
	translated "#, c-format" "msgid \"cannot read '%s'\"" 'msgstr "无法读取“%d”"'
	[ "$status" -ne 0 ]
}

@test "the help is Chinese in a Chinese locale, which need not be generated" {
	zh --help
	[ "$status" -eq 0 ]
	says 用法 "给一份提交评分" "从这里开始"
	says_not Usage "grade a submission"
	zh help run
	says "用法：grader run [选项...] PATH" "调度策略" "退出状态"
	says_not Usage "scheduling policy"
}

# One that was not marked would stay English.
@test "every command and every option is explained in Chinese" {
	local command commands line
	zh help
	commands=$(sed -n 's/^  \([a-z-]*\)  *[^ a-z].*/\1/p' <<<"$output")
	[ "$(wc -w <<<"$commands")" -ge 17 ]
	for command in $commands; do
		[ "$command" = help ] && continue
		zh "$command" --help
		[ "$status" -eq 0 ]
		# a long option has its explanation on the next line
		local options
		options=$(sed -e ':a' -e '/^ .*=[^ ]*$/{N;ba' -e '}' <<<"$output" |
			tr '\n' '\v' | sed 's/\v  *\([^- ]\)/ \1/g' | tr '\v' '\n' |
			grep -E '^ +(-.,|--)')
		[ "$(wc -l <<<"$options")" -ge 2 ]
		while read -r line; do
			echo "$command: $line"
			is_chinese "$line"
		done <<<"$options"
		says_not "Exit status" Usage
	done
}

@test "the help fits the width of a terminal" {
	local command
	for command in check run validate doctor; do
		zh "$command" --help
		echo "$output"
		"$PYTHON" - "$output" <<-'PY'
		import sys, unicodedata
		for line in sys.argv[1].split("\n"):
		    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
		                for c in line)
		    assert width <= 79, (width, line)
		PY
	done
}

@test "mistakes are told in Chinese, whoever finds them" {
	local arguments
	while read -r arguments; do
		# word splitting is wanted
		# shellcheck disable=SC2086
		zh $arguments
		echo "$arguments: $status $output"
		[ "$status" -eq 2 ]
		is_chinese "$(tr -d "\n" <<<"$output")"
		says_not "did you mean" Try
	done <<-'END'
	chekc
	check
	check --nonsense
	check --shedules 3 tickets a
	check -x
	check tickets a b
	check --seed
	check --seed 1x tickets a
	check --json=3
	check --lang fr tickets a
	check tickest a
	check tickets /nonexistent
	run
	list a
	trace tickets solutions/tickets/right-flock --scenario none --seed 1
	replay /nonexistent/report.json
	gradebook /nonexistent
	END
}

@test "an error of the machine and its reason" {
	zh check tickets solutions/tickets/right-flock --report /nonexistent/r.json
	says "无法写入“/nonexistent/r.json”" "没有这个文件或文件夹"
	run env LC_ALL=C "$GRADER" check tickets solutions/tickets/right-flock \
		--report /nonexistent/r.json
	says "cannot write '/nonexistent/r.json'" "No such file or directory"
}

@test "a mistake in an exercise is told with its place" {
	local folder=$BATS_TEST_TMPDIR/tickets
	cp -r exercises/tickets "$folder"
	sed -i 's/"criteria"/"critteria"/' "$folder/exercise.json"
	zh check "$folder" solutions/tickets/right-flock
	[ "$status" -ne 0 ]
	says "字段“critteria”" "是不是想写“criteria”"
	echo '{"schema": }' >"$folder/exercise.json"
	zh check "$folder" solutions/tickets/right-flock
	says "exercise.json:1：不是合法的 JSON：应为一个值"
}

@test "doctor in Chinese, its columns in line" {
	zh doctor
	[ "$status" -eq 0 ]
	says "编译器             /usr/bin" "  Landlock           " "等级"
	says_not Sandbox "user namespace"
}

@test "English locales and C are English; --lang is stronger than either" {
	local locale
	for locale in C POSIX C.UTF-8 en_US.UTF-8; do
		run env LC_ALL="$locale" "$GRADER" check --help
		says "Usage: grader check" "master seed"
		! is_chinese "$(tr -d "\n" <<<"$output")" || return 1
	done
	run "$GRADER" check --lang zh
	says "需要 EXERCISE 和 PATH"
	run "$GRADER" check --lang=zh --help
	says "用法："
	zh check --lang en
	says "needs EXERCISE and PATH" "Try"
	! is_chinese "$(tr -d "\n" <<<"$output")" || return 1
}

@test "without the catalogue, or with a broken one, it speaks English" {
	local folder=$BATS_TEST_TMPDIR
	mkdir -p "$folder/bin" "$folder/share/locale/zh_CN/LC_MESSAGES"
	cp "$GRADER" "$folder/bin/grader"
	run env LC_ALL=zh_CN.UTF-8 "$folder/bin/grader" help
	[ "$status" -eq 0 ]
	says "Usage: grader COMMAND"
	head -c 999 build/locale/zh_CN/LC_MESSAGES/grader.mo \
		>"$folder/share/locale/zh_CN/LC_MESSAGES/grader.mo"
	run env LC_ALL=zh_CN.UTF-8 "$folder/bin/grader" help
	says "Usage: grader COMMAND"
	cp build/locale/zh_CN/LC_MESSAGES/grader.mo \
		"$folder/share/locale/zh_CN/LC_MESSAGES/grader.mo"
	run env LC_ALL=zh_CN.UTF-8 "$folder/bin/grader" help
	says "用法：grader COMMAND"
}

@test "a report has the same bytes whatever the language of the messages" {
	local locale
	for locale in zh_CN.UTF-8 C; do
		LC_ALL=$locale "$GRADER" check tickets \
			solutions/tickets/wrong-no-lock --schedules 5 \
			--no-parallel --lang en --json |
			grep -vE '"(started|seconds|[a-z]+_seconds)":' \
			>"$BATS_TEST_TMPDIR/$locale.json"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/$locale.json")" -gt 1000 ]
	done
	cmp "$BATS_TEST_TMPDIR/zh_CN.UTF-8.json" "$BATS_TEST_TMPDIR/C.json"
}
