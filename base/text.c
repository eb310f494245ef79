#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

static bool number_read(uint64_t *value, const char *text, uint64_t least, uint64_t most)
{
	uint64_t sum = 0;

	if (!text || !*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*text - '0'), &sum))
			return false;
	}
	if (sum < least || sum > most)
		return false;
	*value = sum;
	return true;
}

static bool number_refuse(const char *text, uint64_t least, uint64_t most, const char *name,
			  enum err_kind kind, struct err *e)
{
	char *shown = text_shown(text ? text : "", 24, NULL);

	err_set(e, kind, "%s is \"%s\", expected a number from %llu to %llu", name, shown,
		(unsigned long long)least, (unsigned long long)most);
	talloc_free(shown);
	return false;
}

bool text_to_u64(uint64_t *value, const char *text, uint64_t least, uint64_t most, const char *name,
		 struct err *e)
{
	return number_read(value, text, least, most) ||
	       number_refuse(text, least, most, name, ERR_DELIVERY, e);
}

bool text_option_u64(uint64_t *value, const char *text, uint64_t least, uint64_t most,
		     const char *name, struct err *e)
{
	return number_read(value, text, least, most) ||
	       number_refuse(text, least, most, name, ERR_USAGE, e);
}

bool text_equal(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool text_equal_nocase(const char *a, const char *b)
{
	return a && b ? !strcasecmp(a, b) : a == b;
}

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool text_empty(const char *text)
{
	while (text && is_white(*text))
		text++;
	return !text || !*text;
}

char *text_trimmed(const char *text, TALLOC_CTX *mem)
{
	size_t len;

	if (!text)
		return NULL;
	while (is_white(*text))
		text++;
	len = strlen(text);
	while (len && is_white(text[len - 1]))
		len--;
	return talloc_strndup(mem, text, len);
}

static bool allowed_in_xml(utf8proc_int32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r';
	return c != 0xFFFE && c != 0xFFFF;
}

bool text_valid_utf8(const char *text, size_t len)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	utf8proc_ssize_t left = (utf8proc_ssize_t)len;

	while (left > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(at, left, &c);

		if (n < 1 || !allowed_in_xml(c))
			return false;
		at += n;
		left -= n;
	}
	return true;
}

void text_mend(char *text)
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

/* Control, format (bidirectional marks, zero width), surrogate, private, unassigned, line and
 * paragraph ends. */
static bool is_hidden(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return false;
	}
}

/* One character of the source as it is shown; returns how many bytes of the source it took. */
static size_t char_shown(char *out, size_t size, const char *at, size_t left)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n =
		utf8proc_iterate((const utf8proc_uint8_t *)at, (utf8proc_ssize_t)left, &c);

	if (n < 1) {
		snprintf(out, size, "\\x{%02X}", (unsigned char)*at);
		return 1;
	}
	if (is_hidden(c))
		snprintf(out, size, "\\u{%04X}", (unsigned)c);
	else if (c == '"' || c == '\\')
		snprintf(out, size, "\\%c", (char)c);
	else
		snprintf(out, size, "%.*s", (int)n, at);
	return (size_t)n;
}

char *text_shown(const char *text, size_t most, TALLOC_CTX *mem)
{
	char *out = talloc_array(mem, char, most + 4);
	size_t len = strlen(text), used = 0;

	while (len) {
		char piece[16];
		size_t took = char_shown(piece, sizeof piece, text, len);
		size_t n = strlen(piece);

		if (used + n > most) {
			memcpy(out + used, "...", 3);
			used += 3;
			break;
		}
		memcpy(out + used, piece, n);
		used += n;
		text += took;
		len -= took;
	}
	out[used] = 0;
	return out;
}

void text_hex(char *out, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[at[i] >> 4];
		*out++ = digits[at[i] & 15];
	}
	*out = 0;
}
