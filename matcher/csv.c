#include "matcher/csv.h"

#include <string.h>

#include "base/text.h"

/* A row while it is cut: fields are written unquoted into one buffer, each ended by NUL. */
struct csv_cut {
	char text[2 * CSV_ROW_MOST + 2]; /* a NUL for each field */
	size_t used;
	size_t starts[CSV_FIELDS_MOST];
	size_t count;
	size_t consumed; /* bytes of the input, with the line end */
	const char *why; /* NULL: sound */
};

/* The separator that stands most often in the first line, outside of quotes. */
static char separator_of(const unsigned char *at, size_t len)
{
	size_t commas = 0, semicolons = 0, tabs = 0;
	bool quoted = false;

	for (size_t i = 0; i < len && (quoted || at[i] != '\n'); i++) {
		quoted = quoted != (at[i] == '"');
		commas += !quoted && at[i] == ',';
		semicolons += !quoted && at[i] == ';';
		tabs += !quoted && at[i] == '\t';
	}
	if (semicolons > commas && semicolons >= tabs)
		return ';';
	return tabs > commas ? '\t' : ',';
}

/* By its mark, or by the NUL that every second byte of its ASCII is. */
static bool is_utf16(const unsigned char *at, size_t len)
{
	return len >= 4 &&
	       (!memcmp(at, "\xFF\xFE", 2) || !memcmp(at, "\xFE\xFF", 2) ||
		(!at[0] && at[1] && !at[2] && at[3]) || (at[0] && !at[1] && at[2] && !at[3]));
}

const char *csv_separator_text(char separator)
{
	return separator == ';' ? "semicolons" : separator == '\t' ? "tabs" : "commas";
}

struct csv *csv_open(struct stock_input *in, TALLOC_CTX *mem, struct err *e)
{
	struct csv *csv = talloc_zero(mem, struct csv);
	const unsigned char *at;
	size_t len = stock_input_look(in, &at, CSV_ROW_MOST);

	if (len >= 3 && !memcmp(at, "\xEF\xBB\xBF", 3)) {
		stock_input_skip(in, 3);
		len = stock_input_look(in, &at, CSV_ROW_MOST);
	}
	if (is_utf16(at, len)) {
		talloc_free(csv);
		err_set(e, ERR_DELIVERY,
			"the file is UTF-16, expected UTF-8 or CP1252 (a spreadsheet saves it as \"CSV UTF-8\")");
		return NULL;
	}
	csv->in = in;
	csv->cut = talloc_zero(csv, struct csv_cut);
	csv->separator = separator_of(at, len);
	csv->cp1252 = code_table_new(PAGE_CP1252, csv, e);
	if (!csv->cp1252) {
		talloc_free(csv);
		return NULL;
	}
	return csv;
}

static void begin_field(struct csv_cut *cut)
{
	if (cut->count == CSV_FIELDS_MOST)
		cut->why = "more than 256 fields";
	else
		cut->starts[cut->count++] = cut->used;
}

/* From the opening quote to behind the closing one; SIZE_MAX if it is not there. */
static size_t cut_quoted(struct csv_cut *cut, const unsigned char *at, size_t i, size_t len)
{
	for (i++; i < len; i++) {
		if (at[i] == '"' && (i + 1 >= len || at[i + 1] != '"'))
			return i + 1;
		if (at[i] == '"')
			i++;
		cut->text[cut->used++] = (char)at[i];
	}
	return SIZE_MAX;
}

static size_t line_end(const unsigned char *at, size_t i, size_t len)
{
	while (i < len && at[i] != '\n' && at[i] != '\r')
		i++;
	return i;
}

static size_t behind_line_end(const unsigned char *at, size_t i, size_t len)
{
	if (i < len && at[i] == '\r')
		i++;
	if (i < len && at[i] == '\n')
		i++;
	return i;
}

/* Give the row up and go on with the next line. */
static void give_up(struct csv_cut *cut, const unsigned char *at, size_t len, const char *why)
{
	cut->why = why;
	cut->consumed = behind_line_end(at, line_end(at, 0, len), len);
}

/* One field from i on; returns where it ended. */
static size_t cut_field(struct csv_cut *cut, const unsigned char *at, size_t i, size_t len,
			char separator)
{
	begin_field(cut);
	if (i < len && at[i] == '"') {
		i = cut_quoted(cut, at, i, len);
		if (i == SIZE_MAX) {
			give_up(cut, at, len, "a quote is opened and never closed");
			return i;
		}
	}
	for (; i < len && at[i] != (unsigned char)separator && at[i] != '\n' && at[i] != '\r'; i++)
		cut->text[cut->used++] = (char)at[i];
	cut->text[cut->used++] = '\0';
	return i;
}

