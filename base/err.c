#include "base/err.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"

static const struct {
	const char *name;
	int exit_code;
} kinds[] = {
	[ERR_NONE] = { "none", EX_OK },
	[ERR_RETRY] = { "retry", EX_TEMPFAIL },
	[ERR_DELIVERY] = { "delivery", EX_DATAERR },
	[ERR_LOGIN] = { "login", EX_NOPERM },
	[ERR_SETUP] = { "setup", EX_CONFIG },
	[ERR_USAGE] = { "usage", EX_USAGE },
	[ERR_MISSING] = { "missing", EX_NOINPUT },
	[ERR_CONFLICT] = { "conflict", EX_TEMPFAIL },
	[ERR_REFUSED] = { "refused", EX_UNAVAILABLE },
	[ERR_BUG] = { "bug", EX_SOFTWARE },
};

static void err_fill(struct err *e, enum err_kind kind, const char *code, const char *format,
		     va_list args)
{
	if (!e || e->kind != ERR_NONE)
		return;
	e->kind = kind;
	snprintf(e->code, sizeof e->code, "%s", code);
	vsnprintf(e->text, sizeof e->text, format, args);
	text_mend(e->text);
}

bool err_set(struct err *e, enum err_kind kind, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	err_fill(e, kind, "", format, args);
	va_end(args);
	return false;
}

bool err_set_code(struct err *e, enum err_kind kind, const char *code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	err_fill(e, kind, code, format, args);
	va_end(args);
	return false;
}

bool err_prefix(struct err *e, const char *format, ...)
{
	char old[sizeof e->text];
	char head[160];
	va_list args;

	if (!e || e->kind == ERR_NONE)
		return false;
	va_start(args, format);
	vsnprintf(head, sizeof head, format, args);
	va_end(args);
	text_mend(head);
	memcpy(old, e->text, sizeof old);
	snprintf(e->text, sizeof e->text, "%s: %.*s", head, (int)(sizeof old - sizeof head - 3),
		 old);
	text_mend(e->text);
	return false;
}

void err_clear(struct err *e)
{
	*e = (struct err){ 0 };
}

int err_exit_code(const struct err *e)
{
	return kinds[e->kind].exit_code;
}

const char *err_kind_name(enum err_kind kind)
{
	return kinds[kind].name;
}
