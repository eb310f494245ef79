#include "matcher/gdv_record.h"

#include <string.h>

#include "matcher/gdv_text.h"

#define LINE_MOST                                                                                  \
	(GDV_RECORD * 4)        /* a record of four-byte characters; longer lines are no records */
#define LOOK        (64 * 1024) /* so far the next record is searched for at once */
#define END_OF_FILE 0x1A        /* of DOS */
#define BEGINNING   14          /* bytes that show whether a record begins */

static bool is_alnum_or_blank(unsigned char c)
{
	return c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/* 0001 or a record of the stock, then the insurer's number; no separators of a table in the first fields. */
bool gdv_looks_like(const unsigned char *bytes, size_t len)
{
	static const char types[][5] = { "0001", "0052", "0100", "0200", "9999" };
	bool known = false;

	if (len < 32)
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		known = known || !memcmp(bytes, types[i], 4);
	for (size_t i = 4; i < 9; i++)
		known = known && is_alnum_or_blank(bytes[i]);
	return known && !memchr(bytes, ';', 32) && !memchr(bytes, '\t', 32);
}

void gdv_reader_start(struct gdv_reader *reader, struct stock_input *in)
{
	*reader = (struct gdv_reader){ .in = in };
}

bool gdv_record_lay_out(struct gdv_record *record, size_t len)
{
	size_t n = 0;

	if (len == GDV_RECORD) {
		for (size_t i = 0; i <= len; i++)
			record->at[i] = (uint16_t)i;
		return true;
	}
	for (size_t i = 0; i < len;) {
		size_t sequence = utf8_sequence(record->bytes + i, len - i);

		if (sequence == 0 || n == GDV_RECORD)
			return false;
		record->at[n++] = (uint16_t)i;
		i += sequence;
	}
	record->at[n] = (uint16_t)len;
	return n == GDV_RECORD;
}

static enum gdv_reading bad(struct gdv_reader *reader, char **why, size_t found, bool at_end,
			    TALLOC_CTX *mem)
{
	reader->number++;
	*why = found == GDV_RECORD
		       ? talloc_strdup(mem, "begins without a record type that is known")
		       : talloc_asprintf(mem, "%zu characters%s, expected %d", found,
					 at_end ? " at the end of the file" : "", GDV_RECORD);
	return GDV_BAD;
}

/* ---- where a record begins ---- */

static bool is_line_end(unsigned char c)
{
	return c == '\n' || c == '\r';
}

/* How many bytes stand before the first line end. */
static size_t line_length(const unsigned char *at, size_t len)
{
	const unsigned char *feed = memchr(at, '\n', len);
	const unsigned char *end = memchr(at, '\r', feed ? (size_t)(feed - at) : len);

	end = end ? end : feed;
	return end ? (size_t)(end - at) : len;
}

static bool all_digits(const unsigned char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] < '0' || at[i] > '9')
			return false;
	return true;
}

/* The record types of the data set; insurers add some of their own. */
static bool is_known_type(const unsigned char *at)
{
	static const char types[][5] = {
		"0001", "0052", "0100", "0102", "0200", "0202", "0210", "0211", "0212", "0220",
		"0221", "0222", "0225", "0230", "0240", "0250", "0251", "0260", "0270", "0280",
		"0291", "0292", "0293", "0294", "0295", "0300", "0342", "0350", "0352", "0362",
		"0372", "0382", "0390", "0392", "0400", "0410", "0420", "0430", "0450", "0500",
		"0550", "0600", "9950", "9951", "9952", "9999",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!memcmp(at, types[i], 4))
			return true;
	return false;
}

/* Letters and digits without a blank inside, or nothing but blanks. */
static bool is_vu(const unsigned char *at)
{
	int first = 0, last = GDV_VU;

	while (first < last && at[first] == ' ')
		first++;
	while (last > first && at[last - 1] == ' ')
		last--;
	for (int i = first; i < last; i++)
		if (at[i] == ' ' || !is_alnum_or_blank(at[i]))
			return false;
	return true;
}

/* Does what stands here begin like a record? 9999 has a count instead of the insurer. */
static bool begins(const struct gdv_reader *reader, const unsigned char *at, size_t len)
{
	if (len < BEGINNING || !all_digits(at, 4))
		return false;
	if (!memcmp(at, "9999", 4))
		return all_digits(at + 4, 10);
	return is_vu(at + 4) &&
	       (is_known_type(at) || (*reader->vu && !memcmp(at + 4, reader->vu, GDV_VU)));
}

/* In the midst of something: a known type of the same insurer, and what follows in its place begins a record, too. */
static bool begins_again(const struct gdv_reader *reader, const unsigned char *at, size_t len)
{
	bool tail, anybody;

	if (!begins(reader, at, len) || !is_known_type(at))
		return false;
	tail = !memcmp(at, "9999", 4);
	anybody = tail || !*reader->vu || !memcmp(at, "0001", 4);
	if (!anybody && memcmp(at + 4, reader->vu, GDV_VU) != 0)
		return false;
	if (len < GDV_RECORD + BEGINNING)
		return tail || len == GDV_RECORD;
	return is_line_end(at[GDV_RECORD]) || begins(reader, at + GDV_RECORD, len - GDV_RECORD);
}

/* The place of the next record in the line behind its first byte; 0 if there is none. */
static size_t find_again(const struct gdv_reader *reader, const unsigned char *at, size_t line,
			 size_t len)
{
	for (size_t i = 1; i < line; i++)
		if (at[i] <= '9' && begins_again(reader, at + i, len - i))
			return i;
	return 0;
}

