/* listing.c -- lists for people (aligned), for machines (JSON) and for spreadsheets (CSV). */
#include <jansson.h>
#include <string.h>
#include <utf8proc.h>

#include "base/command.h"

struct listing {
	int columns;
	const char *const *heads;
	char ***rows;
	size_t count;
};

struct listing *listing_new(TALLOC_CTX *mem, int columns, const char *const *heads)
{
	struct listing *list = talloc_zero(mem, struct listing);

	list->columns = columns;
	list->heads = heads;
	list->rows = talloc_array(list, char **, 0);
	return list;
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
		int pad = i + 1 < list->columns ? width[i] - shown_width(cell) + 2 : 0;

		fprintf(out, "%s%*s", cell, pad, "");
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

static void print_json(const struct listing *list, FILE *out)
{
	json_t *all = json_array();

	for (size_t r = 0; r < list->count; r++) {
		json_t *row = json_object();

		for (int i = 0; i < list->columns; i++) {
			const char *cell = list->rows[r][i];

			json_object_set_new(row, list->heads[i],
					    cell ? json_string(cell) : json_null());
		}
		json_array_append_new(all, row);
	}
	json_dumpf(all, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(all);
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
		print_json(list, out);
	} else if (how == OUTPUT_CSV) {
		csv_line(list->columns, list->heads, out);
		for (size_t r = 0; r < list->count; r++)
			csv_line(list->columns, (const char *const *)list->rows[r], out);
	} else {
		print_table(list, out);
	}
}
