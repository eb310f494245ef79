#include "base/err.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <utf8proc.h>

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
	[ERR_BUG] = { "bug", EX_SOFTWARE },
};

/*
 * A sentence goes into the database and onto terminals: what is no UTF-8 in it becomes "?", and a
 * character that was cut at the end goes.
 */
static void make_valid(char *text)
{
	size_t left = strlen(text);

	while (left) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text,
						      (utf8proc_ssize_t)left, &c);

		if (n < 1 && left < 4 && (unsigned char)*text >= 0xc0) {
			*text = '\0';
			return;
		}
		if (n < 1) {
			*text = '?';
			n = 1;
		}
		text += n;
		left -= (size_t)n;
	}
}

static void err_fill(struct err *e, enum err_kind kind, const char *code, const char *format,
		     va_list args)
{
	if (!e || e->kind != ERR_NONE)
		return;
	e->kind = kind;
	snprintf(e->code, sizeof e->code, "%s", code);
	vsnprintf(e->text, sizeof e->text, format, args);
	make_valid(e->text);
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
	make_valid(head);
	memcpy(old, e->text, sizeof old);
	snprintf(e->text, sizeof e->text, "%s: %.*s", head, (int)(sizeof old - sizeof head - 3),
		 old);
	make_valid(e->text);
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