/* A line end that stands in a field is no end of the record, unless a record begins behind it. */
static bool is_inside(const struct gdv_reader *reader, const unsigned char *at, size_t line,
		      size_t len)
{
	if (is_line_end(at[GDV_RECORD - 1]))
		return false;
	for (size_t i = line; i < GDV_RECORD; i++)
		if (is_line_end(at[i]) && begins(reader, at + i + 1, len - i - 1))
			return false;
	return true;
}

/* 256 bytes, then a line end, the end of the file, or, without line ends, the next record. */
static bool is_whole(const struct gdv_reader *reader, const unsigned char *at, size_t len)
{
	size_t line;
	bool ends;

	if (len < GDV_RECORD)
		return false;
	line = line_length(at, GDV_RECORD);
	ends = len == GDV_RECORD || is_line_end(at[GDV_RECORD]) ||
	       (len == GDV_RECORD + 1 && at[GDV_RECORD] == END_OF_FILE);
	if (line < GDV_RECORD && !is_inside(reader, at, line, len))
		return false;
	return ends ||
	       (begins(reader, at, len) && begins(reader, at + GDV_RECORD, len - GDV_RECORD));
}

/* ---- records ---- */

static bool type_of(struct gdv_record *record)
{
	record->type = 0;
	for (int i = 0; i < 4; i++) {
		unsigned char c = record->bytes[record->at[i]];

		if (c < '0' || c > '9')
			return false;
		record->type = record->type * 10 + (c - '0');
	}
	return true;
}

static enum gdv_reading take(struct gdv_reader *reader, struct gdv_record *record, size_t len,
			     char **why, TALLOC_CTX *mem)
{
	const unsigned char *vu = record->bytes + 4;

	stock_input_skip(reader->in, len);
	record->number = ++reader->number;
	if (len == GDV_RECORD)
		gdv_record_lay_out(record, len);
	if (!type_of(record)) {
		*why = talloc_strdup(mem, "begins without a record type of four digits");
		return GDV_BAD;
	}
	if (record->type != 9999 && *vu != ' ' && is_vu(vu))
		memcpy(reader->vu, vu, GDV_VU);
	return GDV_READ;
}

/* Neither a line end nor a record as far as one looked: leave out all up to the next of them. */
static size_t leave(struct gdv_reader *reader)
{
	const unsigned char *at;
	size_t len, line, again, total = 0;

	while ((len = stock_input_look(reader->in, &at, LOOK)) > 0) {
		line = line_length(at, len);
		again = find_again(reader, at, line, len);
		if (!again && line == len && len >= LOOK)
			line -= GDV_RECORD +
				14; /* what may be the begin of one is looked at again */
		stock_input_skip(reader->in, again ? again : line);
		total += again ? again : line;
		if (again || line == len || is_line_end(at[line]))
			break;
	}
	return total;
}

/* What is no record as it stands: name it, and go on where the next one begins. */
static enum gdv_reading mend(struct gdv_reader *reader, struct gdv_record *record, char **why,
			     TALLOC_CTX *mem)
{
	size_t len = stock_input_look(reader->in, &record->bytes, LOOK);
	size_t line = line_length(record->bytes, len);
	size_t again = find_again(reader, record->bytes, line, len);
	bool sound = begins(reader, record->bytes, len) && line > GDV_RECORD;

	if (!again && line > GDV_RECORD && line <= LINE_MOST && gdv_record_lay_out(record, line))
		return take(reader, record, line, why, mem); /* UTF-8 */
	if (again && sound && (again % GDV_RECORD == 0 || again >= GDV_RECORD + GDV_RECORD / 2))
		return take(reader, record, GDV_RECORD, why, mem); /* the one behind it is broken */
	if (!again && sound && line == len && len < LOOK)
		return take(reader, record, GDV_RECORD, why, mem);
	if (!again && line == len && len >= LOOK)
		return bad(reader, why, leave(reader), false, mem);
	stock_input_skip(reader->in, again ? again : line);
	return bad(reader, why, again ? again : line, !again && line == len, mem);
}

/* Line ends and the end-of-file mark of DOS are no records. False: nothing is left. */
static bool skip_line_ends(struct gdv_reader *reader)
{
	const unsigned char *at;
	size_t len;

	while ((len = stock_input_look(reader->in, &at, 2)) > 0 && is_line_end(*at))
		stock_input_skip(reader->in, 1);
	return len > 1 || (len == 1 && *at != END_OF_FILE);
}

enum gdv_reading gdv_reader_next(struct gdv_reader *reader, struct gdv_record *record, char **why,
				 TALLOC_CTX *mem)
{
	size_t len;

	if (!skip_line_ends(reader))
		return GDV_END;
	len = stock_input_look(reader->in, &record->bytes, LINE_MOST);
	if (is_whole(reader, record->bytes, len))
		return take(reader, record, GDV_RECORD, why, mem);
	return mend(reader, record, why, mem);
}

struct gdv_slice gdv_field(const struct gdv_record *record, int at, int len)
{
	const uint16_t *start = &record->at[at - 1];

	return (struct gdv_slice){ record->bytes + start[0], (size_t)(start[len] - start[0]) };
}

char *gdv_ascii(char *out, const struct gdv_record *record, int at, int len)
{
	char *end = out, *last = out;

	for (int i = 0; i < len; i++) {
		unsigned char c = record->bytes[record->at[at - 1 + i]];

		if (end == out && (c <= 0x20 || c == 0x7F))
			continue; /* filled up in front */
		*end++ = c >= 0x20 && c < 0x7F ? (char)c : '?';
		if (c > 0x20 && c != 0x7F)
			last = end;
	}
	*last = '\0';
	return out;
}

int gdv_part(const struct gdv_record *record)
{
	unsigned char c = record->bytes[record->at[GDV_RECORD - 1]];

	if (c == ' ' || c == '0')
		return 1;
	return c >= '1' && c <= '9' ? c - '0' : 0;
}
