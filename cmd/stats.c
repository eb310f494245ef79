/* stats.c -- `vorpost stats`: what came, where it went, what waits and why. */
#include "model/verdict.h"

#include <string.h>
#include <sysexits.h>

#include "cmd/app.h"
#include "cmd/commands.h"

#define COLUMNS_MOST 16

/* A query with one parameter, the broker, printed as it comes. Returns how many rows, -1 on error. */
static int query_print(struct invocation *in, struct app *app, enum sql statement, int columns,
		       const char *const *heads, struct err *e)
{
	struct listing *list = listing_new(in->mem, columns, heads);
	struct rows *rows;

	if (!db_call(app->db, statement, &rows, in->mem, e, app->conf->broker))
		return -1;
	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[COLUMNS_MOST];

		for (int c = 0; c < columns; c++)
			cells[c] = rows_text(rows, i, heads[c]);
		listing_row(list, cells);
	}
	if (rows_count(rows))
		listing_print(list, in->output, in->out);
	return rows_count(rows);
}

static const char *reason_words(const char *stored)
{
	for (int r = 0; r < REASONS; r++)
		if (!strcmp(reason_text((enum reason)r), stored))
			return reason_in_words((enum reason)r);
	return "";
}

static bool reasons_print(struct invocation *in, struct app *app, struct err *e)
{
	static const char *const heads[] = { "connection", "reason", "documents", "in words" };
	struct listing *list = listing_new(in->mem, 4, heads);
	struct rows *rows;

	if (!db_call(app->db, SQL_stats_reasons, &rows, in->mem, e, app->conf->broker))
		return false;
	for (int i = 0; i < rows_count(rows); i++)
		listing_row(list,
			    (const char *const[]){ rows_text(rows, i, "connection"),
						   rows_text(rows, i, "reason"),
						   rows_text(rows, i, "documents"),
						   reason_words(rows_text(rows, i, "reason")) });
	if (rows_count(rows))
		listing_print(list, in->output, in->out);
	else if (in->output == OUTPUT_TABLE)
		fprintf(in->out, "nothing waits\n");
	return true;
}

static void title(const struct invocation *in, const char *text)
{
	if (in->output == OUTPUT_TABLE)
		fprintf(in->out, "\n%s\n\n", text);
}

static int stats_run(struct invocation *in, struct err *e)
{
	static const char *const connections[] = { "connection",   "shipments",  "stored", "exact",
						   "picture",      "alias",      "person", "queued",
						   "acknowledged", "quarantined" };
	static const char *const events[] = { "type", "events", "numbered" };
	static const char *const endpoints[] = { "endpoint", "state", "delivered", "behind" };
	struct app *app = app_open(in, APP_DATABASE, e);
	const char *what = in->words ? in->word[0] : NULL;

	if (!app)
		return EX_SOFTWARE;
	if (!what || !strcmp(what, "connections")) {
		title(in, "Shipments, and documents filed by tier");
		query_print(in, app, SQL_stats_connections, 10, connections, e);
	}
	if (!what || !strcmp(what, "queue")) {
		title(in, "Documents that wait for a person");
		reasons_print(in, app, e);
	}
	if (!what || !strcmp(what, "events")) {
		title(in, "Events");
		query_print(in, app, SQL_stats_events, 3, events, e);
	}
	if (!what || !strcmp(what, "endpoints")) {
		title(in, "Endpoints");
		query_print(in, app, SQL_stats_endpoints, 4, endpoints, e);
	}
	return EX_OK;
}

const struct command stats_commands[] = {
	{ "stats", "[connections|queue|events|endpoints]", 0, 1, NULL,
	  "what came, where it went, what waits", stats_run },
	{ 0 },
};
