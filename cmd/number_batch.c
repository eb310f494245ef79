/*
 * number_batch.c -- the inner loop has no memory of its own: records are cut in the read buffer, fields are slices of it,
 * and the two readings of a pair live on the stack. Rows are gathered and go out whole: a record that is refused leaves no
 * half line behind.
 */
#include "cmd/number_batch.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "normalizers/key.h"

enum column { LEFT_VU, LEFT, RIGHT_VU, RIGHT, COLUMNS };
static const char *const column_names[COLUMNS] = { "left_vu", "left", "right_vu", "right" };

#define TAIL_MOST 256 /* bytes of verdict and reason with commas and line end */
_Static_assert(TAIL_MOST > REASON_MOST + sizeof(",different,\n"),
	       "a tail has room for every reason");
#define ROWS_SIZE  (BATCH_RECORD_MOST + TAIL_MOST)
#define KNOWN_MOST 64 /* issuers looked up before; a power of two */

struct field {
	char *text;
	size_t len;
};

/* A file names the same few insurers over and over. */
struct known {
	const struct insurer *insurer; /* NULL: nobody */
	unsigned char len;             /* of vu; 0: empty */
	char vu[23];
};

struct batch {
	const struct insurers *all;
	FILE *out;
	char *rows; /* the whole rows that have not gone out yet, and behind them the one in work */
	size_t rows_len;
	struct known known[KNOWN_MOST];
	const char *
		quote; /* the first quotation mark at or behind the record in work, the buffer's end if none */
	size_t record;         /* counts from 1, the head */
	size_t fields;         /* of the head */
	size_t place[COLUMNS]; /* which field is which column */
	struct field field[BATCH_FIELDS_MOST];
};

static const char *quote_find(const char *text, const char *end)
{
	const char *quote = memchr(text, '"', (size_t)(end - text));

	return quote ? quote : end;
}

/* The end of the record that begins at text: its line feed outside quotation marks, NULL if it is not there yet. */
static char *record_end(const struct batch *b, char *text, const char *end)
{
	char *stop = memchr(text, '\n', (size_t)(end - text));
	bool quoted = false;

	if (!stop || stop < b->quote)
		return stop;
	for (char *at = text; at < end; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (*at == '\n' && !quoted)
			return at;
	}
	return NULL;
}

/* Take the doubled quotation marks out, in place; *at ends behind the closing one. */
static bool field_unquote(struct field *field, char **at, const char *end)
{
	char *from = *at + 1, *to = from;

	field->text = from;
	for (; from < end; from++) {
		if (*from == '"' && from + 1 < end && from[1] == '"')
			from++;
		else if (*from == '"')
			break;
		*to++ = *from;
	}
	if (from == end)
		return false;
	field->len = (size_t)(to - field->text);
	*at = from + 1;
	return *at == end || **at == ',';
}

static bool field_bare(struct field *field, char **at, const char *end)
{
	char *comma = memchr(*at, ',', (size_t)(end - *at));
	char *stop = comma ? comma : *at + (end - *at);

	field->text = *at;
	field->len = (size_t)(stop - *at);
	*at = stop;
	return true;
}

/* Cut one record (without its line end) into b->field; the count, 0 if the quotation is broken. */
static size_t record_cut(struct batch *b, char *text, const char *end)
{
	size_t n = 0;

	for (char *at = text; n < BATCH_FIELDS_MOST; at++) {
		bool quoted = at < end && *at == '"';

		if (!(quoted ? field_unquote(&b->field[n], &at, end)
			     : field_bare(&b->field[n], &at, end)))
			return 0;
		n++;
		if (at == end)
			return n;
	}
	return 0;
}

static bool batch_head(struct batch *b, struct err *e)
{
	for (int c = 0; c < COLUMNS; c++) {
		size_t name_len = strlen(column_names[c]);

		b->place[c] = BATCH_FIELDS_MOST;
		for (size_t i = 0; i < b->fields; i++) {
			if (b->field[i].len == name_len &&
			    memcmp(b->field[i].text, column_names[c], name_len) == 0)
				b->place[c] = i;
		}
		if (b->place[c] == BATCH_FIELDS_MOST)
			return err_set(e, ERR_DELIVERY, "the head has no column %s",
				       column_names[c]);
	}
	return true;
}

static bool rows_write(struct batch *b, struct err *e)
{
	size_t len = b->rows_len;

	b->rows_len = 0;
	if (fwrite_unlocked(b->rows, 1, len, b->out) == len && fflush_unlocked(b->out) == 0)
		return true;
	return err_set(e, ERR_RETRY, "cannot write the verdicts: %s", strerror(errno));
}

static uint32_t hash(const char *text, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	return h;
}

static const struct insurer *batch_insurer(struct batch *b, const struct field *vu)
{
	struct known *known;

	if (vu->len == 0 || vu->len > sizeof(known->vu))
		return insurers_find_text(b->all, vu->text, vu->len);
	known = &b->known[hash(vu->text, vu->len) % KNOWN_MOST];
	if (known->len != vu->len || memcmp(known->vu, vu->text, vu->len) != 0) {
		known->insurer = insurers_find_text(b->all, vu->text, vu->len);
		known->len = (unsigned char)vu->len;
		memcpy(known->vu, vu->text, vu->len);
	}
	return known->insurer;
}

