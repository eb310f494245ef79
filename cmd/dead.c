/* dead.c -- `vorpost events dead ...|discard`: what an endpoint refused until its schedule was over. */
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/row_list.h"
#include "events/cloudevent.h"

#define SHOWN_MOST 60
#define LINE_MOST  400

static int dead_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "endpoint",  "position",  "event_id", "type",
					     "lane",      "state",     "failures", "since",
					     "parked_at", "last_error" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	struct listing *list;

	if (!app || !db_call(app->db, SQL_dead_list, &rows, in->mem, e, app->conf->broker,
			     invocation_option(in, "--endpoint")))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	listing_numbers(list, 1, 1);
	listing_numbers(list, 6, 6);
	rows_list(list, rows, COLUMNS, heads, SHOWN_MOST, in);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

/* ---- show ---- */

static void shown_print(const struct invocation *in, const struct rows *rows)
{
	static const char *const names[] = { "endpoint",  "state",      "failures",   "since",
					     "parked_at", "settled_at", "last_error", "note" };

	for (int i = 0; i < rows_count(rows); i++)
		for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
			const char *text = rows_text(rows, i, names[n]);

			if (text)
				fprintf(in->out, "%-10s  %s\n", names[n],
					text_shown(text, LINE_MOST, in->mem));
		}
}

static bool nothing_parked(struct err *e)
{
	return err_set(e, ERR_MISSING, "no such event is parked; `vorpost events dead` shows them");
}

/* What it was, as a receiver gets it, and what became of it where; json: the CloudEvent alone. */
static int dead_show_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct outbox_event event;
	struct rows *rows = NULL;
	char *text;

	if (!app || !app_no_csv(in, e) ||
	    !db_call(app->db, SQL_dead_find, &rows, in->mem, e, app->conf->broker, in->word[0]))
		return EX_SOFTWARE;
	if (rows_count(rows) == 0)
		return nothing_parked(e), EX_SOFTWARE;
	event = outbox_event(rows, 0);
	text = cloudevent_text(&event, app->conf->source, in->mem, e);
	if (!text)
		return EX_SOFTWARE;
	if (in->output != OUTPUT_JSON)
		shown_print(in, rows);
	fprintf(in->out, "%s\n", text);
	return EX_OK;
}

/* ---- send, discard ---- */

static int dead_send_run(struct invocation *in, struct err *e)
{
	const char *endpoint = invocation_option(in, "--endpoint");
	bool all = invocation_option(in, "--all") != NULL;
	struct rows *rows = NULL;
	struct app *app;

	if (all == (in->word[0] != NULL) || (all && !endpoint)) {
		err_set(e, ERR_USAGE, "name one event, or --all with --endpoint NAME");
		return EX_USAGE;
	}
	if (!(app = app_open(in, APP_DATABASE, e)) ||
	    !db_call(app->db, SQL_dead_send, &rows, in->mem, e, app->conf->broker,
		     all ? NULL : in->word[0], endpoint))
		return EX_SOFTWARE;
	if (rows_count(rows) == 0)
		return nothing_parked(e), EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out, "%d will be sent again, once\n", rows_count(rows));
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
	if (rows_count(rows) == 0)
		return nothing_parked(e), EX_SOFTWARE;
	for (int i = 0; !in->quiet && i < rows_count(rows); i++)
		fprintf(in->out, "discarded at endpoint %s\n", rows_text(rows, i, "endpoint"));
	return EX_OK;
}

static const struct option_spec dead_options[] = {
	{ "--endpoint", "NAME", "only of this endpoint" },
	{ 0 },
};

static const struct option_spec send_options[] = {
	{ "--all", NULL, "all of the endpoint" },
	{ "--endpoint", "NAME", "only to this endpoint" },
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
	{ "events dead show", "ID", 1, 1, NULL, "one of them, and what the endpoint said",
	  dead_show_run },
	{ "events dead send", "[ID]", 0, 1, send_options,
	  "send one again, or all of an endpoint; out of order", dead_send_run },
	{ "events discard", "ID", 1, 1, discard_options, "let a parked event go", discard_run },
	{ 0 },
};
