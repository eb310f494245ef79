#include "ingest/encoding.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "ingest/limits.h"
#include "ingest/refusal.h"

enum code {
	CODE_UNKNOWN,
	CODE_UTF8,
	CODE_UTF16LE,
	CODE_UTF16BE,
	CODE_UTF16,
	CODE_LATIN1,
	CODE_LATIN9,
	CODE_CP1252
};

#define OUT_ROOM 16384

struct encoding {
	const char *charset;
	encoding_out *out;
	void *self;
	bool decided;
	enum code code;
	enum code instead; /* if the first byte beyond ASCII is no UTF-8; CODE_UNKNOWN: none */
	uint8_t head[XML_DECLARATION_MOST]; /* until decided; later the start of a cut character */
	size_t head_len;
	uint16_t high; /* first half of a surrogate pair */
	size_t mark;   /* bytes of a mark whose text is handed on as it is */
	size_t used;
	char utf8[OUT_ROOM]; /* not zero at the beginning */
};

static const struct {
	const char *name;
	enum code code;
} names[] = {
	{ "utf-8", CODE_UTF8 },    { "utf8", CODE_UTF8 },           { "us-ascii", CODE_UTF8 },
	{ "ascii", CODE_UTF8 },    { "iso-8859-1", CODE_LATIN1 },   { "iso8859-1", CODE_LATIN1 },
	{ "latin1", CODE_LATIN1 }, { "iso-8859-15", CODE_LATIN9 },  { "iso8859-15", CODE_LATIN9 },
	{ "latin9", CODE_LATIN9 }, { "windows-1252", CODE_CP1252 }, { "cp1252", CODE_CP1252 },
	{ "utf-16", CODE_UTF16 },  { "utf-16le", CODE_UTF16LE },    { "utf-16be", CODE_UTF16BE },
};

/* 0x80..0x9f of windows-1252; 0 stands for itself. */
static const uint16_t cp1252[32] = {
	0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

struct encoding *encoding_new(const char *charset, encoding_out *out, void *self, TALLOC_CTX *mem)
{
	struct encoding *x = talloc(mem, struct encoding);

	memset(x, 0, offsetof(struct encoding, utf8));
	x->charset = charset;
	x->out = out;
	x->self = self;
	return x;
}

static enum code code_of(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strlen(names[i].name) == len && strncasecmp(names[i].name, name, len) == 0)
			return names[i].code;
	return CODE_UNKNOWN;
}

/* --- writing UTF-8 --- */

static bool flush(struct encoding *x, struct err *e)
{
	size_t used = x->used;

	x->used = 0;
	return used == 0 || x->out(x->self, x->utf8, used, false, e);
}

static bool put(struct encoding *x, uint32_t c, struct err *e)
{
	char *p;

	if (x->used + 4 > OUT_ROOM && !flush(x, e))
		return false;
	p = x->utf8 + x->used;
	if (c < 0x80) {
		*p++ = (char)c;
	} else if (c < 0x800) {
		*p++ = (char)(0xc0 | c >> 6);
		*p++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*p++ = (char)(0xe0 | c >> 12);
		*p++ = (char)(0x80 | (c >> 6 & 0x3f));
		*p++ = (char)(0x80 | (c & 0x3f));
	} else {
		*p++ = (char)(0xf0 | c >> 18);
		*p++ = (char)(0x80 | (c >> 12 & 0x3f));
		*p++ = (char)(0x80 | (c >> 6 & 0x3f));
		*p++ = (char)(0x80 | (c & 0x3f));
	}
	x->used = (size_t)(p - x->utf8);
	return true;
}

static uint32_t latin9(uint8_t c)
{
	switch (c) {
	case 0xa4:
		return 0x20ac;
	case 0xa6:
		return 0x0160;
	case 0xa8:
		return 0x0161;
	case 0xb4:
		return 0x017d;
	case 0xb8:
		return 0x017e;
	case 0xbc:
		return 0x0152;
	case 0xbd:
		return 0x0153;
	case 0xbe:
		return 0x0178;
	default:
		return c;
	}
}

