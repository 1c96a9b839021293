#include "base/message.h"

#include <stddef.h>

static message_translation *chosen;

void message_set_translation(message_translation *translation)
{
	chosen = translation;
}

const char *translated(const char *english)
{
	return chosen ? chosen(english) : english;
}
