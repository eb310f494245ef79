/* events.c -- `vorpost events ...`: what happened, as the receivers are told. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/role.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/relay.h"
#include "events/cloudevent.h"
#include "events/sequence.h"
#include "model/event.h"

#define LIST_LIMIT   "100"
#define LIST_MOST    100000
#define TAIL_BATCH   "500"
#define TAIL_IDLE_MS 250
#define SHOWN_MOST   60

/* ---- the words of the options ---- */

/* The option, checked and as text; `otherwise` if it was not given. */
static const char *number_option(const struct invocation *in, const char *name, uint64_t least,
				 uint64_t most, const char *otherwise, struct err *e)
{
	const char *given = invocation_option(in, name);
	uint64_t value;

	if (!given)
		return otherwise;
	return text_option_u64(&value, given, least, most, name, e) ? given : NULL;
}

/* Types and groups as SQL wants them; NULL if nothing was asked for. */
static bool types_option(const char **types, const struct invocation *in, struct err *e)
{
	const char *filter = invocation_option(in, "--type");
	char *array = NULL;

	if (filter && !event_types_array(&array, filter, in->mem, e))
		return false;
	*types = array;
	return true;
}

/* Without `vorpost serve` nobody else would have given the newest events their positions. */
static bool events_after(struct rows **rows, const struct app *app, const char *after,
			 const char *limit, const char *types, TALLOC_CTX *mem, struct err *e)
{
	return sequence_run(app->db, app->conf->broker, NULL, e) &&
	       db_call(app->db, SQL_event_after, rows, mem, e, app->conf->broker, after, limit,
		       types);
}

/* ---- list ---- */

static void events_table(const struct invocation *in, const struct rows *rows)
{
	static const char *const heads[] = { "position", "time", "type", "partitionkey", "id" };
	struct listing *list = listing_new(in->mem, sizeof heads / sizeof *heads, heads);

	for (int i = 0; i < rows_count(rows); i++) {
		const char *key = rows_text(rows, i, "aggregateid");

		if (in->output == OUTPUT_TABLE)
			key = text_shown(key, SHOWN_MOST, in->mem);
		listing_row(list, (const char *const[]){ rows_text(rows, i, "position"),
							 rows_text(rows, i, "occurred"),
							 rows_text(rows, i, "type"), key,
							 rows_text(rows, i, "id") });
	}
	listing_print(list, in->output, in->out);
}

static int events_list_run(struct invocation *in, struct err *e)
{
	const char *after = number_option(in, "--after", 0, INT64_MAX, "0", e);
	const char *limit = number_option(in, "--limit", 1, LIST_MOST, LIST_LIMIT, e);
	const char *types;
	struct rows *rows;
	struct app *app;
	char *batch;

	if (!after || !limit || !types_option(&types, in, e) ||
	    !(app = app_open(in, APP_DATABASE, e)) ||
	    !events_after(&rows, app, after, limit, types, in->mem, e))
		return EX_SOFTWARE;
	if (in->output != OUTPUT_JSON) {
		events_table(in, rows);
		return EX_OK;
	}
	batch = cloudevent_batch_text(rows, app->conf->source, in->mem, e);
	if (!batch)
		return EX_SOFTWARE;
	fprintf(in->out, "%s\n", batch);
	return EX_OK;
}

/* ---- tail ---- */

/* One batch to the output; *after goes along. */
static bool tail_batch(int *printed, char **after, const struct invocation *in,
		       const struct app *app, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(in->mem);
	struct rows *rows = NULL;
	bool ok = events_after(&rows, app, *after, TAIL_BATCH, NULL, mem, e);

	*printed = ok ? rows_count(rows) : 0;
	for (int i = 0; ok && i < *printed; i++) {
		struct outbox_event event = outbox_event(rows, i);
		char *line = cloudevent_text(&event, app->conf->source, mem, e);

		ok = line != NULL;
		if (ok)
			fprintf(in->out, "%s\n", line);
	}
	if (ok && *printed > 0)
		*after = talloc_strdup(in->mem, rows_text(rows, *printed - 1, "position"));
	talloc_free(mem);
	if (fflush(in->out) || ferror(in->out)) /* a reader that has enough is no error */
		return errno != EPIPE && err_set(e, ERR_RETRY, "the events cannot be written");
	return ok;
}

static int events_tail_run(struct invocation *in, struct err *e)
{
	const char *from = number_option(in, "--after", 0, INT64_MAX, "0", e);
	bool follow = invocation_option(in, "--follow") != NULL;
	struct app *app;
	char *after;
	int printed;

	if (!from || !(app = app_open(in, APP_DATABASE, e)))
		return EX_SOFTWARE;
	after = talloc_strdup(in->mem, from);
	role_signals();
	do {
		if (!tail_batch(&printed, &after, in, app, e))
			return e->kind == ERR_NONE ? EX_OK : EX_SOFTWARE;
	} while (!role_stopping() && (printed > 0 || (follow && role_sleep_ms(TAIL_IDLE_MS))));
	return EX_OK;
}

/* ---- deliver ---- */

static int events_deliver_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);

	role_signals();
	return app && relay_once(app, in, e) ? EX_OK : EX_SOFTWARE;
}

/* ---- the table ---- */

static const struct option_spec list_options[] = {
	{ "--type", "TYPES", "only these, such as document.attached,customer" },
	{ "--after", "POSITION", "only later ones (default: 0, from the beginning)" },
	{ "--limit", "N", "at most so many (default: " LIST_LIMIT ")" },
	{ 0 },
};

static const struct option_spec tail_options[] = {
	{ "--after", "POSITION", "only later ones (default: 0, from the beginning)" },
	{ "--follow", NULL, "wait for more" },
	{ 0 },
};

const struct command events_commands[] = {
	{ "events list", "", 0, 0, list_options, "what happened, oldest first; json: CloudEvents",
	  events_list_run },
	{ "events tail", "", 0, 0, tail_options, "the same, one CloudEvent a line",
	  events_tail_run },
	{ "events deliver", "", 0, 0, NULL,
	  "send what is due, once; `vorpost serve` does it all the time", events_deliver_run },
	{ 0 },
};
