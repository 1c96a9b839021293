# Ctrl-C and kill in the middle: prompt, with the right status, nothing left.
load helpers

PROGRAM='#include <sys/prctl.h>
#include <unistd.h>
int main(void)
{
	prctl(PR_SET_NAME, "%s");
	for (int i = 0; i < 3; i++)
		fork();
	for (;;)
		;
}
'

# interrupted SIGNAL NAME: starts a check, sends the signal once the program
# runs; $status is the exit status.
interrupted() {
	# shellcheck disable=SC2059
	put daemon.c < <(printf "$PROGRAM" "$2")
	env --default-signal=INT "$GRADER" check daemon "$FILE" \
		-n 100000 >/dev/null 2>&1 3>&- &
	local pid=$! i
	for i in $(seq 100); do
		grep -qxF "$2" /proc/[0-9]*/comm 2>/dev/null && break
		sleep 0.1
	done
	[ "$i" -lt 100 ]
	kill "-$1" "$pid"
	SECONDS=0
	status=0
	wait "$pid" || status=$?
	[ "$SECONDS" -le 4 ]
}

@test "an interrupt ends the check with 130 and leaves nothing" {
	interrupted INT gx-int
	[ "$status" -eq 130 ]
	nothing_left gx-int
}

@test "a termination ends the check with 143 and leaves nothing" {
	interrupted TERM gx-term
	[ "$status" -eq 143 ]
	nothing_left gx-term
}

@test "killing the grader itself leaves nothing" {
	interrupted KILL gx-kill
	[ "$status" -eq 137 ]
	nothing_left gx-kill
}
