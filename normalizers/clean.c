#include "normalizers/clean.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "normalizers/fold.h"
#include "normalizers/label.h"

#define LABELS_MOST 3 /* "Vertrag: VSNR Nr. 4711" */

static const char why_long[] = "has more significant characters than a policy number can have";
static const char why_spelling[] = "is longer than any spelling of a policy number";
static const char why_character[] = "holds a character that no policy number has";
static const char why_control[] = "holds a control character";
static const char why_utf8[] = "is not valid UTF-8";
static const char why_direction[] = "holds a mark that turns the writing direction";
static const char why_raised[] = "holds a raised, circled or fraction digit";
static const char why_label[] = "is labelled as something else than a policy number";

static void malformed(struct cleaned *clean, const char *why)
{
	clean->state = CLEAN_MALFORMED;
	clean->why_not = why;
	clean->text[0] = '\0';
	clean->len = 0;
	clean->gaps = 0;
}

static size_t skip_separators(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && fold_byte(text[i]) == FOLD_SEPARATOR)
		i++;
	return i;
}

/* How many bytes of labels stand in front; clean->label names the last one. */
static size_t skip_labels(struct cleaned *clean, const char *text, size_t len, bool *other)
{
	size_t at = skip_separators(text, len);

	for (int i = 0; i < LABELS_MOST && at < len; i++) {
		const struct label *label;
		size_t taken = 0;

		if (text[at] <= '9' || !(label = label_find(text + at, len - at, &taken)))
			break;
		clean->label = label->word;
		*other |= label->other;
		at += taken;
		at += skip_separators(text + at, len - at);
	}
	return at;
}

/* What nearly every spelling is: short, without a label and without a character to refuse. Says false if it is not. */
static bool clean_short(struct cleaned *clean, const char *text, size_t len)
{
	struct folded folded = { .text = clean->text };
	size_t label;

	if (!fold_quick(&folded, text, len))
		return false;
	if (folded.text[0] > '9' && label_find(text + folded.first, len - folded.first, &label))
		return false;
	clean->len = folded.len;
	clean->gaps = folded.gaps;
	clean->state = folded.len ? CLEAN_OK : CLEAN_EMPTY;
	return true;
}

/* Any other; false with the reason if a character is refused. */
static bool fold_any(struct cleaned *clean, const char *text, size_t len)
{
	bool gap = false;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = fold_byte(text[i]);

		if (c == FOLD_SEPARATOR) {
			gap = true;
			continue;
		}
		if (c == FOLD_REFUSED) {
			bool control = (unsigned char)text[i] < 0x20 || text[i] == 0x7f;

			malformed(clean, control ? why_control : why_character);
			return false;
		}
		if (clean->len == KEY_MOST) {
			malformed(clean, why_long);
			return false;
		}
		if (gap && clean->len)
			clean->gaps |= UINT64_C(1) << clean->len;
		gap = false;
		clean->text[clean->len++] = (char)c;
	}
	clean->text[clean->len] = '\0';
	return true;
}

/* The rule for ASCII, to which everything else has been brought. */
static void clean_ascii(struct cleaned *clean, const char *text, size_t len)
{
	bool other = false;
	size_t at = skip_labels(clean, text, len, &other);

	if (!fold_any(clean, text + at, len - at))
		return;
	if (other)
		malformed(clean, why_label);
	else
		clean->state = clean->len ? CLEAN_OK : CLEAN_EMPTY;
}