static bool put_byte(struct encoding *x, uint8_t c, struct err *e)
{
	if (x->code == CODE_LATIN9)
		return put(x, latin9(c), e);
	if (x->code == CODE_CP1252 && c >= 0x80 && c < 0xa0 && cp1252[c - 0x80])
		return put(x, cp1252[c - 0x80], e);
	return put(x, c, e);
}

static bool put_unit(struct encoding *x, uint16_t unit, struct err *e)
{
	bool low = unit >= 0xdc00 && unit < 0xe000;

	if (low != (x->high != 0))
		return refusal_set(e, REFUSAL_ENCODING_BROKEN,
				   "UTF-16 text has half of a surrogate pair");
	if (unit >= 0xd800 && unit < 0xdc00) {
		x->high = unit;
		return true;
	}
	if (low) {
		uint32_t c =
			0x10000u + ((uint32_t)(x->high - 0xd800) << 10) + (uint32_t)(unit - 0xdc00);

		x->high = 0;
		return put(x, c, e);
	}
	return put(x, unit, e);
}

/* --- deciding --- */

/* The value of encoding="..." in a complete declaration; false if there is none. */
static bool declared_name(const char **name, size_t *len, const char *text, size_t text_len)
{
	const char *p = memmem(text, text_len, "encoding", 8);
	const char *end = text + text_len;
	const char *close;

	if (!p)
		return false;
	for (p += 8; p < end && strchr(" \t\r\n=", *p); p++)
		;
	if (p == end || (*p != '"' && *p != '\''))
		return false;
	close = memchr(p + 1, *p, (size_t)(end - p - 1));
	if (!close)
		return false;
	*name = p + 1;
	*len = (size_t)(close - *name);
	return true;
}

/* The declaration's characters, ASCII only, from whatever is in the head. Returns the length. */
static size_t declaration_text(char *out, const struct encoding *x, size_t start, size_t unit,
			       size_t low)
{
	size_t n = 0;

	for (size_t i = start; i + unit <= x->head_len && n < XML_DECLARATION_MOST; i += unit) {
		out[n++] = (char)x->head[i + low];
		if (out[n - 1] == '>')
			break;
	}
	return n;
}

/* What stands behind its limit is not looked at: it might name another encoding. */
static bool declaration_ends(const struct encoding *x, const char *text, size_t len, struct err *e)
{
	return x->head_len < sizeof x->head || memcmp(text, "<?xml", 5) != 0 ||
	       text[len - 1] == '>' ||
	       refusal_set(e, REFUSAL_MARKUP_LONG, "XML has a declaration of more than %d bytes",
			   XML_DECLARATION_MOST);
}

static bool unknown_encoding(const char *name, size_t len, struct err *e)
{
	return refusal_set(
		e, REFUSAL_ENCODING_UNKNOWN,
		"XML is declared in an encoding of %zu letters starting with '%c' that is not read "
		"(UTF-8, UTF-16, ISO-8859-1, ISO-8859-15, windows-1252 are)",
		len, len && *name > ' ' && *name < 0x7f ? *name : '?');
}

static bool agree_with_mark(enum code mark, enum code declared, struct err *e)
{
	if (declared == mark || (declared == CODE_UTF16 && mark != CODE_UTF8))
		return true;
	return refusal_set(e, REFUSAL_ENCODING_CONTRADICTS,
			   "byte order mark and XML declaration name different encodings");
}

/* With a byte order mark: the mark decides. */
static bool decide_by_mark(struct encoding *x, enum code mark, size_t skip, struct err *e)
{
	char text[XML_DECLARATION_MOST];
	size_t unit = mark == CODE_UTF8 ? 1 : 2;
	size_t len = declaration_text(text, x, skip, unit, mark == CODE_UTF16BE ? 1 : 0);
	const char *name;
	size_t name_len;

	x->code = mark;
	if (!declaration_ends(x, text, len, e))
		return false;
	if (len > 5 && memcmp(text, "<?xml", 5) == 0 && declared_name(&name, &name_len, text, len))
		return agree_with_mark(mark, code_of(name, name_len), e);
	return true;
}

