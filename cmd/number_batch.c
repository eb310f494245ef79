/*
 * number_batch.c -- the inner loop has no memory of its own: records are cut in the read buffer, fields are slices of it,
 * and the two readings of a pair live on the stack.
 */
#include "cmd/number_batch.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "normalizers/key.h"

enum column { LEFT_VU, LEFT, RIGHT_VU, RIGHT, COLUMNS };
static const char *const column_names[COLUMNS] = { "left_vu", "left", "right_vu", "right" };

struct field {
	char *text;
	size_t len;
};

struct batch {
	const struct insurers *all;
	FILE *out;
	size_t record;         /* counts from 1, the head */
	size_t fields;         /* of the head */
	size_t place[COLUMNS]; /* which field is which column */
	struct field field[BATCH_FIELDS_MOST];
};

/* The end of the record that begins at text: its line feed outside quotation marks, NULL if it is not there yet. */
static char *record_end(char *text, const char *end)
{
	char *stop = memchr(text, '\n', (size_t)(end - text));
	bool quoted = false;

	if (!stop || !memchr(text, '"', (size_t)(stop - text)))
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

static void batch_compare(const struct batch *b)
{
	const struct field *f = b->field;
	const struct spelled left = { f[b->place[LEFT_VU]].text, f[b->place[LEFT_VU]].len,
				      f[b->place[LEFT]].text, f[b->place[LEFT]].len };
	const struct spelled right = { f[b->place[RIGHT_VU]].text, f[b->place[RIGHT_VU]].len,
				       f[b->place[RIGHT]].text, f[b->place[RIGHT]].len };
	const char *why = "";
	enum comparison verdict = spellings_compare(b->all, &left, &right, &why);

	fputc_unlocked(',', b->out);
	fputs_unlocked(comparison_text(verdict), b->out);
	fputc_unlocked(',', b->out);
	fputs_unlocked(why, b->out);
	fputc_unlocked('\n', b->out);
}

static bool batch_record(struct batch *b, char *text, char *end, struct err *e)
{
	size_t fields;

	if (end > text && end[-1] == '\r')
		end--;
	b->record++;
	if (b->record == 1 && end - text >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	if (end == text && b->record > 1)
		return true;
	fwrite_unlocked(text, 1, (size_t)(end - text), b->out);
	fields = record_cut(b, text, end);
	if (fields == 0 || (b->record > 1 && fields != b->fields))
		return err_set(e, ERR_DELIVERY,
			       "record %zu has %zu fields or broken quotation, expected %zu",
			       b->record, fields, b->record > 1 ? b->fields : (size_t)COLUMNS);
	if (b->record > 1) {
		batch_compare(b);
		return true;
	}
	b->fields = fields;
	fputs_unlocked(",verdict,reason\n", b->out);
	return batch_head(b, e);
}

/* All whole records of the buffer; *rest becomes what is left. */
static bool batch_buffer(struct batch *b, char *text, char *end, char **rest, struct err *e)
{
	char *stop;

	while (text < end && (stop = record_end(text, end))) {
		if (!batch_record(b, text, stop, e))
			return false;
		text = stop + 1;
	}
	*rest = text;
	return true;
}

static bool batch_flush(const struct batch *b, struct err *e)
{
	if (fflush(b->out) == 0)
		return true;
	return err_set(e, ERR_RETRY, "cannot write the verdicts: %s", strerror(errno));
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
		if (!batch_buffer(b, buffer, buffer + held, &rest, e) || !batch_flush(b, e))
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
	ok = batch_run(b, in, buffer, BATCH_RECORD_MOST, e);
	if (ok && b->record == 0)
		ok = err_set(e, ERR_DELIVERY,
			     "there is no head, expected left_vu,left,right_vu,right");
	ok = batch_flush(b, e) && ok;
	talloc_free(b);
	return ok;
}
