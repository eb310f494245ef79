#include "cmd/contracts_show.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/mandate.h"
#include "normalizers/key.h"

#define LIST_LIMIT 1000
#define LIST_MOST  100000
#define SHOWN_MOST 60

static const char *cell(const struct rows *rows, int row, const char *column, TALLOC_CTX *mem)
{
	const char *text = rows_text(rows, row, column);

	return text ? text_shown(text, SHOWN_MOST, mem) : NULL;
}

/* ---- list ---- */

static struct listing *contract_listing(const struct rows *rows, int count, TALLOC_CTX *mem)
{
	static const char *const heads[] = { "contract", "insurer",    "number",    "line",
					     "start",    "end",        "cancelled", "customer",
					     "name",     "first_name", "source",    "vanished" };
	struct listing *list = listing_new(mem, 12, heads);

	for (int i = 0; i < count; i++)
		listing_row(list,
			    (const char *const[]){
				    cell(rows, i, "contract_id", mem), cell(rows, i, "issuer", mem),
				    cell(rows, i, "number", mem), cell(rows, i, "line", mem),
				    rows_text(rows, i, "starts_on"), rows_text(rows, i, "ends_on"),
				    rows_bool(rows, i, "cancelled") ? "yes" : NULL,
				    cell(rows, i, "customer_id", mem), cell(rows, i, "name", mem),
				    cell(rows, i, "first_name", mem), cell(rows, i, "source", mem),
				    rows_text(rows, i, "vanished_at") });
	return list;
}

int contracts_list_run(struct invocation *in, struct err *e)
{
	const char *given = invocation_option(in, "--limit");
	uint64_t limit = LIST_LIMIT;
	struct rows *rows;
	struct app *app;
	int count;

	if (given && !text_option_u64(&limit, given, 1, LIST_MOST, "--limit", e))
		return EX_USAGE;
	if (!(app = app_open(in, APP_DATABASE, e)) ||
	    !db_call(app->db, SQL_contract_list, &rows, in->mem, e, app->conf->broker,
		     invocation_option(in, "--insurer"), invocation_option(in, "--customer"),
		     invocation_option(in, "--vanished") ? "t" : "f",
		     talloc_asprintf(in->mem, "%" PRIu64, limit + 1)))
		return EX_SOFTWARE;
	count = rows_count(rows);
	if ((uint64_t)count > limit)
		count = (int)limit;
	listing_print(contract_listing(rows, count, in->mem), in->output, in->out);
	if (count < rows_count(rows) && !in->quiet)
		fprintf(stderr, "there are more; --limit N shows up to %d\n", LIST_MOST);
	return EX_OK;
}

const struct option_spec contracts_list_options[] = {
	{ "--insurer", "ISSUER", "only contracts of this insurer" },
	{ "--customer", "ID", "only contracts of this customer" },
	{ "--vanished", NULL, "only those that a full delivery did not mention any more" },
	{ "--limit", "N", "at most so many; 1000" },
	{ NULL, NULL, NULL },
};

/* ---- show ---- */

static const char *const shown_columns[] = {
	"contract_id",    "issuer",      "vu",          "number",
	"printed_number", "line",        "starts_on",   "ends_on",
	"cancelled",      "customer_id", "name",        "first_name",
	"birth_date",     "postcode",    "plate",       "application_number",
	"broker_number",  "source",      "imported_at", "changed_at",
	"vanished_at",
};
#define SHOWN_COLUMNS (sizeof(shown_columns) / sizeof(shown_columns[0]))

static struct listing *facts_listing(const struct rows *rows, int row, const struct rows *notices,
				     TALLOC_CTX *mem)
{
	static const char *const heads[] = { "fact", "value" };
	struct listing *list = listing_new(mem, 2, heads);

	for (size_t i = 0; i < SHOWN_COLUMNS; i++) {
		const char *value = cell(rows, row, shown_columns[i], mem);

		if (!strcmp(shown_columns[i], "cancelled"))
			value = rows_bool(rows, row, "cancelled") ? "yes" : "no";
		if (value)
			listing_row(list, (const char *const[]){ shown_columns[i], value });
	}
	for (int i = 0; i < rows_count(notices); i++)
		listing_row(list,
			    (const char *const[]){ "mandate", mandate_words(notices, i, mem) });
	return list;
}

static struct listing *names_listing(const struct rows *rows, TALLOC_CTX *mem)
{
	static const char *const heads[] = { "key", "origin", "spelling", "since", "by" };
	struct listing *list = listing_new(mem, 5, heads);

	for (int i = 0; i < rows_count(rows); i++)
		listing_row(list, (const char *const[]){ cell(rows, i, "key", mem),
							 rows_text(rows, i, "origin"),
							 cell(rows, i, "spelling", mem),
							 rows_text(rows, i, "created_at"),
							 cell(rows, i, "created_by", mem) });
	return list;
}

static bool show_one(const struct invocation *in, const struct app *app, const struct rows *found,
		     int row, struct err *e)
{
	static const char *const members[] = { "contract", "names" };
	struct listing *lists[2];
	const char *id = rows_text(found, row, "contract_id");
	struct rows *names, *notices;

	if (!db_call(app->db, SQL_contract_names, &names, in->mem, e, app->conf->broker, id) ||
	    !db_call(app->db, SQL_mandate_notices, &notices, in->mem, e, app->conf->broker, NULL,
		     id, "false"))
		return false;
	lists[0] = facts_listing(found, row, notices, in->mem);
	lists[1] = names_listing(names, in->mem);
	if (in->output == OUTPUT_JSON) {
		listings_print_json(members, lists, 2, in->out);
		return true;
	}
	if (row > 0)
		fputc('\n', in->out);
	listing_print(lists[0], OUTPUT_TABLE, in->out);
	fputc('\n', in->out);
	listing_print(lists[1], OUTPUT_TABLE, in->out);
	return true;
}

int contracts_show_run(struct invocation *in, struct err *e)
{
	const char *word = in->word[0];
	struct reading reading;
	struct rows *found;
	struct app *app;

	key_read(&reading, NULL, NULL, word, strlen(word));
	if (!app_no_csv(in, e) || !(app = app_open(in, APP_DATABASE, e)) ||
	    !db_call(app->db, SQL_contract_show, &found, in->mem, e, app->conf->broker, word,
		     reading.state == KEY_MALFORMED ? "" : reading.clean.text))
		return EX_SOFTWARE;
	if (rows_count(found) == 0) {
		err_set(e, ERR_MISSING, "no contract has this id or answers to this number");
		return EX_NOINPUT;
	}
	for (int i = 0; i < rows_count(found); i++) {
		if (in->output == OUTPUT_JSON)
			fputs(i ? "," : "[", in->out);
		if (!show_one(in, app, found, i, e))
			return EX_SOFTWARE;
	}
	if (in->output == OUTPUT_JSON)
		fputs("]\n", in->out);
	return EX_OK;
}
