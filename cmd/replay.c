/* replay.c -- `vorpost events replay`: an endpoint gets events again, beside what is new. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/row_list.h"
#include "events/sequence.h"
#include "model/event.h"

/* What was asked for, as SQL wants it. */
struct wish {
	const char *endpoint, *customer;
	const char *from_position, *from_time, *to_position, *to_time;
	bool from_start; /* of what is kept */
	char *types;     /* NULL: the endpoint's */
};

/* ---- the words of the options ---- */

/* A position, or a time such as 2025-03-03T06:00:00Z; one of the two stays NULL. */
static bool place_read(const char **position, const char **time, const struct invocation *in,
		       const char *option, struct err *e)
{
	const char *given = invocation_option(in, option);
	char text[CLOCK_TEXT_SIZE];
	struct err trouble = { 0 };
	int64_t wall_ms;
	uint64_t number;

	*position = *time = NULL;
	if (!given)
		return true;
	if (!strpbrk(given, "-:T")) {
		*position = given;
		return text_option_u64(&number, given, 1, INT64_MAX, option, e);
	}
	if (!clock_parse(&wall_ms, given, &trouble))
		return err_set(e, ERR_USAGE,
			       "%s is a position, or a time such as 2025-03-03T06:00:00Z", option);
	*time = talloc_strdup(in->mem, clock_text(text, wall_ms));
	return true;
}

static bool wish_read(struct wish *wish, const struct invocation *in, struct err *e)
{
	const char *types = invocation_option(in, "--types");

	wish->endpoint = invocation_option(in, "--endpoint");
	wish->customer = invocation_option(in, "--customer");
	if (!wish->endpoint || !invocation_option(in, "--from"))
		return err_set(e, ERR_USAGE, "--endpoint and --from are needed");
	wish->from_start = !strcmp(invocation_option(in, "--from"), "start");
	return (wish->from_start ||
		place_read(&wish->from_position, &wish->from_time, in, "--from", e)) &&
	       place_read(&wish->to_position, &wish->to_time, in, "--to", e) &&
	       (!types || event_types_array(&wish->types, types, in->mem, e));
}

/* ---- what it would take ---- */

static bool missing(const struct wish *wish, struct err *e)
{
	return err_set(e, ERR_MISSING,
		       "there is no endpoint '%.64s'; `vorpost endpoint list` shows them",
		       wish->endpoint);
}

/* One row of replay_range.sql, with at least one position and one type. */
static bool range_find(struct rows **range, const struct wish *wish, const struct app *app,
		       const struct invocation *in, struct err *e)
{
	struct rows *found = NULL;
	char *has;

	if (!db_call(app->db, SQL_endpoint_find, &found, in->mem, e, app->conf->broker,
		     wish->endpoint))
		return false;
	if (rows_count(found) == 0)
		return missing(wish, e);
	if (!event_types_array(&has, rows_text(found, 0, "types"), in->mem, e) ||
	    !db_call(app->db, SQL_replay_range, range, in->mem, e, app->conf->broker,
		     wish->endpoint, wish->from_position, wish->from_time, wish->to_position,
		     wish->to_time, wish->types, has, wish->from_start ? "true" : "false"))
		return false;
	if (rows_count(*range) == 0)
		return missing(wish, e);
	if (rows_bool(*range, 0, "gone"))
		return err_set(e, ERR_USAGE,
			       "events before that are not kept any more, the oldest is %s; "
			       "`--from start` replays from there",
			       rows_text(*range, 0, "oldest"));
	if (rows_int(*range, 0, "first") > rows_int(*range, 0, "last"))
		return err_set(e, ERR_USAGE,
			       "nothing lies there: the endpoint stands at position %" PRId64
			       ", what comes after it is not a replay",
			       rows_int(*range, 0, "cursor"));
	if (!strcmp(rows_text(*range, 0, "types"), "{}"))
		return err_set(e, ERR_USAGE, "the endpoint has none of these types: it has %s",
			       rows_text(found, 0, "types"));
	return true;
}

static bool counts_print(const struct wish *wish, const struct rows *range, const struct app *app,
			 const struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "type", "events" };
	struct listing *list = listing_new(in->mem, 2, heads);
	struct rows *rows = NULL;

	if (!db_call(app->db, SQL_replay_count, &rows, in->mem, e, app->conf->broker,
		     rows_text(range, 0, "first"), rows_text(range, 0, "last"),
		     rows_text(range, 0, "types"), wish->customer))
		return false;
	listing_numbers(list, 1, 1);
	for (int i = 0; i < rows_count(rows); i++)
		listing_row(list, (const char *const[]){ rows_text(rows, i, "type"),
							 rows_text(rows, i, "events") });
	listing_print(list, in->output, in->out);
	return true;
}

