#include "matcher/gdv_record.h"

#include <string.h>

#include "matcher/gdv_text.h"

#define LINE_MOST                                                                                  \
	(GDV_RECORD * 4) /* a record of four-byte characters; longer lines are no records */

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

/* The first line end shows how the file is made; without one, records follow each other directly. */
void gdv_reader_start(struct gdv_reader *reader, struct stock_input *in)
{
	const unsigned char *at;
	size_t len = stock_input_look(in, &at, LINE_MOST + 2);

	reader->in = in;
	reader->number = 0;
	if (memchr(at, '\n', len))
		reader->line_end = '\n';
	else if (memchr(at, '\r', len))
		reader->line_end = '\r';
	else
		reader->line_end = -1;
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

static enum gdv_reading bad(const struct gdv_reader *reader, char **why, size_t found,
			    TALLOC_CTX *mem)
{
	*why = talloc_asprintf(mem, "%zu characters%s, expected %d", found,
			       reader->line_end < 0 ? " at the end of the file" : "", GDV_RECORD);
	return GDV_BAD;
}

static enum gdv_reading take(struct gdv_reader *reader, struct gdv_record *record, size_t len,
			     char **why, TALLOC_CTX *mem)
{
	record->number = ++reader->number;
	if (len < GDV_RECORD || len > LINE_MOST || !gdv_record_lay_out(record, len))
		return bad(reader, why, len, mem);
	record->type = 0;
	for (int i = 0; i < 4; i++) {
		unsigned char c = record->bytes[record->at[i]];

		if (c < '0' || c > '9') {
			*why = talloc_strdup(mem, "begins without a record type of four digits");
			return GDV_BAD;
		}
		record->type = record->type * 10 + (c - '0');
	}
	return GDV_READ;
}

/* A line that does not end within the window: count it and leave it out. */
static size_t leave_long_line(struct gdv_reader *reader)
{
	const unsigned char *at, *end;
	size_t len, total = 0;

	while ((len = stock_input_look(reader->in, &at, GDV_RECORD)) > 0) {
		end = memchr(at, reader->line_end, len);
		stock_input_skip(reader->in, end ? (size_t)(end - at) + 1 : len);
		total += end ? (size_t)(end - at) : len;
		if (end)
			break;
	}
	return total;
}

/* Empty lines and the end-of-file mark of DOS are no records. */
static bool is_nothing(const unsigned char *line, size_t len)
{
	return len == 0 || (len == 1 && *line == 0x1A);
}

static enum gdv_reading next_line(struct gdv_reader *reader, struct gdv_record *record, char **why,
				  TALLOC_CTX *mem)
{
	for (;;) {
		size_t len = stock_input_look(reader->in, &record->bytes, LINE_MOST + 2);
		const unsigned char *end = memchr(record->bytes, reader->line_end, len);

		if (len == 0)
			return GDV_END;
		if (!end && len >= LINE_MOST + 2) {
			reader->number++;
			return bad(reader, why, leave_long_line(reader), mem);
		}
		if (end)
			len = (size_t)(end - record->bytes);
		stock_input_skip(reader->in, end ? len + 1 : len);
		if (len > 0 && record->bytes[len - 1] == '\r')
			len--;
		if (!is_nothing(record->bytes, len))
			return take(reader, record, len, why, mem);
	}
}

enum gdv_reading gdv_reader_next(struct gdv_reader *reader, struct gdv_record *record, char **why,
				 TALLOC_CTX *mem)
{
	size_t len;

	if (reader->line_end >= 0)
		return next_line(reader, record, why, mem);
	len = stock_input_look(reader->in, &record->bytes, GDV_RECORD);
	if (len > GDV_RECORD)
		len = GDV_RECORD;
	stock_input_skip(reader->in, len);
	if (is_nothing(record->bytes, len))
		return GDV_END;
	return take(reader, record, len, why, mem);
}

struct gdv_slice gdv_field(const struct gdv_record *record, int at, int len)
{
	const uint16_t *start = &record->at[at - 1];

	return (struct gdv_slice){ record->bytes + start[0], (size_t)(start[len] - start[0]) };
}

char *gdv_ascii(char *out, const struct gdv_record *record, int at, int len)
{
	char *end = out;

	for (int i = 0; i < len; i++) {
		unsigned char c = record->bytes[record->at[at - 1 + i]];

		if (c > 0x20 && c < 0x7F)
			*end++ = (char)c;
		else if (c >= 0x80)
			*end++ = '?';
		else if (end > out)
			*end++ = ' ';
	}
	while (end > out && end[-1] == ' ')
		end--;
	*end = '\0';
	return out;
}

int gdv_part(const struct gdv_record *record)
{
	unsigned char c = record->bytes[record->at[GDV_RECORD - 1]];

	if (c == ' ' || c == '0')
		return 1;
	return c >= '1' && c <= '9' ? c - '0' : 0;
}
