/* connection_breaches.c -- `vorpost connection breaches`: how an insurer's answers differ from the operator's schemas. */
#include "cmd/connection_breaches.h"

#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "ingest/connection.h"

#define SHOWN_MOST 200

static const char *const heads[] = { "element", "rule", "detail",     "answers",  "times",
				     "last_in", "line", "first_seen", "last_seen" };
#define HEADS (int)(sizeof heads / sizeof *heads)

static void breaches_print(const struct invocation *in, const struct rows *rows)
{
	struct listing *list = listing_new(in->mem, HEADS, heads);

	listing_numbers(list, 3, 4);
	listing_numbers(list, 6, 6);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *shipment = rows_text(rows, i, "shipment");
		const char *cells[HEADS];

		for (int c = 0; c < HEADS; c++)
			if (c != 5)
				cells[c] = text_shown(rows_text(rows, i, heads[c]), SHOWN_MOST,
						      in->mem);
		cells[5] = shipment ? text_shown(shipment, SHOWN_MOST, in->mem) : "(list)";
		listing_row(list, cells);
	}
	listing_print(list, in->output, in->out);
}

static bool forget(const struct invocation *in, struct app *app, struct err *e)
{
	struct rows *rows;

	if (!db_call(app->db, SQL_schema_forget, &rows, in->mem, e, app->conf->broker, in->word[0]))
		return false;
	if (!in->quiet)
		fprintf(in->out, "%s kinds of breaches forgotten; counting begins anew\n",
			rows_text(rows, 0, "forgotten"));
	return true;
}

int connection_breaches_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct connection *c;
	struct rows *rows;

	if (!app || !connection_load(&c, app->db, app->conf->broker, in->word[0], in->mem, e))
		return EX_SOFTWARE;
	if (invocation_option(in, "--forget"))
		return forget(in, app, e) ? EX_OK : EX_SOFTWARE;
	if (!db_call(app->db, SQL_schema_breaches, &rows, in->mem, e, app->conf->broker, c->name))
		return EX_SOFTWARE;
	if (!rows_count(rows) && in->output == OUTPUT_TABLE) {
		fprintf(in->out, "%s\n",
			*app->conf->schemas
				? "no breach was seen so far"
				: "nothing was looked at: the configuration names no `schemas:`");
		return EX_OK;
	}
	breaches_print(in, rows);
	return EX_OK;
}

const struct option_spec connection_breaches_options[] = {
	{ "--forget", NULL, "count anew: the insurer mended it, or the schemas are others now" },
	{ 0 },
};
