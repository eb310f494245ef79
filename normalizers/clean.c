#include "normalizers/clean.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "normalizers/label.h"

#define LABELS_MOST 3 /* "Vertrag: VSNR Nr. 4711" */

enum { REFUSED = 0, SEPARATOR = 1 }; /* else: the folded character itself */

static const char why_long[] = "has more significant characters than a policy number can have";
static const char why_spelling[] = "is longer than any spelling of a policy number";
static const char why_character[] = "holds a character that no policy number has";
static const char why_control[] = "holds a control character";
static const char why_utf8[] = "is not valid UTF-8";
static const char why_direction[] = "holds a mark that turns the writing direction";
static const char why_raised[] = "holds a raised, circled or fraction digit";
static const char why_label[] = "is labelled as something else than a policy number";

/* clang-format off */
#define UP(c) [c] = c, [c + ('a' - 'A')] = c
#define AS(c) [c] = c
static const unsigned char fold_of[256] = {
	[' '] = SEPARATOR, ['-'] = SEPARATOR, ['.'] = SEPARATOR, [':'] = SEPARATOR, [';'] = SEPARATOR, [','] = SEPARATOR,
	['*'] = SEPARATOR, ['_'] = SEPARATOR, ['/'] = SEPARATOR, ['('] = SEPARATOR, [')'] = SEPARATOR,
	AS('0'), AS('1'), AS('2'), AS('3'), AS('4'), AS('5'), AS('6'), AS('7'), AS('8'), AS('9'),
	UP('A'), UP('B'), UP('C'), UP('D'), UP('E'), UP('F'), UP('G'), UP('H'), UP('I'), UP('J'), UP('K'), UP('L'), UP('M'),
	UP('N'), UP('O'), UP('P'), UP('Q'), UP('R'), UP('S'), UP('T'), UP('U'), UP('V'), UP('W'), UP('X'), UP('Y'), UP('Z'),
};
/* clang-format on */

static unsigned char fold(char c)
{
	return fold_of[(unsigned char)c];
}

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

	while (i < len && fold(text[i]) == SEPARATOR)
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

/* Where kept characters begin after others, as bits of the input, told as bits of what is kept. */
static uint64_t gaps_of(uint64_t kept)
{
	uint64_t gaps = 0;

	for (uint64_t starts = kept & ~(kept << 1); starts; starts &= starts - 1) {
		uint64_t before = (starts & -starts) - 1;

		gaps |= UINT64_C(1) << __builtin_popcountll(kept & before);
	}
	return gaps & ~UINT64_C(1);
}

/*
 * What nearly every spelling is: short and without a character to refuse. Says false if it is not, with nothing decided.
 * Separators come at random, so the loop has no branch on them: each character is put down, and stays if the count moves on.
 */
static bool fold_short(struct cleaned *clean, const char *text, size_t len)
{
	unsigned refused = 0;
	uint64_t kept = 0;
	char *out = clean->text;

	if (len > KEY_MOST)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned c = fold(text[i]), keep = c > SEPARATOR;

		refused |= c - 1; /* of zero alone the highest bit comes */
		kept |= (uint64_t)keep << i;
		*out = (char)c;
		out += keep;
	}
	if (refused >> 31)
		return false;
	*out = '\0';
	clean->len = (unsigned)(out - clean->text);
	clean->gaps = gaps_of(kept);
	return true;
}

/* The same for all; false with the reason if a character is refused. */
static bool fold_any(struct cleaned *clean, const char *text, size_t len)
{
	bool gap = false;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = fold(text[i]);

		if (c == SEPARATOR) {
			gap = true;
			continue;
		}
		if (c == REFUSED) {
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

	if (!fold_short(clean, text + at, len - at) && !fold_any(clean, text + at, len - at))
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

void clean_number(struct cleaned *clean, const char *spelling, size_t len)
{
	clean->state = CLEAN_EMPTY;
	clean->len = 0;
	clean->text[0] = '\0';
	clean->gaps = 0;
	clean->label = NULL;
	clean->why_not = NULL;
	if (len > SPELLING_MOST)
		malformed(clean, why_spelling);
	else if (all_ascii(spelling, len))
		clean_ascii(clean, spelling, len);
	else
		clean_unicode(clean, spelling, len);
}
