#include "matcher/gdv_text.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define UNKNOWN "\xEF\xBF\xBD" /* U+FFFD */

static const struct {
	const char *name, *iconv;
} pages[PAGES] = {
	[PAGE_ASCII] = { "ASCII", NULL },
	[PAGE_DIN66003] = { "DIN 66003", NULL },
	[PAGE_LATIN1] = { "ISO-8859-1", "ISO-8859-1" },
	[PAGE_LATIN9] = { "ISO-8859-15", "ISO-8859-15" },
	[PAGE_CP1252] = { "CP1252", "CP1252" },
	[PAGE_CP850] = { "CP850", "CP850" },
	[PAGE_UTF8] = { "UTF-8", NULL },
};

struct code_table {
	enum code_page page;
	char utf8[256][5]; /* unused for UTF-8 */
};

const char *code_page_name(enum code_page page)
{
	return pages[page].name;
}

size_t utf8_sequence(const unsigned char *text, size_t left)
{
	size_t len = text[0] < 0x80   ? 1
		     : text[0] < 0xC2 ? 0
		     : text[0] < 0xE0 ? 2
		     : text[0] < 0xF0 ? 3
				      : 4;

	if (len > left || text[0] > 0xF4)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((text[i] & 0xC0) != 0x80)
			return 0;
	if ((text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xED && text[1] > 0x9F) ||
	    (text[0] == 0xF0 && text[1] < 0x90) || (text[0] == 0xF4 && text[1] > 0x8F))
		return 0; /* overlong, surrogate, beyond Unicode */
	return len;
}

void byte_weights_add(struct byte_weights *weights, const unsigned char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		weights->bytes[text[i]]++;
	for (size_t i = 0; i < len;) {
		size_t n = utf8_sequence(text + i, len - i);

		if (n > 1)
			weights->utf8++;
		else if (n == 0)
			weights->not_utf8++;
		i += n ? n : 1;
	}
}

static uint64_t weight_of(const struct byte_weights *weights, const char *bytes)
{
	uint64_t sum = 0;

	for (; *bytes; bytes++)
		sum += weights->bytes[(unsigned char)*bytes];
	return sum;
}

static uint64_t weight_between(const struct byte_weights *weights, int first, int last)
{
	uint64_t sum = 0;

	for (int i = first; i <= last; i++)
		sum += weights->bytes[i];
	return sum;
}

/* The Latin family: CP1252 uses 80-9F, ISO-8859-15 put S and Z with caron, OE and Y where signs were. */
static enum code_page latin_guess(const struct byte_weights *weights)
{
	if (weight_between(weights, 0x80, 0x9F) > 0)
		return PAGE_CP1252;
	if (weight_of(weights, "\xA6\xA8\xB4\xB8\xBC\xBD\xBE") > 0)
		return PAGE_LATIN9;
	return PAGE_LATIN1;
}

enum code_page code_page_guess(const struct byte_weights *weights)
{
	uint64_t latin = weight_of(weights, "\xC4\xD6\xDC\xE4\xF6\xFC\xDF");
	uint64_t dos = weight_of(weights, "\x84\x94\x81\x8E\x99\x9A");
	uint64_t seven = weight_of(weights, "[\\]{|}~");

	if (weight_between(weights, 0x80, 0xFF) == 0)
		return seven > 0 ? PAGE_DIN66003 : PAGE_ASCII;
	if (weights->utf8 > 0 && weights->not_utf8 == 0)
		return PAGE_UTF8;
	if (dos > latin || (latin == 0 && weight_of(weights, "\xE1\x82") > 0))
		return PAGE_CP850; /* E1 is sharp s there, 82 is e with acute */
	return latin_guess(weights);
}

static void table_din66003(struct code_table *table)
{
	static const struct {
		char byte;
		const char *utf8;
	} national[] = { { '[', "Ä" }, { '\\', "Ö" }, { ']', "Ü" }, { '{', "ä" },
			 { '|', "ö" }, { '}', "ü" },  { '~', "ß" } };

	for (size_t i = 0; i < sizeof(national) / sizeof(national[0]); i++)
		strcpy(table->utf8[(unsigned char)national[i].byte], national[i].utf8);
}

static bool table_iconv(struct code_table *table, struct err *e)
{
	iconv_t convert = iconv_open("UTF-8", pages[table->page].iconv);

	if (convert == (iconv_t)-1)
		return err_set(e, ERR_SETUP, "iconv does not know %s: %s", pages[table->page].iconv,
			       strerror(errno));
	for (int i = 0x80; i < 0x100; i++) {
		char byte = (char)i;
		char *from = &byte, *to = table->utf8[i];
		size_t from_left = 1, to_left = 4;

		memset(to, 0, 5);
		if (iconv(convert, &from, &from_left, &to, &to_left) == (size_t)-1 || i == 0xAD)
			strcpy(table->utf8[i],
			       i == 0xAD && table->page != PAGE_CP850 ? "-" : UNKNOWN);
	}
	iconv_close(convert);
	return true;
}

struct code_table *code_table_new(enum code_page page, TALLOC_CTX *mem, struct err *e)
{
	struct code_table *table = talloc_zero(mem, struct code_table);

	table->page = page;
	for (int i = 0; i < 0x100; i++)
		strcpy(table->utf8[i], UNKNOWN);
	for (int i = 0; i < 0x80; i++) {
		table->utf8[i][0] = i < 0x20 || i == 0x7F ? ' ' : (char)i;
		table->utf8[i][1] = '\0';
	}
	if (page == PAGE_DIN66003)
		table_din66003(table);
	if (pages[page].iconv && !table_iconv(table, e)) {
		talloc_free(table);
		return NULL;
	}
	return table;
}

/* C1 controls and noncharacters: sound UTF-8, but no text. */
static bool is_no_text(const unsigned char *text)
{
	return (text[0] == 0xC2 && text[1] < 0xA0) ||
	       (text[0] == 0xEF && text[1] == 0xBF && text[2] >= 0xBE);
}

/* One character: ASCII and 8-bit code pages by the table, UTF-8 as it is. */
static char *append(const struct code_table *table, char *out, const unsigned char *text,
		    size_t left, size_t *taken)
{
	size_t n = table->page == PAGE_UTF8 ? utf8_sequence(text, left) : 1;

	*taken = n ? n : 1;
	if (n > 1 && !is_no_text(text)) {
		memcpy(out, text, n);
		return out + n;
	}
	return stpcpy(out, n == 1 ? table->utf8[*text] : UNKNOWN);
}

char *code_table_text(const struct code_table *table, const unsigned char *text, size_t len,
		      TALLOC_CTX *mem)
{
	char *utf8 = talloc_array(mem, char, len * 4 + 1);
	char *end = utf8, *start = utf8;
	size_t taken;

	*end = '\0';
	for (size_t i = 0; i < len; i += taken)
		end = append(table, end, text + i, len - i, &taken);
	while (end > start && end[-1] == ' ')
		end--;
	*end = '\0';
	while (*start == ' ')
		start++;
	memmove(utf8, start, (size_t)(end - start) + 1);
	if (!*utf8) {
		talloc_free(utf8);
		return NULL;
	}
	return utf8;
}