/* ---- ask, end, list ---- */

static bool replay_add(const struct wish *wish, const struct rows *range, const struct app *app,
		       const struct invocation *in, struct err *e)
{
	struct rows *rows = NULL;
	char *who = app_person(invocation_option(in, "--by"), in->mem);

	if (!db_call(app->db, SQL_replay_add, &rows, in->mem, e, app->conf->broker, wish->endpoint,
		     rows_text(range, 0, "first"), rows_text(range, 0, "last"),
		     rows_text(range, 0, "types"), wish->customer, who)) {
		if (e->kind != ERR_CONFLICT)
			return false;
		err_clear(e);
		return err_set(
			e, ERR_REFUSED,
			"a replay to endpoint %s is under way; wait for it (`vorpost events replay "
			"--list`) or end it with --cancel",
			wish->endpoint);
	}
	if (!in->quiet)
		fprintf(in->out, "replay %s: endpoint %s gets positions %s to %s again\n",
			rows_text(rows, 0, "replay_id"), wish->endpoint,
			rows_text(range, 0, "first"), rows_text(range, 0, "last"));
	return true;
}

static int replay_ask(struct invocation *in, struct err *e)
{
	struct wish wish = { 0 };
	struct rows *range = NULL;
	struct app *app;

	if (!wish_read(&wish, in, e))
		return EX_USAGE;
	if (!(app = app_open(in, APP_DATABASE, e)) ||
	    !sequence_run(app->db, app->conf->broker, NULL, e) ||
	    !range_find(&range, &wish, app, in, e))
		return EX_SOFTWARE;
	if (invocation_option(in, "--dry-run"))
		return counts_print(&wish, range, app, in, e) ? EX_OK : EX_SOFTWARE;
	return replay_add(&wish, range, app, in, e) ? EX_OK : EX_SOFTWARE;
}

static int replay_cancel(struct invocation *in, struct err *e)
{
	const char *name = invocation_option(in, "--endpoint");
	struct rows *rows = NULL;
	struct app *app;

	if (!name)
		return err_set(e, ERR_USAGE, "--endpoint is needed"), EX_USAGE;
	if (!(app = app_open(in, APP_DATABASE, e)) ||
	    !db_call(app->db, SQL_replay_cancel, &rows, in->mem, e, app->conf->broker, name))
		return EX_SOFTWARE;
	if (rows_count(rows) == 0) {
		err_set(e, ERR_MISSING, "no replay to endpoint '%.64s' is under way", name);
		return EX_SOFTWARE;
	}
	if (!in->quiet)
		fprintf(in->out, "replay %s is cancelled\n", rows_text(rows, 0, "replay_id"));
	return EX_OK;
}

static int replay_list(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "replay_id",     "endpoint",    "state",
					     "from_position", "to_position", "position",
					     "lanes",         "customer",    "requested_by",
					     "requested_at",  "ended_at",    "types" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	struct listing *list;

	if (!app || !db_call(app->db, SQL_replay_list, &rows, in->mem, e, app->conf->broker,
			     invocation_option(in, "--endpoint")))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	listing_numbers(list, 0, 0);
	listing_numbers(list, 3, 6);
	rows_list(list, rows, COLUMNS, heads, 0, in);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

static int replay_run(struct invocation *in, struct err *e)
{
	if (invocation_option(in, "--list"))
		return replay_list(in, e);
	return invocation_option(in, "--cancel") ? replay_cancel(in, e) : replay_ask(in, e);
}

static const struct option_spec replay_options[] = {
	{ "--endpoint", "NAME", "to whom" },
	{ "--from", "PLACE",
	  "the first event: a position, a time (2025-03-03T06:00:00Z), start: all that is kept" },
	{ "--to", "PLACE", "the last one (default: where the endpoint stands)" },
	{ "--types", "TYPES", "only these, such as document.released,customer" },
	{ "--customer", "ID", "only of this customer" },
	{ "--by", "NAME", "who asks; else the login name" },
	{ "--dry-run", NULL, "only say how many, by type" },
	{ "--list", NULL, "replays and how far they are" },
	{ "--cancel", NULL, "end the one under way" },
	{ 0 },
};

const struct command replay_commands[] = {
	{ "events replay", "", 0, 0, replay_options, "send events again to an endpoint",
	  replay_run },
	{ 0 },
};
