#include "matcher/stock_csv.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "matcher/csv.h"
#include "matcher/csv_mapping.h"
#include "matcher/stock_apart.h"
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
	struct stock_input *in;
	const struct csv_mapping *mapping;
	struct csv *csv;
	size_t width;          /* fields of the head */
	int at[STOCK_COLUMNS]; /* index of our column in a row, -1: not there */
	bool looking;          /* before anything is taken: nothing is told */
	struct stock_apart *apart;
	struct stock_set *ids; /* contract ids seen */
	const struct stock_sink *sink;
	struct stock_counts *counts;
	TALLOC_CTX *row; /* freed after each row */
	char *refused;   /* of the row: what is wrong with its numbers; NULL: nothing */
};

static bool report(struct table *table, bool skipped, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Returns false, so that a row that cannot be used can `return report(...)`. */
static bool report(struct table *table, bool skipped, const char *format, ...)
{
	va_list args;
	char *sentence;

	if (table->looking)
		return false;
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

static bool find_column(struct table *table, const struct csv_row *head, int column, struct err *e)
{
	const char *theirs = csv_mapping_theirs(table->mapping, stock_columns[column]);
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

/* A character that stands between words of a head and is none of ours; 0: there is none. */
static char foreign_separator(const char *head)
{
	const char *found = strpbrk(head, "|#~^!");

	return found ? *found : '\0';
}

/* What the first row looks like. Its words are not said: without a head, they are somebody's. */
static bool lacks_column(const struct table *table, const struct csv_row *head, struct err *e)
{
	const char *column = stock_columns[table->at[VU] < 0 ? VU : NUMBER];
	char *ours = talloc_strdup(table->row, "");

	for (int i = 0; i < STOCK_COLUMNS; i++)
		if (table->at[i] >= 0)
			ours = talloc_asprintf_append(ours, "%s%s", *ours ? ", " : "",
						      stock_columns[i]);
	return err_set(
		e, ERR_DELIVERY,
		"neither GDV records nor CSV with our head: read with %s, the first row has %zu fields, of which"
		" ours are: %s; it lacks the column %s (a mapping file can name it)",
		csv_separator_text(table->csv->separator), head->count, *ours ? ours : "none",
		column);
}

static bool another_separator(const struct csv_row *head, struct err *e)
{
	char other = head->count == 1 ? foreign_separator(head->fields[0]) : '\0';

	return other &&
	       !err_set(
		       e, ERR_DELIVERY,
		       "neither GDV records nor CSV with our head: the first row is a single field with \"%c\" in it;"
		       " fields are separated by comma, semicolon or tab",
		       other);
}

static bool read_head(struct table *table, struct err *e)
{
	struct csv_row head;
	char *why;
	enum csv_reading reading = csv_next(table->csv, &head, &why, table->row);

	if (reading == CSV_END)
		return err_set(e, ERR_DELIVERY, "the file is empty, expected GDV records or CSV");
	if (reading == CSV_BAD)
		return err_set(e, ERR_DELIVERY, "neither GDV records nor CSV: the first row has %s",
			       why);
	if (another_separator(&head, e))
		return false;
	table->width = head.count;
	for (int column = 0; column < STOCK_COLUMNS; column++)
		if (!find_column(table, &head, column, e))
			return false;
	if (table->at[VU] < 0 || table->at[NUMBER] < 0)
		return lacks_column(table, &head, e);
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

/* A number that none can be is left out, and said. */
static char *usable(struct table *table, enum column column, char *number)
{
	const char *why = stock_number_refused(number);

	if (!why)
		return number;
	table->refused =
		talloc_asprintf(table->row, "%s%s%s %s", table->refused ? table->refused : "",
				table->refused ? ", " : "", stock_columns[column], why);
	if (!table->looking)
		table->counts->refused++;
	return NULL;
}

static char *number_field(struct table *table, const struct csv_row *row, enum column column,
			  struct contract *c)
{
	return usable(table, column, field(table, row, column, c));
}

static void others_field(struct table *table, const struct csv_row *row, struct contract *c)
{
	char *rest = field(table, row, OTHER_NUMBERS, c), *one;

	while (rest && (one = strsep(&rest, "|")))
		if (!text_empty(one))
			contract_add_other(c, usable(table, OTHER_NUMBERS, text_trimmed(one, c)));
}

static void fill(struct table *table, const struct csv_row *row, struct contract *c)
{
	table->refused = NULL;
	c->contract_id = field(table, row, CONTRACT_ID, c);
	c->vu = stock_vu(field(table, row, VU, c), c);
	c->number = number_field(table, row, NUMBER, c);
	c->printed_number = number_field(table, row, PRINTED_NUMBER, c);
	others_field(table, row, c);
	c->line = line_field(table, row, c);
	c->start = date_field(table, row, START, c);
	c->end = date_field(table, row, END, c);
	c->customer_id = field(table, row, CUSTOMER_ID, c);
	c->name = field(table, row, NAME, c);
	c->first_name = field(table, row, FIRST_NAME, c);
	c->birth_date = date_field(table, row, BIRTH_DATE, c);
	c->postcode = field(table, row, POSTCODE, c);
	c->plate = field(table, row, PLATE, c);
	c->application_number = number_field(table, row, APPLICATION_NUMBER, c);
}

/* A number in which something was left out or put in is another number; so is an id. */
static bool is_clean(struct table *table, const struct csv_row *row)
{
	static const enum column exact[] = {
		CONTRACT_ID,       VU, NUMBER, PRINTED_NUMBER, OTHER_NUMBERS, CUSTOMER_ID,
		APPLICATION_NUMBER
	};

	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		if (table->at[exact[i]] >= 0 && csv_has_control(row, (size_t)table->at[exact[i]]))
			return report(table, true, "%s holds a control character",
				      stock_columns[exact[i]]);
	return true;
}

/* What makes a row a contract: an insurer, and a number that it can be found by. */
static const char *lacks(const struct contract *c)
{
	if (!c->vu)
		return "vu is empty";
	if (!c->number && !c->printed_number && !c->application_number && !c->other_count)
		return "no number of any kind";
	if (!c->contract_id && !c->number)
		return "neither contract_id nor number";
	return NULL;
}

static bool complete(struct table *table, const struct contract *c)
{
	const char *why = lacks(c);

	if (table->refused && why)
		return report(table, true, "%s; %s", table->refused, why);
	if (why)
		return report(table, true, "%s", why);
	if (table->refused)
		report(table, false, "%s: the contract is taken without", table->refused);
	return true;
}

/* NULL if the row is none. Child of table->row. */
static struct contract *contract_of(struct table *table, const struct csv_row *row)
{
	struct contract *c = talloc_zero(table->row, struct contract);

	if (row->count != table->width) {
		report(table, true, "%zu fields, expected %zu as in the head", row->count,
		       table->width);
		return NULL;
	}
	if (!is_clean(table, row))
		return NULL;
	fill(table, row, c);
	return complete(table, c) ? c : NULL;
}

/*
 * Whose contract is it? What two customers share goes to neither: an id of the broker's is left out altogether, and where the id is
 * ours, each gets his own, so that both answer to the number and a document waits for a person.
 */
static bool is_his(struct table *table, struct contract *c)
{
	bool ours = !c->contract_id, disputed = stock_apart_disputed(table->apart, c);

	if (disputed && !ours)
		return report(table, true, "the contract_id stands in rows of different customers");
	if (stock_apart_repeated(table->apart, c))
		return report(table, true,
			      ours ? "the number stands in an earlier row, for the same customer"
				   : "the contract_id stands in an earlier row");
	if (disputed)
		report(table, false,
		       "the number stands in rows of different customers: each gets a contract, and documents wait for a person");
	if (ours)
		c->contract_id = contract_id_make(c, stock_apart_told_by(table->apart, c), c);
	if (!c->customer_id)
		c->customer_id = customer_pseudonym(c, c);
	return stock_set_add(table->ids, c->contract_id) ||
	       report(table, true, "the contract_id stands in an earlier row");
}

static bool take_row(struct table *table, const struct csv_row *row, struct err *e)
{
	struct contract *c = contract_of(table, row);

	if (!c || !is_his(table, c))
		return true;
	table->counts->contracts++;
	return table->sink->contract(table->sink->self, c, e);
}

/* From the head on. */
static bool begin(struct table *table, struct err *e)
{
	bool ok;

	talloc_free(table->csv);
	table->csv = csv_open(table->in, table->in, e);
	if (!table->csv)
		return false;
	table->row = talloc_new(table->csv);
	ok = read_head(table, e);
	talloc_free_children(table->row);
	return ok;
}

/* Look at all rows and go back. */
static bool look(struct table *table,
		 void (*at)(struct stock_apart *apart, const struct contract *contract),
		 struct err *e)
{
	const struct contract *c;
	enum csv_reading reading;
	struct csv_row row;
	char *why;

	table->looking = true;
	if (!begin(table, e))
		return false;
	while ((reading = csv_next(table->csv, &row, &why, table->row)) != CSV_END) {
		if (reading == CSV_READ && (c = contract_of(table, &row)))
			at(table->apart, c);
		talloc_free_children(table->row);
	}
	table->looking = false;
	return stock_input_check(table->in, e) && stock_input_again(table->in, e);
}

static bool read_rows(struct table *table, struct err *e)
{
	enum csv_reading reading;
	struct csv_row row;
	bool ok = true;
	char *why;

	while (ok && (reading = csv_next(table->csv, &row, &why, table->row)) != CSV_END) {
		table->counts->records++;
		if (reading == CSV_BAD)
			report(table, true, "%s", why);
		else
			ok = take_row(table, &row, e);
		talloc_free_children(table->row);
	}
	table->counts->code_pages |= table->csv->code_pages;
	return ok && stock_input_check(table->in, e);
}

bool stock_csv_read(struct stock_input *in, const struct csv_mapping *mapping,
		    const struct stock_sink *sink, struct stock_counts *counts, struct err *e)
{
	struct table table = { .in = in, .mapping = mapping, .sink = sink, .counts = counts };

	table.apart = stock_apart_new(in);
	table.ids = stock_set_new(in);
	return stock_input_keep(in, e) && look(&table, stock_apart_note, e) &&
	       (!stock_apart_again(table.apart) || look(&table, stock_apart_compare, e)) &&
	       begin(&table, e) && read_rows(&table, e);
}