static struct spelled batch_side(struct batch *b, enum column vu, enum column number)
{
	const struct field *name = &b->field[b->place[vu]], *text = &b->field[b->place[number]];

	return (struct spelled){ name->text, name->len, text->text, text->len };
}

static bool same_name(const struct spelled *a, const struct spelled *b)
{
	return a->vu_len == b->vu_len && memcmp(a->vu, b->vu, a->vu_len) == 0;
}

/* Put `,VERDICT,REASON` at the end of the row; its length. */
static size_t batch_compare(struct batch *b, char *tail)
{
	const struct spelled left = batch_side(b, LEFT_VU, LEFT);
	const struct spelled right = batch_side(b, RIGHT_VU, RIGHT);
	const struct insurer *l = batch_insurer(b, &b->field[b->place[LEFT_VU]]), *r = l;
	const char *why = "", *verdict;
	char *at = tail;
	size_t len;

	if (!same_name(&left, &right))
		r = batch_insurer(b, &b->field[b->place[RIGHT_VU]]);
	verdict = comparison_text(issued_compare(b->all, l, &left, r, &right, &why));
	*at++ = ',';
	len = strlen(verdict);
	memcpy(at, verdict, len);
	at += len;
	*at++ = ',';
	len = strnlen(why, REASON_MOST);
	memcpy(at, why, len);
	return (size_t)(at + len - tail);
}

static bool batch_fields(struct batch *b, char *text, const char *end, struct err *e)
{
	size_t fields = record_cut(b, text, end);

	if (b->record == 1)
		b->fields = fields;
	if (fields && fields == b->fields)
		return true;
	return err_set(e, ERR_DELIVERY,
		       "record %zu has %zu fields or broken quotation, expected %zu", b->record,
		       fields, b->record > 1 ? b->fields : (size_t)COLUMNS);
}

static size_t head_tail(char *tail)
{
	static const char columns[] = ",verdict,reason";

	memcpy(tail, columns, sizeof(columns) - 1);
	return sizeof(columns) - 1;
}

/* The row counts only when it is whole. (It is copied first: cutting takes quotation marks out.) */
static bool batch_record(struct batch *b, char *text, char *end, struct err *e)
{
	char *row;
	size_t len;

	if (end > text && end[-1] == '\r')
		end--;
	b->record++;
	if (b->record == 1 && end - text >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	if (end == text && b->record > 1)
		return true;
	len = (size_t)(end - text);
	if (ROWS_SIZE - b->rows_len < len + TAIL_MOST && !rows_write(b, e))
		return false;
	row = b->rows + b->rows_len;
	memcpy(row, text, len);
	if (!batch_fields(b, text, end, e) || (b->record == 1 && !batch_head(b, e)))
		return false;
	len += b->record > 1 ? batch_compare(b, row + len) : head_tail(row + len);
	row[len++] = '\n';
	b->rows_len += len;
	return true;
}

/* All whole records of the buffer; *rest becomes what is left. */
static bool batch_buffer(struct batch *b, char *text, char *end, char **rest, struct err *e)
{
	char *stop;

	b->quote = quote_find(text, end);
	while (text < end && (stop = record_end(b, text, end))) {
		if (!batch_record(b, text, stop, e))
			return false;
		text = stop + 1;
		if (text > b->quote)
			b->quote = quote_find(text, end);
	}
	*rest = text;
	return true;
}

static bool batch_run(struct batch *b, int in, char *buffer, size_t size, struct err *e)
{
	size_t held = 0;
	char *rest;

	for (;;) {
		ssize_t got = read(in, buffer + held, size - held);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(e, ERR_RETRY, "cannot read the pairs: %s", strerror(errno));
		if (got == 0)
			return held == 0 || batch_record(b, buffer, buffer + held, e);
		held += (size_t)got;
		if (!batch_buffer(b, buffer, buffer + held, &rest, e) || !rows_write(b, e))
			return false;
		held -= (size_t)(rest - buffer);
		memmove(buffer, rest, held);
		if (held == size)
			return err_set(e, ERR_DELIVERY, "record %zu is longer than %zu bytes",
				       b->record + 1, size);
	}
}

bool number_batch(const struct insurers *all, int in, FILE *out, struct err *e)
{
	struct batch *b = talloc_zero(NULL, struct batch);
	char *buffer = talloc_array(b, char, BATCH_RECORD_MOST);
	bool ok;

	b->all = all;
	b->out = out;
	b->rows = talloc_array(b, char, ROWS_SIZE);
	ok = batch_run(b, in, buffer, BATCH_RECORD_MOST, e);
	if (ok && b->record == 0)
		ok = err_set(e, ERR_DELIVERY,
			     "there is no head, expected left_vu,left,right_vu,right");
	ok = rows_write(b, ok ? e : NULL) && ok;
	talloc_free(b);
	return ok;
}
