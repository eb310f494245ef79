#include "ingest/refusal.h"

#include <stdio.h>

static const struct {
	const char *word, *means;
} refusals[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = { "", "" },
#define REFUSAL(symbol, word, means) [REFUSAL_##symbol] = { word, means },
#include "ingest/refusals.def"
#undef REFUSAL
};

const char *refusal_word(enum refusal refusal)
{
	return refusals[refusal].word;
}

const char *refusal_means(enum refusal refusal)
{
	return refusals[refusal].means;
}

bool refusal_set(struct err *e, enum refusal refusal, const char *format, ...)
{
	char text[sizeof e->text];
	va_list args;

	if (!e || e->kind != ERR_NONE)
		return false;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	err_set(e, ERR_DELIVERY, "%s", text);
	return refusal_mark(e, refusal);
}

bool refusal_mark(struct err *e, enum refusal refusal)
{
	if (e && e->refusal == 0)
		e->refusal = (int)refusal;
	return false;
}
