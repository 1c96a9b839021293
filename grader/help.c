#include "grader/help.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/message.h"
#include "grader/report/layout.h"

#define COLUMNS 79
#define DOC_COLUMN 29 /* where the explanation of an option begins */

static bool is_last(const struct argp_option *option)
{
	return !option->name && !option->key && !option->doc;
}

static bool has_letter(const struct argp_option *option)
{
	return option->key > ' ' && option->key < 0x7f;
}

/* "  -s, --seed=N  master seed" */
static void write_option(struct buf *out, const struct argp_option *option)
{
	struct buf left = {0}, first = {0};

	if (has_letter(option))
		buf_addf(&left, "  -%c, ", option->key);
	else
		buf_adds(&left, "      ");
	buf_addf(&left, "--%s%s%s", option->name, option->arg ? "=" : "",
		option->arg ? option->arg : "");
	if (layout_width(buf_text(&left)) + 2 > DOC_COLUMN) {
		buf_addf(out, "%s\n", buf_text(&left));
		layout_pad(&first, "", DOC_COLUMN);
	} else {
		layout_pad(&first, buf_text(&left), DOC_COLUMN);
	}
	layout_wrap(out, buf_text(&first), translated(option->doc), COLUMNS);
	buf_release(&left);
	buf_release(&first);
}

/* The first paragraph stands before the options, the others behind them. */
void help_write(struct buf *out, const struct argp *argp, const char *name)
{
	const char *doc = argp->doc ? translated(argp->doc) : "";
	const char *behind = strstr(doc, "\n\n");
	auto_free char *before =
		xstrndup(doc, behind ? (size_t)(behind - doc) : strlen(doc));

	buf_addf(out, _("Usage: %s [OPTION...]"), name);
	if (argp->args_doc)
		buf_addf(out, " %s", argp->args_doc);
	buf_addc(out, '\n');
	layout_wrap(out, "", before, COLUMNS);
	buf_addc(out, '\n');
	for (const struct argp_option *option = argp->options;
		option && !is_last(option); option++)
		write_option(out, option);
	if (!behind)
		return;
	buf_addc(out, '\n');
	layout_wrap(out, "", behind + 2, COLUMNS);
}

void help_write_usage(
	struct buf *out, const struct argp *argp, const char *name)
{
	auto_free char *first = xasprintf(_("Usage: %s "), name);
	struct buf text = {0};

	buf_adds(&text, "[-");
	for (const struct argp_option *option = argp->options;
		option && !is_last(option); option++)
		if (has_letter(option) && !option->arg)
			buf_addc(&text, (char)option->key);
	buf_addc(&text, ']');
	for (const struct argp_option *option = argp->options;
		option && !is_last(option); option++)
		buf_addf(&text, " [--%s%s%s]", option->name,
			option->arg ? "=" : "", option->arg ? option->arg : "");
	if (argp->args_doc)
		buf_addf(&text, " %s", argp->args_doc);
	layout_wrap(out, first, buf_text(&text), COLUMNS);
	buf_release(&text);
}
