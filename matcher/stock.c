#include "matcher/stock.h"

#include <string.h>

#include "base/text.h"
#include "matcher/csv.h"
#include "matcher/gdv.h"
#include "matcher/gdv_record.h"
#include "matcher/gdv_text.h"
#include "matcher/stock_csv.h"
#include "matcher/stock_input.h"

const char *const stock_columns[] = {
	"contract_id", "vu",         "number",   "printed_number", "other_numbers",
	"line",        "start",      "end",      "customer_id",    "name",
	"first_name",  "birth_date", "postcode", "plate",          "application_number",
	NULL,
};
_Static_assert(sizeof(stock_columns) / sizeof(stock_columns[0]) == STOCK_COLUMNS + 1, "columns");

bool stock_read(FILE *in, const struct csv_mapping *mapping, const struct stock_sink *sink,
		struct stock_counts *counts, struct err *e)
{
	struct stock_input *input = stock_input_new(in, NULL);
	const unsigned char *at;
	size_t len = stock_input_look(input, &at, GDV_RECORD);
	size_t mark = len >= 3 && !memcmp(at, "\xEF\xBB\xBF", 3) ? 3 : 0;
	bool ok;

	*counts = (struct stock_counts){ 0 };
	counts->format = gdv_looks_like(at + mark, len - mark) ? STOCK_GDV : STOCK_CSV;
	stock_input_skip(input, mark);
	if (counts->format == STOCK_GDV)
		ok = gdv_read(input, sink, counts, e);
	else
		ok = stock_csv_read(input, mapping, sink, counts, e);
	talloc_free(input);
	return ok;
}

bool stock_whole(const struct stock_counts *counts)
{
	return !counts->skipped && !counts->refused && !counts->incomplete;
}

char *stock_code_pages(const struct stock_counts *counts, TALLOC_CTX *mem)
{
	char *names = talloc_strdup(mem, "");

	for (unsigned page = 0; page < PAGES; page++)
		if (counts->code_pages & (1u << page))
			names = talloc_asprintf_append_buffer(names, "%s%s", *names ? ", " : "",
							      code_page_name((enum code_page)page));
	return *names ? names : talloc_strdup_append_buffer(names, code_page_name(PAGE_ASCII));
}

void stock_print_head(FILE *out)
{
	csv_print_row(out, stock_columns, STOCK_COLUMNS);
}

void stock_print(const struct contract *c, FILE *out)
{
	char *others = talloc_strdup(NULL, "");

	for (size_t i = 0; i < c->other_count; i++)
		others = talloc_asprintf_append_buffer(others, "%s%s", i ? "|" : "",
						       c->other_numbers[i]);
	csv_print_row(out,
		      (const char *const[]){ c->contract_id, c->vu, c->number, c->printed_number,
					     others, c->line, c->start, c->end, c->customer_id,
					     c->name, c->first_name, c->birth_date, c->postcode,
					     c->plate, c->application_number },
		      STOCK_COLUMNS);
	talloc_free(others);
}

const char *stock_end(const struct contract *c, enum stock_format format)
{
	if (format == STOCK_GDV && !c->cancelled && !text_equal(c->line, "010"))
		return NULL;
	return c->end;
}

char *stock_problem_field(const char *sentence, TALLOC_CTX *mem)
{
	const char *open = strchr(sentence, '('), *close = open ? strchr(open, ')') : NULL;
	size_t len;

	if (close && memmem(open, (size_t)(close - open), "field", strlen("field")))
		return talloc_strndup(mem, open + 1, (size_t)(close - open) - 1);
	if (!strncmp(sentence, "the ", 4))
		sentence += 4;
	len = strcspn(sentence, " :");
	for (size_t i = 0; stock_columns[i]; i++)
		if (strlen(stock_columns[i]) == len && !strncmp(sentence, stock_columns[i], len))
			return talloc_strdup(mem, stock_columns[i]);
	return NULL;
}