static bool turns_direction(utf8proc_int32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* NFKC would turn a footnote's raised 2 into a digit of the number. */
static bool raised(utf8proc_int32_t c)
{
	switch (utf8proc_get_property(c)->decomp_type) {
	case UTF8PROC_DECOMP_TYPE_SUPER:
	case UTF8PROC_DECOMP_TYPE_SUB:
	case UTF8PROC_DECOMP_TYPE_CIRCLE:
	case UTF8PROC_DECOMP_TYPE_FRACTION:
	case UTF8PROC_DECOMP_TYPE_SQUARE:
		return true;
	default:
		return utf8proc_category(c) == UTF8PROC_CATEGORY_NL || c == 0x2116;
	}
}

/* What must be seen before NFKC folds it away; NULL if all is well. */
static const char *foreign_before(const char *text, size_t len)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	utf8proc_ssize_t left = (utf8proc_ssize_t)len;

	while (left > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(at, left, &c);

		if (n <= 0)
			return why_utf8;
		if (turns_direction(c))
			return why_direction;
		if (raised(c))
			return why_raised;
		at += n;
		left -= n;
	}
	return NULL;
}

/* One code point after NFKC as ASCII: itself, a blank for any dash or space, '\0' for nothing; -1: refused. */
static int ascii_of(utf8proc_int32_t c)
{
	if (c < 0x80)
		return c;
	if (c == 0x00ad || c == 0x200b || c == 0x200e || c == 0x200f || c == 0x2060 || c == 0xfeff)
		return 0; /* invisible, comes along when people copy */
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_PD:
	case UTF8PROC_CATEGORY_ZS:
		return ' ';
	default:
		return c == 0x2212 || c == 0x00b7 || c == 0x2044 ? ' ' : -1;
	}
}

/* Bring NFKC text to ASCII; the length, or -1 with the reason. ascii has room for len bytes. */
static long to_ascii(char *ascii, const utf8proc_uint8_t *text, utf8proc_ssize_t len,
		     const char **why)
{
	long out = 0;

	while (len > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(text, len, &c);
		int a = n > 0 ? ascii_of(c) : -1;

		if (a < 0) {
			bool control = n > 0 && utf8proc_category(c) == UTF8PROC_CATEGORY_CC;

			*why = control ? why_control : why_character;
			return -1;
		}
		if (a == 0 && c == 0) {
			*why = why_control;
			return -1;
		}
		if (a)
			ascii[out++] = (char)a;
		text += n;
		len -= n;
	}
	return out;
}

static void clean_unicode(struct cleaned *clean, const char *text, size_t len)
{
	const utf8proc_option_t nfkc = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
	const char *why = foreign_before(text, len);
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t folded_len;
	char ascii[SPELLING_MOST];
	long out;

	if (why) {
		malformed(clean, why);
		return;
	}
	folded_len =
		utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &folded, nfkc);
	if (folded_len < 0 || folded_len > SPELLING_MOST) {
		malformed(clean, folded_len < 0 ? why_utf8 : why_spelling);
	} else {
		out = to_ascii(ascii, folded, folded_len, &why);
		if (out < 0)
			malformed(clean, why);
		else
			clean_ascii(clean, ascii, (size_t)out);
	}
	free(folded);
}

static bool all_ascii(const char *text, size_t len)
{
	uint64_t any = 0, eight;
	size_t i = 0;

	for (; i + sizeof(eight) <= len; i += sizeof(eight)) {
		memcpy(&eight, text + i, sizeof(eight));
		any |= eight;
	}
	for (; i < len; i++)
		any |= (unsigned char)text[i];
	return (any & UINT64_C(0x8080808080808080)) == 0;
}

bool number_is_placeholder(const char *text)
{
	return !strpbrk(text, "123456789");
}

void clean_number(struct cleaned *clean, const char *spelling, size_t len)
{
	clean->label = NULL;
	clean->why_not = NULL;
	if (clean_short(clean, spelling, len))
		return;
	clean->state = CLEAN_EMPTY;
	clean->len = 0;
	clean->text[0] = '\0';
	clean->gaps = 0;
	if (len > SPELLING_MOST)
		malformed(clean, why_spelling);
	else if (all_ascii(spelling, len))
		clean_ascii(clean, spelling, len);
	else
		clean_unicode(clean, spelling, len);
}
