/* dead.c -- `vorpost events dead|discard`: what an endpoint refused until its schedule was over. */
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"

#define SHOWN_MOST 60

static int dead_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "endpoint", "position",  "event_id",
					     "type",     "lane",      "failures",
					     "since",    "parked_at", "last_error" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	struct listing *list;

	if (!app || !db_call(app->db, SQL_dead_list, &rows, in->mem, e, app->conf->broker,
			     invocation_option(in, "--endpoint")))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	listing_numbers(list, 1, 1);
	listing_numbers(list, 5, 5);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[COLUMNS];

		for (int c = 0; c < COLUMNS; c++) {
			cells[c] = rows_text(rows, i, heads[c]);
			if (in->output == OUTPUT_TABLE && cells[c])
				cells[c] = text_shown(cells[c], SHOWN_MOST, in->mem);
		}
		listing_row(list, cells);
	}
	listing_print(list, in->output, in->out);
	return EX_OK;
}

static int discard_run(struct invocation *in, struct err *e)
{
	const char *note = invocation_option(in, "--note");
	struct rows *rows = NULL;
	struct app *app;

	if (!note || !*note)
		return err_set(e, ERR_USAGE, "--note is missing: say why the event may go"),
		       EX_USAGE;
	if (!(app = app_open(in, APP_DATABASE, e)) ||
	    !db_call(app->db, SQL_dead_discard, &rows, in->mem, e, app->conf->broker, in->word[0],
		     invocation_option(in, "--endpoint"), note))
		return EX_SOFTWARE;
	if (rows_count(rows) == 0) {
		err_set(e, ERR_MISSING,
			"no such event is parked; `vorpost events dead` shows them");
		return EX_SOFTWARE;
	}
	for (int i = 0; !in->quiet && i < rows_count(rows); i++)
		fprintf(in->out, "discarded at endpoint %s\n", rows_text(rows, i, "endpoint"));
	return EX_OK;
}

static const struct option_spec dead_options[] = {
	{ "--endpoint", "NAME", "only of this endpoint" },
	{ 0 },
};

static const struct option_spec discard_options[] = {
	{ "--note", "TEXT", "why; kept with it" },
	{ "--endpoint", "NAME", "only at this endpoint" },
	{ 0 },
};

const struct command dead_commands[] = {
	{ "events dead", "", 0, 0, dead_options, "events that an endpoint refused for good",
	  dead_list_run },
	{ "events discard", "ID", 1, 1, discard_options, "let a parked event go", discard_run },
	{ 0 },
};
