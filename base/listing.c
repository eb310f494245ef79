/* listing.c -- lists for people (aligned), for machines (JSON) and for spreadsheets (CSV). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/command.h"

struct listing {
	int columns;
	const char *const *heads;
	bool *numbers; /* which columns */
	char ***rows;
	size_t count;
};

struct listing *listing_new(TALLOC_CTX *mem, int columns, const char *const *heads)
{
	struct listing *list = talloc_zero(mem, struct listing);

	list->columns = columns;
	list->heads = heads;
	list->numbers = talloc_zero_array(list, bool, columns);
	list->rows = talloc_array(list, char **, 0);
	return list;
}

void listing_numbers(struct listing *list, int first, int last)
{
	for (int i = first; i <= last && i < list->columns; i++)
		list->numbers[i] = true;
}

void listing_row(struct listing *list, const char *const *cells)
{
	char **row = talloc_array(list, char *, list->columns);

	for (int i = 0; i < list->columns; i++)
		row[i] = cells[i] ? talloc_strdup(row, cells[i]) : NULL;
	if (list->count == talloc_array_length(list->rows))
		list->rows = talloc_realloc(list, list->rows, char **,
					    list->count ? list->count * 2 : 16);
	list->rows[list->count++] = row;
}

/* Columns on a terminal: code points, wide ones count twice. */
static int shown_width(const char *text)
{
	int width = 0;
	utf8proc_int32_t c;
	utf8proc_ssize_t n;

	for (; text && *text; text += n) {
		n = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &c);
		if (n < 1)
			n = 1;
		else
			width += utf8proc_charwidth(c);
	}
	return width;
}

static void table_line(const struct listing *list, const int *width, const char *const *cells,
		       FILE *out)
{
	for (int i = 0; i < list->columns; i++) {
		const char *cell = cells[i] ? cells[i] : "";
		int pad = width[i] - shown_width(cell);
		bool last = i + 1 == list->columns;

		if (list->numbers[i])
			fprintf(out, "%*s%s%s", pad, "", cell, last ? "" : "  ");
		else
			fprintf(out, "%s%*s", cell, last ? 0 : pad + 2, "");
	}
	fputc('\n', out);
}

static void print_table(const struct listing *list, FILE *out)
{
	int *width = talloc_zero_array(list, int, list->columns);

	for (int i = 0; i < list->columns; i++) {
		width[i] = shown_width(list->heads[i]);
		for (size_t r = 0; r < list->count; r++)
			if (shown_width(list->rows[r][i]) > width[i])
				width[i] = shown_width(list->rows[r][i]);
	}
	table_line(list, width, list->heads, out);
	for (size_t r = 0; r < list->count; r++)
		table_line(list, width, (const char *const *)list->rows[r], out);
	talloc_free(width);
}

/* Only what is a plain integer becomes a number, so that nothing is lost that is none. */
static json_t *json_cell(const char *cell, bool number)
{
	size_t digits = cell ? strspn(cell, "0123456789") : 0;

	if (!cell)
		return json_null();
	if (number && digits && digits <= 18 && !cell[digits])
		return json_integer(strtoll(cell, NULL, 10));
	return json_string(cell);
}

static json_t *rows_json(const struct listing *list)
{
	json_t *all = json_array();

	for (size_t r = 0; r < list->count; r++) {
		json_t *row = json_object();

		for (int i = 0; i < list->columns; i++)
			json_object_set_new(row, list->heads[i],
					    json_cell(list->rows[r][i], list->numbers[i]));
		json_array_append_new(all, row);
	}
	return all;
}

static void print_json(json_t *json, FILE *out)
{
	json_dumpf(json, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(json);
}

void listings_print_json(const char *const *names, struct listing *const *lists, int count,
			 FILE *out)
{
	json_t *all = json_object();

	for (int i = 0; i < count; i++)
		json_object_set_new(all, names[i], rows_json(lists[i]));
	print_json(all, out);
}

static void csv_cell(const char *cell, FILE *out)
{
	if (!cell)
		return;
	if (!strpbrk(cell, ",\"\r\n")) {
		fputs(cell, out);
		return;
	}
	fputc('"', out);
	for (; *cell; cell++) {
		if (*cell == '"')
			fputc('"', out);
		fputc(*cell, out);
	}
	fputc('"', out);
}

static void csv_line(int columns, const char *const *cells, FILE *out)
{
	for (int i = 0; i < columns; i++) {
		if (i)
			fputc(',', out);
		csv_cell(cells[i], out);
	}
	fputc('\n', out);
}

void listing_print(const struct listing *list, enum output how, FILE *out)
{
	if (how == OUTPUT_JSON) {
		print_json(rows_json(list), out);
	} else if (how == OUTPUT_CSV) {
		csv_line(list->columns, list->heads, out);
		for (size_t r = 0; r < list->count; r++)
			csv_line(list->columns, (const char *const *)list->rows[r], out);
	} else {
		print_table(list, out);
	}
}
