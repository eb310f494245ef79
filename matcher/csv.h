/*
 * csv.h -- RFC 4180: rows of fields, quotes, line ends inside quotes. Also the semicolons of German
 * spreadsheets and tabs, a byte order mark, and CP1252 where the bytes are no UTF-8.
 */
#ifndef MATCHER_CSV_H
#define MATCHER_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <talloc.h>

#include "base/err.h"
#include "matcher/gdv_text.h"
#include "matcher/stock_input.h"

#define CSV_ROW_MOST    (64 * 1024) /* bytes */
#define CSV_FIELDS_MOST 256

struct csv {
	struct stock_input *in;
	char separator;      /* told from the first line: , ; or tab */
	uint64_t row;        /* of the last one, from 1; empty lines are no rows */
	struct csv_cut *cut; /* room for one row, used again and again */
	struct code_table *cp1252;
	unsigned code_pages; /* bits of enum code_page found so far */
};

struct csv_row {
	char **fields;  /* UTF-8, child of the caller's context; control characters are blanks */
	bool *controls; /* of each field: there were some, other than tabs and line ends */
	size_t count;
};

const char *csv_separator_text(char separator); /* "commas" */

enum csv_reading { CSV_READ, CSV_BAD, CSV_END };

/* Skips a byte order mark and tells the separator. Child of mem. Fails ERR_DELIVERY (UTF-16), ERR_SETUP (iconv). */
struct csv *csv_open(struct stock_input *in, TALLOC_CTX *mem, struct err *e);

/* The next row, children of mem. CSV_BAD: it was skipped, *why is a sentence, child of mem. After a quote that is
 * never closed, reading goes on with the line after the one that opened it. */
enum csv_reading csv_next(struct csv *csv, struct csv_row *row, char **why, TALLOC_CTX *mem);

/* Is there a control character inside this field, a tab or a line end included? Then it is no number and no id. */
bool csv_has_control(const struct csv_row *row, size_t field);

/* One row, quoted where needed, ended by LF. NULL is an empty field. */
void csv_print_row(FILE *out, const char *const *fields, size_t count);

#endif
