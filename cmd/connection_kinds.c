/*
 * connection_kinds.c -- an insurer does not say what he delivers and what still comes by post alone. What he has never
 * delivered can be seen, and asked him.
 */
#include "cmd/connection_kinds.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cmd/app.h"
#include "ingest/connection.h"
#include "model/business_case.h"

struct kinds {
	int documents[CLASSES];
	const char *last[CLASSES]; /* RFC 3339; NULL: never */
};

static void count(struct kinds *kinds, const struct rows *rows, int i)
{
	enum business_class class =
		business_class_of(rows_text(rows, i, "business_case"),
				  rows_text(rows, i, "category"), rows_text(rows, i, "kind"));
	const char *last = rows_text(rows, i, "last");

	kinds->documents[class] += (int)rows_int(rows, i, "documents");
	if (!kinds->last[class] || strcmp(kinds->last[class], last) < 0)
		kinds->last[class] = last;
}

static void print(const struct kinds *kinds, struct invocation *in)
{
	static const char *const heads[] = { "kind", "means", "documents", "last" };
	struct listing *list = listing_new(in->mem, sizeof heads / sizeof *heads, heads);
	const char *never = in->output == OUTPUT_TABLE ? "never" : NULL;

	listing_numbers(list, 2, 2);
	for (int class = 0; class < CLASSES; class ++)
		listing_row(list, (const char *const[]){
					  business_class_text((enum business_class) class),
					  business_class_in_english((enum business_class) class),
					  talloc_asprintf(in->mem, "%d", kinds->documents[class]),
					  kinds->last[class] ? kinds->last[class] : never });
	listing_print(list, in->output, in->out);
}

int connection_kinds_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct kinds kinds = { 0 };
	struct connection *c;
	struct rows *rows;

	if (!app || !connection_load(&c, app->db, app->conf->broker, in->word[0], in->mem, e) ||
	    !db_call(app->db, SQL_connection_kinds, &rows, in->mem, e, c->broker, c->name))
		return EX_SOFTWARE;
	for (int i = 0; i < rows_count(rows); i++)
		count(&kinds, rows, i);
	print(&kinds, in);
	return EX_OK;
}
