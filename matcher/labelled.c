#include "matcher/labelled.h"

#include <string.h>

#include "base/text.h"
#include "matcher/csv.h"
#include "matcher/stock_fields.h"
#include "matcher/stock_index.h"
#include "matcher/stock_input.h"

enum column {
	DOCUMENT_ID,
	VU,
	NUMBER,
	BUSINESS_CASE,
	LINE,
	DATE,
	NAME,
	FIRST_NAME,
	BIRTH_DATE,
	POSTCODE,
	PLATE,
	CLAIM_NUMBER,
	TRUTH,
	COLUMNS
};

static const struct {
	const char *name;
	bool needed;
} columns[COLUMNS] = {
	[DOCUMENT_ID] = { "document_id", true },
	[VU] = { "vu", true },
	[NUMBER] = { "number", true },
	[BUSINESS_CASE] = { "business_case", false },
	[LINE] = { "line", false },
	[DATE] = { "date", false },
	[NAME] = { "name", false },
	[FIRST_NAME] = { "first_name", false },
	[BIRTH_DATE] = { "birth_date", false },
	[POSTCODE] = { "postcode", false },
	[PLATE] = { "plate", false },
	[CLAIM_NUMBER] = { "claim_number", false },
	[TRUTH] = { "truth", true },
};

struct table {
	struct csv *csv;
	size_t width;
	int at[COLUMNS];         /* -1: not there */
	struct stock_index *ids; /* document ids seen */
	const struct labelled_sink *sink;
	TALLOC_CTX *row; /* freed after each row */
};

static void report(struct table *table, bool skipped, const char *sentence)
{
	table->sink->problem(table->sink->self, table->csv->row, skipped, sentence);
}

static bool read_head(struct table *table, struct err *e)
{
	struct csv_row head;
	char *why;

	switch (csv_next(table->csv, &head, &why, table->row)) {
	case CSV_END:
		return err_set(e, ERR_DELIVERY, "the file is empty, expected CSV with a head");
	case CSV_BAD:
		return err_set(e, ERR_DELIVERY, "no CSV: the first row has %s", why);
	case CSV_READ:
		break;
	}
	table->width = head.count;
	for (int column = 0; column < COLUMNS; column++) {
		table->at[column] = -1;
		for (size_t i = 0; i < head.count; i++) {
			if (!text_equal_nocase(text_trimmed(head.fields[i], table->row),
					       columns[column].name))
				continue;
			if (table->at[column] >= 0)
				return err_set(e, ERR_DELIVERY, "the head holds \"%s\" twice",
					       columns[column].name);
			table->at[column] = (int)i;
		}
		if (columns[column].needed && table->at[column] < 0)
			return err_set(e, ERR_DELIVERY, "the head lacks the column %s",
				       columns[column].name);
	}
	return true;
}

/* NULL if the column is missing or the field is empty. */
static char *field(const struct table *table, const struct csv_row *row, enum column column)
{
	const char *text = table->at[column] < 0 ? NULL : row->fields[table->at[column]];

	return text_empty(text) ? NULL : text_trimmed(text, table->row);
}

static char *date_field(struct table *table, const struct csv_row *row, enum column column)
{
	char *iso;

	if (stock_date(&iso, field(table, row, column), table->row) == DATE_WRONG)
		report(table, false,
		       column == DATE ? "date is no date, taken as unknown"
				      : "birth_date is no date, taken as unknown");
	return iso;
}

static void add_number(struct labelled *l, enum number_kind kind, char *value)
{
	static char path[] = "";

	if (value)
		l->numbers[l->transfer.number_count++] = (struct number){ kind, value, path };
}

static void fill(struct table *table, const struct csv_row *row, struct labelled *l)
{
	struct transfer *t = &l->transfer;

	l->document.size = 1; /* a document has bytes */
	l->document.created = date_field(table, row, DATE);
	l->shipment.id = l->document_id;
	t->documents = &l->document;
	t->document_count = 1;
	t->numbers = l->numbers;
	add_number(l, NUMBER_POLICY, field(table, row, NUMBER));
	add_number(l, NUMBER_CLAIM, field(table, row, CLAIM_NUMBER));
	t->insurer_vu = field(table, row, VU);
	t->business_case = field(table, row, BUSINESS_CASE);
	t->line = stock_line(field(table, row, LINE), table->row);
	t->plate = field(table, row, PLATE);
	t->party.surname = field(table, row, NAME);
	t->party.first_name = field(table, row, FIRST_NAME);
	t->party.birth_date = date_field(table, row, BIRTH_DATE);
	t->party.postcode = field(table, row, POSTCODE);
}

/* Blanked out, it would make another number, which a delivery with these bytes is not read as. */
static bool holds_control(const struct table *table, const struct csv_row *row)
{
	static const enum column exact[] = { DOCUMENT_ID, VU, NUMBER, CLAIM_NUMBER, TRUTH };

	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		if (table->at[exact[i]] >= 0 && row->controls[table->at[exact[i]]])
			return true;
	return false;
}

static bool take_row(struct table *table, const struct csv_row *row, struct err *e)
{
	struct labelled l = { 0 };
	const char *why = NULL;
	void **seen = NULL;

	if (row->count != table->width) {
		report(table, true, "not as many fields as the head");
		return true;
	}
	l.document_id = field(table, row, DOCUMENT_ID);
	l.truth = field(table, row, TRUTH);
	if (holds_control(table, row))
		why = "a number or an id holds a control character";
	else if (!l.document_id)
		why = "document_id is empty";
	else if (!l.truth)
		why = "truth is empty, expected a contract_id or review";
	else if (*(seen = stock_index_at(table->ids, l.document_id)))
		why = "the document_id stands in an earlier row";
	if (why) {
		report(table, true, why);
		return true;
	}
	*seen = table;
	if (!strcmp(l.truth, "review"))
		l.truth = NULL;
	fill(table, row, &l);
	return table->sink->document(table->sink->self, &l, e);
}

static bool read_rows(struct table *table, struct err *e)
{
	enum csv_reading reading;
	struct csv_row row;
	bool ok = true;
	char *why;

	talloc_free_children(table->row);
	while (ok && (reading = csv_next(table->csv, &row, &why, table->row)) != CSV_END) {
		if (reading == CSV_BAD)
			report(table, true, why);
		else
			ok = take_row(table, &row, e);
		talloc_free_children(table->row);
	}
	return ok;
}

bool labelled_read(FILE *file, const struct labelled_sink *sink, struct err *e)
{
	struct stock_input *in = stock_input_new(file, NULL);
	struct table table = { .sink = sink, .csv = csv_open(in, in, e) };
	bool ok = table.csv != NULL;

	if (ok) {
		table.row = talloc_new(table.csv);
		table.ids = stock_index_new(table.csv);
		ok = read_head(&table, e) && read_rows(&table, e) && stock_input_check(in, e);
	}
	talloc_free(in);
	return ok;
}