static bool decide_by_words(struct encoding *x, struct err *e)
{
	char text[XML_DECLARATION_MOST];
	size_t len = declaration_text(text, x, 0, 1, 0);
	enum code charset = x->charset ? code_of(x->charset, strlen(x->charset)) : CODE_UNKNOWN;
	enum code declared = CODE_UNKNOWN;
	const char *name;
	size_t name_len;

	if (!declaration_ends(x, text, len, e))
		return false;
	if (len > 5 && memcmp(text, "<?xml", 5) == 0 &&
	    declared_name(&name, &name_len, text, len)) {
		declared = code_of(name, name_len);
		if (declared == CODE_UNKNOWN)
			return unknown_encoding(name, name_len, e);
	}
	if (declared >= CODE_UTF16LE && declared <= CODE_UTF16)
		return refusal_set(e, REFUSAL_ENCODING_NO_MARK,
				   "XML is declared UTF-16 but has no byte order mark");
	if (charset >= CODE_UTF16LE && charset <= CODE_UTF16)
		charset = CODE_UNKNOWN;
	x->code = declared ? declared : charset ? charset : CODE_UTF8;
	if (declared && charset && declared != charset &&
	    (declared == CODE_UTF8 || charset == CODE_UTF8)) {
		x->code = CODE_UTF8;
		x->instead = declared == CODE_UTF8 ? charset : declared;
	}
	return true;
}

static bool feed_decided(struct encoding *x, const uint8_t *bytes, size_t len, struct err *e);

static bool decide(struct encoding *x, struct err *e)
{
	uint8_t head[XML_DECLARATION_MOST];
	size_t len = x->head_len, skip = 0;
	bool ok;

	memcpy(head, x->head, len);
	if (len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0)
		ok = decide_by_mark(x, CODE_UTF8, skip = 3, e);
	else if (len >= 2 && memcmp(head, "\xff\xfe", 2) == 0)
		ok = decide_by_mark(x, CODE_UTF16LE, skip = 2, e);
	else if (len >= 2 && memcmp(head, "\xfe\xff", 2) == 0)
		ok = decide_by_mark(x, CODE_UTF16BE, skip = 2, e);
	else if (memchr(head, 0, len < 4 ? len : 4))
		ok = refusal_set(e, REFUSAL_ENCODING_NO_MARK,
				 "XML is UTF-16 or UTF-32 without a byte order mark");
	else
		ok = decide_by_words(x, e);
	x->decided = true;
	x->head_len = 0;
	x->mark = x->code == CODE_UTF8 ? skip : 0;
	return ok && feed_decided(x, head + skip, len - skip, e);
}

/* Enough to decide: a whole declaration, or a start that is none. */
static bool enough(const struct encoding *x)
{
	size_t start = x->head_len && (x->head[0] == 0xef || x->head[0] >= 0xfe) ? 2 : 0;
	size_t i, n = 0;

	if (x->head_len == sizeof x->head)
		return true;
	if (x->head_len < 8)
		return false;
	for (i = start; i < x->head_len && n < 5;
	     i++) /* skips the zero bytes of UTF-16 and the mark's third */
		if (x->head[i] && x->head[i] != 0xbf && x->head[i] != (uint8_t) "<?xml"[n++])
			return true;
	return n == 5 && memchr(x->head, '>', x->head_len);
}

/* --- feeding --- */

static size_t utf8_len(uint8_t first)
{
	return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
}

