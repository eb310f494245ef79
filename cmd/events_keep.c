/* events_keep.c -- `vorpost events prune` and `events digest`: what the events role also does by itself. */
#include <inttypes.h>
#include <jansson.h>
#include <sysexits.h>

#include "cmd/app.h"
#include "cmd/commands.h"
#include "events/digest.h"
#include "events/weeks.h"

/* ---- prune ---- */

static const char *state_text(enum week_state state)
{
	static const char *const texts[] = {
		[WEEK_KEPT] = "kept",
		[WEEK_HELD] = "needed",
		[WEEK_TO_GO] = "would be dropped",
		[WEEK_GONE] = "dropped",
	};

	return texts[state];
}

static void weeks_print(const struct invocation *in, const struct week *weeks, int count)
{
	static const char *const heads[] = {
		"since", "until", "events", "bytes", "state", "holder"
	};
	struct listing *list = listing_new(in->mem, sizeof heads / sizeof *heads, heads);

	listing_numbers(list, 2, 3);
	for (int i = 0; i < count; i++)
		listing_row(list, (const char *const[]){
					  weeks[i].since, weeks[i].until,
					  talloc_asprintf(in->mem, "%" PRId64, weeks[i].events),
					  talloc_asprintf(in->mem, "%" PRId64, weeks[i].bytes),
					  state_text(weeks[i].state),
					  weeks[i].holder ? weeks[i].holder : "" });
	listing_print(list, in->output, in->out);
}

static int prune_run(struct invocation *in, struct err *e)
{
	bool dry_run = invocation_option(in, "--dry-run") != NULL;
	struct app *app = app_open(in, APP_DATABASE, e);
	struct week *weeks;
	int count;

	if (!app || !weeks_make(app->db, NULL, e))
		return EX_SOFTWARE;
	/* kept for ever: the list, and nothing to drop */
	if (!weeks_prune(&weeks, &count, app->db, app->conf->keep_days,
			 dry_run || !app->conf->keep_days, in->mem, e))
		return EX_SOFTWARE;
	for (int i = 0; i < count && !app->conf->keep_days; i++)
		weeks[i].state = WEEK_KEPT;
	weeks_print(in, weeks, count);
	return EX_OK;
}

/* ---- digest ---- */

static void counts_print(const struct invocation *in, const json_t *data, const char *list,
			 const char *name)
{
	const char *const heads[] = { name, "documents" };
	struct listing *table = listing_new(in->mem, 2, heads);
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(data, list), i, row)
	{
		json_int_t documents = json_integer_value(json_object_get(row, "documents"));

		listing_row(table,
			    (const char *const[]){
				    json_string_value(json_object_get(row, name)),
				    talloc_asprintf(in->mem, "%lld", (long long)documents) });
	}
	listing_numbers(table, 1, 1);
	if (i)
		listing_print(table, in->output, in->out);
}

static void digest_print(const struct invocation *in, const struct digest *digest)
{
	json_t *data = json_loads(digest->data, 0, NULL);
	const char *oldest = json_string_value(json_object_get(data, "oldest"));

	fprintf(in->out, "%s: %lld wait, %lld of them since yesterday%s%s%s\n", digest->day,
		(long long)json_integer_value(json_object_get(data, "waiting")),
		(long long)json_integer_value(json_object_get(data, "since_yesterday")),
		oldest ? ", the oldest since " : "", oldest ? oldest : "",
		digest->written ? "" : " (not written)");
	counts_print(in, data, "by_reason", "reason");
	counts_print(in, data, "by_connection", "connection");
	json_decref(data);
}

static int digest_command_run(struct invocation *in, struct err *e)
{
	bool dry_run = invocation_option(in, "--dry-run") != NULL;
	struct digest digest;
	struct app *app;

	if (!app_no_csv(in, e) || !(app = app_open(in, APP_DATABASE, e)) ||
	    !digest_run(&digest, app->db, app->conf->broker, DIGEST_NOW, dry_run, in->mem, e))
		return EX_SOFTWARE;
	if (!digest.day)
		return err_set(e, ERR_REFUSED,
			       "today has its digest already; --dry-run shows how it is now"),
		       EX_SOFTWARE;
	if (in->output == OUTPUT_JSON)
		fprintf(in->out, "%s\n", digest.data);
	else
		digest_print(in, &digest);
	return EX_OK;
}

/* ---- the table ---- */

static const struct option_spec prune_options[] = {
	{ "--dry-run", NULL, "only say what would be dropped" },
	{ 0 },
};

static const struct option_spec digest_options[] = {
	{ "--dry-run", NULL, "only show it" },
	{ 0 },
};

const struct command events_keep_commands[] = {
	{ "events prune", "", 0, 0, prune_options,
	  "drop the weeks of events that are older than keep_events and that nobody needs",
	  prune_run },
	{ "events digest", "", 0, 0, digest_options,
	  "tell now what waits for a person, once a day (queue.digest)", digest_command_run },
	{ 0 },
};
