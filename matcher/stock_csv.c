#include "matcher/stock_csv.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "matcher/csv.h"
#include "matcher/csv_mapping.h"
#include "matcher/stock_fields.h"
#include "matcher/stock_id.h"
#include "matcher/stock_index.h"

enum column {
	CONTRACT_ID,
	VU,
	NUMBER,
	PRINTED_NUMBER,
	OTHER_NUMBERS,
	LINE,
	START,
	END,
	CUSTOMER_ID,
	NAME,
	FIRST_NAME,
	BIRTH_DATE,
	POSTCODE,
	PLATE,
	APPLICATION_NUMBER,
};

struct table {
	struct csv *csv;
	size_t width;          /* fields of the head */
	int at[STOCK_COLUMNS]; /* index of our column in a row, -1: not there */
	struct stock_set *ids; /* contract ids seen */
	const struct stock_sink *sink;
	struct stock_counts *counts;
	TALLOC_CTX *row; /* freed after each row */
};

static bool report(struct table *table, bool skipped, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Returns false, so that a row that cannot be used can `return report(...)`. */
static bool report(struct table *table, bool skipped, const char *format, ...)
{
	va_list args;
	char *sentence;

	va_start(args, format);
	sentence = talloc_vasprintf(table->row, format, args);
	va_end(args);
	table->counts->problems++;
	if (skipped)
		table->counts->skipped++;
	table->sink->problem(table->sink->self, table->csv->row, skipped, sentence);
	return false;
}

static bool same_head(const char *theirs, const char *wanted, TALLOC_CTX *mem)
{
	return text_equal_nocase(text_trimmed(theirs, mem), wanted);
}

static bool find_column(struct table *table, const struct csv_row *head,
			const struct csv_mapping *mapping, int column, struct err *e)
{
	const char *theirs = csv_mapping_theirs(mapping, stock_columns[column]);
	const char *wanted = theirs ? theirs : stock_columns[column];

	table->at[column] = -1;
	for (size_t i = 0; i < head->count; i++) {
		if (!same_head(head->fields[i], wanted, table->row))
			continue;
		if (table->at[column] >= 0)
			return err_set(e, ERR_DELIVERY, "the head holds \"%s\" twice", wanted);
		table->at[column] = (int)i;
	}
	if (table->at[column] < 0 && theirs)
		return err_set(e, ERR_DELIVERY,
			       "the mapping names a column that the head does not hold: \"%s\"",
			       theirs);
	return true;
}

static bool read_head(struct table *table, const struct csv_mapping *mapping, struct err *e)
{
	struct csv_row head;
	char *why;
	enum csv_reading reading = csv_next(table->csv, &head, &why, table->row);

	if (reading == CSV_END)
		return err_set(e, ERR_DELIVERY, "the file is empty, expected GDV records or CSV");
	if (reading == CSV_BAD)
		return err_set(e, ERR_DELIVERY, "neither GDV records nor CSV: the first row has %s",
			       why);
	table->width = head.count;
	for (int column = 0; column < STOCK_COLUMNS; column++)
		if (!find_column(table, &head, mapping, column, e))
			return false;
	if (table->at[VU] < 0 || table->at[NUMBER] < 0)
		return err_set(e, ERR_DELIVERY,
			       "neither GDV records nor CSV with our head: it lacks the column %s"
			       " (a mapping file can name it)",
			       table->at[VU] < 0 ? "vu" : "number");
	return true;
}

/* A field without white space at its ends, child of the contract; NULL if the column is missing or it is empty. */
static char *field(const struct table *table, const struct csv_row *row, enum column column,
		   struct contract *c)
{
	const char *text = table->at[column] < 0 ? NULL : row->fields[table->at[column]];

	return text_empty(text) ? NULL : text_trimmed(text, c);
}

static char *date_field(struct table *table, const struct csv_row *row, enum column column,
			struct contract *c)
{
	char *iso;

	if (stock_date(&iso, field(table, row, column, c), c) == DATE_WRONG)
		report(table, false, "%s is no date, taken as unknown", stock_columns[column]);
	return iso;
}

static char *line_field(struct table *table, const struct csv_row *row, struct contract *c)
{
	char *text = field(table, row, LINE, c);
	char *line = stock_line(text, c);

	if (!line && !stock_blank(text))
		report(table, false, "line is no number of three digits, taken as unknown");
	return line;
}

static void others_field(const struct table *table, const struct csv_row *row, struct contract *c)
{
	char *rest = field(table, row, OTHER_NUMBERS, c), *one;

	while (rest && (one = strsep(&rest, "|")))
		if (!text_empty(one))
			contract_add_other(c, text_trimmed(one, c));
}

static void fill(struct table *table, const struct csv_row *row, struct contract *c)
{
	c->vu = stock_vu(field(table, row, VU, c), c);
	c->number = field(table, row, NUMBER, c);
	c->printed_number = field(table, row, PRINTED_NUMBER, c);
	others_field(table, row, c);
	c->line = line_field(table, row, c);
	c->start = date_field(table, row, START, c);
	c->end = date_field(table, row, END, c);
	c->name = field(table, row, NAME, c);
	c->first_name = field(table, row, FIRST_NAME, c);
	c->birth_date = date_field(table, row, BIRTH_DATE, c);
	c->postcode = field(table, row, POSTCODE, c);
	c->plate = field(table, row, PLATE, c);
	c->application_number = field(table, row, APPLICATION_NUMBER, c);
}

/* What makes a row a contract: an insurer, and a number that it can be found by. */
static bool complete(struct table *table, const struct csv_row *row, struct contract *c)
{
	c->contract_id = field(table, row, CONTRACT_ID, c);
	if (!c->vu)
		return report(table, true, "vu is empty");
	if (!c->number && !c->printed_number && !c->application_number && !c->other_count)
		return report(table, true, "no number of any kind");
	if (!c->contract_id && !c->number)
		return report(table, true, "neither contract_id nor number");
	if (!c->contract_id)
		c->contract_id = contract_id_make(c, TOLD_BY_NUMBER, c);
	c->customer_id = field(table, row, CUSTOMER_ID, c);
	if (!c->customer_id)
		c->customer_id = customer_pseudonym(c, c);
	return true;
}

static bool take_row(struct table *table, const struct csv_row *row, struct err *e)
{
	struct contract *c = talloc_zero(table->row, struct contract);

	if (row->count != table->width) {
		report(table, true, "%zu fields, expected %zu as in the head", row->count,
		       table->width);
		return true;
	}
	fill(table, row, c);
	if (!complete(table, row, c))
		return true;
	if (!stock_set_add(table->ids, c->contract_id)) {
		report(table, true, "the contract_id stands in an earlier row");
		return true;
	}
	table->counts->contracts++;
	return table->sink->contract(table->sink->self, c, e);
}

static bool read_rows(struct table *table, struct err *e)
{
	enum csv_reading reading;
	struct csv_row row;
	bool ok = true;
	char *why;

	talloc_free_children(table->row);
	while (ok && (reading = csv_next(table->csv, &row, &why, table->row)) != CSV_END) {
		table->counts->records++;
		if (reading == CSV_BAD)
			report(table, true, "%s", why);
		else
			ok = take_row(table, &row, e);
		talloc_free_children(table->row);
	}
	table->counts->code_pages |= table->csv->code_pages;
	return ok;
}

bool stock_csv_read(struct stock_input *in, const struct csv_mapping *mapping,
		    const struct stock_sink *sink, struct stock_counts *counts, struct err *e)
{
	struct table table = { .sink = sink, .counts = counts };
	bool ok;

	table.csv = csv_open(in, in, e);
	if (!table.csv)
		return false;
	table.row = talloc_new(table.csv);
	table.ids = stock_set_new(table.csv);
	ok = read_head(&table, mapping, e) && read_rows(&table, e);
	talloc_free(table.csv);
	return ok && stock_input_check(in, e);
}