/* Is it the start of a valid sequence? 1 yes, 0 no, -1 too short to say. */
static int starts_utf8(const uint8_t *p, size_t len)
{
	size_t want = p[0] > 0xf4 ? 0 : utf8_len(p[0]);

	if (want == 0)
		return 0;
	for (size_t i = 1; i < want; i++) {
		if (i == len)
			return -1;
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return 1;
}

static size_t ascii_run(const uint8_t *p, size_t len)
{
	size_t n = 0;

	while (n < len && p[n] < 0x80)
		n++;
	return n;
}

/* Two encodings are possible: pass ASCII on, settle it at the first byte beyond. */
static bool feed_contested(struct encoding *x, const uint8_t *p, size_t len, struct err *e)
{
	size_t n = ascii_run(p, len);
	uint8_t cut[8];
	int utf8;

	if (x->head_len) { /* a character that was cut */
		size_t more = len < 4 - x->head_len ? len : 4 - x->head_len;
		size_t held = x->head_len;

		memcpy(cut, x->head, held);
		memcpy(cut + held, p, more);
		utf8 = starts_utf8(cut, held + more);
		if (utf8 < 0) {
			memcpy(x->head + held, p, more);
			x->head_len += more;
			return true;
		}
		x->code = utf8 ? CODE_UTF8 : x->instead;
		x->instead = CODE_UNKNOWN;
		x->head_len = 0;
		return feed_decided(x, cut, held, e) && feed_decided(x, p, len, e);
	}
	if (n && !x->out(x->self, (const char *)p, n, true, e))
		return false;
	if (n == len)
		return true;
	utf8 = starts_utf8(p + n, len - n);
	if (utf8 < 0) {
		x->head_len = len - n;
		memcpy(x->head, p + n, x->head_len);
		return true;
	}
	x->code = utf8 ? CODE_UTF8 : x->instead;
	x->instead = CODE_UNKNOWN;
	return feed_decided(x, p + n, len - n, e);
}

static bool feed_utf16(struct encoding *x, const uint8_t *p, size_t len, struct err *e)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t a = x->head[0];

		if (x->head_len == 0) {
			x->head[0] = p[i];
			x->head_len = 1;
			continue;
		}
		x->head_len = 0;
		if (!put_unit(x,
			      (uint16_t)(x->code == CODE_UTF16LE ? a | p[i] << 8 : a << 8 | p[i]),
			      e))
			return false;
	}
	return flush(x, e);
}

static bool feed_bytes(struct encoding *x, const uint8_t *p, size_t len, struct err *e)
{
	while (len) { /* base64 is ASCII: pass it through as it is */
		size_t n = ascii_run(p, len);

		if (n && !x->out(x->self, (const char *)p, n, true, e))
			return false;
		p += n;
		len -= n;
		while (len && *p >= 0x80) {
			if (!put_byte(x, *p, e))
				return false;
			p++;
			len--;
		}
		if (!flush(x, e))
			return false;
	}
	return true;
}

static bool feed_decided(struct encoding *x, const uint8_t *bytes, size_t len, struct err *e)
{
	if (len == 0)
		return true;
	if (x->instead)
		return feed_contested(x, bytes, len, e);
	if (x->code == CODE_UTF8)
		return x->out(x->self, (const char *)bytes, len, true, e);
	if (x->code == CODE_UTF16LE || x->code == CODE_UTF16BE)
		return feed_utf16(x, bytes, len, e);
	return feed_bytes(x, bytes, len, e);
}

bool encoding_feed(struct encoding *x, const void *bytes, size_t len, struct err *e)
{
	const uint8_t *p = bytes;

	while (!x->decided && len) {
		x->head[x->head_len++] = *p++;
		len--;
		if (enough(x) && !decide(x, e))
			return false;
	}
	return feed_decided(x, p, len, e);
}

bool encoding_end(struct encoding *x, struct err *e)
{
	if (!x->decided && !decide(x, e))
		return false;
	if ((x->code == CODE_UTF16LE || x->code == CODE_UTF16BE) && (x->head_len || x->high))
		return refusal_set(e, REFUSAL_ENCODING_BROKEN,
				   "UTF-16 text ends in the middle of a character");
	if (x->instead && x->head_len) {
		size_t held = x->head_len;
		uint8_t cut[4];

		memcpy(cut, x->head, held);
		x->head_len = 0;
		x->code = x->instead;
		x->instead = CODE_UNKNOWN;
		return feed_decided(x, cut, held, e);
	}
	return true;
}

size_t encoding_mark(const struct encoding *x)
{
	return x->mark;
}