static void cut_row(struct csv_cut *cut, const unsigned char *at, size_t len, char separator)
{
	size_t i = 0;

	cut->used = cut->count = 0;
	cut->why = NULL;
	for (;;) {
		i = cut_field(cut, at, i, len, separator);
		if (i == SIZE_MAX)
			return;
		if (i >= len || at[i] != (unsigned char)separator)
			break;
		i++;
	}
	cut->consumed = behind_line_end(at, i, len);
	if (i >= len && len >= CSV_ROW_MOST)
		give_up(cut, at, len, "a row of more than 65536 bytes");
	if (!cut->why && memchr(at, '\0', i))
		cut->why = "a NUL byte";
}

/* Control characters are no part of any field; a line end in quotes may be. Says whether there were some. */
static bool blank_controls(char *text)
{
	bool any = false;

	for (; *text; text++) {
		if (((unsigned char)*text >= 0x20 || strchr("\t\r\n", *text)) && *text != 0x7F)
			continue;
		*text = ' ';
		any = true;
	}
	return any;
}

bool csv_has_control(const struct csv_row *row, size_t field)
{
	char *text;
	bool any;

	if (row->controls[field])
		return true;
	text = text_trimmed(row->fields[field], NULL);
	any = strpbrk(text, "\t\r\n") != NULL;
	talloc_free(text);
	return any;
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

static char *field_text(struct csv *csv, char *text, TALLOC_CTX *mem)
{
	char *utf8;

	if (text_valid_utf8(text, strlen(text))) {
		csv->code_pages |= is_ascii(text) ? 0 : 1u << PAGE_UTF8;
		return talloc_strdup(mem, text);
	}
	csv->code_pages |= 1u << PAGE_CP1252;
	utf8 = code_table_text(csv->cp1252, (const unsigned char *)text, strlen(text), mem);
	return utf8 ? utf8 : talloc_strdup(mem, "");
}

static void skip_empty_lines(struct csv *csv)
{
	const unsigned char *at;

	while (stock_input_look(csv->in, &at, 1) > 0 && (*at == '\n' || *at == '\r'))
		stock_input_skip(csv->in, 1);
}

/* A line longer than a row may be: leave the rest of it out too. */
static void skip_line(struct csv *csv)
{
	const unsigned char *at;
	size_t len, end;

	while ((len = stock_input_look(csv->in, &at, 1)) > 0) {
		end = line_end(at, 0, len);
		stock_input_skip(csv->in, end);
		if (end < len)
			return;
	}
}

enum csv_reading csv_next(struct csv *csv, struct csv_row *row, char **why, TALLOC_CTX *mem)
{
	struct csv_cut *cut = csv->cut;
	const unsigned char *at;
	size_t len;
	bool long_line;

	skip_empty_lines(csv);
	len = stock_input_look(csv->in, &at, CSV_ROW_MOST);
	if (len == 0)
		return CSV_END;
	if (len > CSV_ROW_MOST)
		len = CSV_ROW_MOST;
	csv->row++;
	cut_row(cut, at, len, csv->separator);
	long_line = cut->consumed == len && at[len - 1] != '\n' && at[len - 1] != '\r';
	stock_input_skip(csv->in, cut->consumed);
	if (long_line)
		skip_line(csv);
	if (cut->why) {
		*why = talloc_strdup(mem, cut->why);
		return CSV_BAD;
	}
	row->count = cut->count;
	row->fields = talloc_array(mem, char *, cut->count);
	row->controls = talloc_array(mem, bool, cut->count);
	for (size_t i = 0; i < cut->count; i++) {
		row->controls[i] = blank_controls(cut->text + cut->starts[i]);
		row->fields[i] = field_text(csv, cut->text + cut->starts[i], mem);
	}
	return CSV_READ;
}

static void print_field(FILE *out, const char *field)
{
	if (!field)
		return;
	if (!strpbrk(field, ",\"\r\n")) {
		fputs(field, out);
		return;
	}
	fputc('"', out);
	for (; *field; field++) {
		if (*field == '"')
			fputc('"', out);
		fputc(*field, out);
	}
	fputc('"', out);
}

void csv_print_row(FILE *out, const char *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			fputc(',', out);
		print_field(out, fields[i]);
	}
	fputc('\n', out);
}
