/* What the commands share: messages, numbers, options, grades, signals. */
#include "grader/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "grader/shown.h"

void command_show(FILE *to, const char *text)
{
	struct buf shown = {0};

	shown_add(&shown, text, strlen(text), NULL);
	fputs(buf_text(&shown), to);
	buf_release(&shown);
}

int command_tell(int status, const char *text)
{
	fflush(stdout);
	fputs("grader: ", stderr);
	command_show(stderr, translated(text));
	fputc('\n', stderr);
	return status;
}

int command_fail(int status, const struct err *err)
{
	return command_tell(status, err->text);
}

unsigned long long command_number(const char *name, const char *text,
	unsigned long long low, unsigned long long high)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || value < low ||
		value > high) {
		fprintf(stderr,
			_("grader: %s '%s' is not a whole number from %llu to "
			  "%llu\n"),
			name, text, low, high);
		exit(EXIT_USAGE);
	}
	return value;
}

bool grade_below(char grade, char required)
{
	return required && grade > required;
}

char command_grade(const char *text)
{
	if (text[0] >= 'A' && text[0] <= 'C' && !text[1])
		return text[0];
	fprintf(stderr, _("grader: --require-grade '%s' is not A, B or C\n"),
		text);
	exit(EXIT_USAGE);
}

int command_refuse_grade(const struct jail_context *context, char required)
{
	fflush(stdout);
	fprintf(stderr,
		_("grader: the sandbox has grade %c, grade %c is required; "
		  "'grader doctor' shows what is missing\n"),
		jail_grade(context), required);
	return EXIT_SANDBOX;
}

static bool set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

struct report_style command_style(int fd, enum language language)
{
	struct report_style style = {.language = language, .columns = 80};
	struct winsize size;
	const char *term = getenv("TERM");

	style.colour = isatty(fd) && term && strcmp(term, "dumb") != 0;
	if (set("FORCE_COLOR"))
		style.colour = true;
	if (set("NO_COLOR"))
		style.colour = false;
	if (!ioctl(fd, TIOCGWINSZ, &size) && size.ws_col >= 60 &&
		size.ws_col < 100)
		style.columns = size.ws_col;
	return style;
}

size_t command_columns(int fd)
{
	struct winsize size;

	return !ioctl(fd, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : 80;
}

static volatile sig_atomic_t interrupted;

/* A timer of its own: the engine ticks with SIGALRM while a program runs. */
static timer_t patience;

static void give_up(int number)
{
	(void)number;
	/* The jail goes with us: its init dies with its parent. */
	_exit(interrupted ? 128 + interrupted : EXIT_TROUBLE);
}

static void interrupt(int number)
{
	const struct itimerspec two_seconds = {.it_value = {.tv_sec = 2}};

	if (interrupted)
		give_up(number);
	interrupted = number;
	timer_settime(patience, 0, &two_seconds, NULL);
}

void command_catch_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMAX};
	struct sigaction action = {
		.sa_handler = give_up, .sa_flags = SA_RESTART};

	sigaction(SIGRTMAX, &action, NULL);
	if (timer_create(CLOCK_MONOTONIC, &event, &patience) < 0)
		return; /* then a signal ends the grader at once */
	action.sa_handler = interrupt;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		struct sigaction old;

		/* nohup(1) stays what it is */
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

int command_interrupted(void)
{
	return interrupted ? 128 + interrupted : 0;
}
