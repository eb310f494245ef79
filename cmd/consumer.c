/* consumer.c -- `vorpost consumer ...`: who reads the feed and keeps his position here. */
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "base/name.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/row_list.h"

static int consumer_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "consumer", "position", "behind",     "acked_at",
					     "tokens",   "feedback", "secret_file" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	struct listing *list;

	if (!app || !db_call(app->db, SQL_consumer_list, &rows, in->mem, e, app->conf->broker))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	listing_numbers(list, 1, 2);
	listing_numbers(list, 4, 5);
	rows_list(list, rows, COLUMNS, heads, 0, in);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

static bool consumer_load(struct rows **rows, const struct app *app, const char *name,
			  TALLOC_CTX *mem, struct err *e)
{
	if (!db_call(app->db, SQL_consumer_find, rows, mem, e, app->conf->broker, name))
		return false;
	return rows_count(*rows) == 1 ||
	       err_set(e, ERR_MISSING,
		       "there is no consumer '%s'; `vorpost consumer list` shows them",
		       text_shown(name, NAME_BYTES_MOST, mem));
}

/* ---- reset ---- */

/* "start", "head" or a number; within what is kept. */
static bool position_read(int64_t *position, const char *word, const struct app *app,
			  TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows = NULL;
	int64_t head, oldest;
	uint64_t number;

	if (!db_call(app->db, SQL_feed_head, &rows, mem, e, app->conf->broker))
		return false;
	head = rows_int(rows, 0, "head");
	oldest = rows_int(rows, 0, "oldest");
	*position = !strcmp(word, "head") ? head : oldest - 1;
	if (!strcmp(word, "head") || !strcmp(word, "start"))
		return true;
	if (!text_option_u64(&number, word, 0, INT64_MAX - 1, "POSITION", e))
		return false;
	*position = (int64_t)number;
	return (*position <= head && *position >= oldest - 1) ||
	       err_set(e, ERR_USAGE, "POSITION is %" PRId64 ", expected %" PRId64 " to %" PRId64,
		       *position, oldest - 1, head);
}

static int consumer_reset_run(struct invocation *in, struct err *e)
{
	bool dry_run = invocation_option(in, "--dry-run") != NULL;
	const char *name = in->word[0];
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	int64_t before, position;
	char text[24];

	if (!app || !consumer_load(&rows, app, name, in->mem, e) ||
	    !position_read(&position, in->word[1], app, in->mem, e))
		return EX_SOFTWARE;
	before = rows_int(rows, 0, "position");
	snprintf(text, sizeof text, "%" PRId64, position);
	if (!dry_run && !db_call(app->db, SQL_consumer_ack, NULL, in->mem, e, app->conf->broker,
				 name, text, "true"))
		return EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out,
			"consumer %s %s read on after position %" PRId64 ", not %" PRId64 "\n",
			name, dry_run ? "would" : "will", position, before);
	return EX_OK;
}

/* ---- remove ---- */

static int consumer_remove_run(struct invocation *in, struct err *e)
{
	const char *name = in->word[0];
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;

	if (!app || !consumer_load(&rows, app, name, in->mem, e) ||
	    !db_call(app->db, SQL_consumer_remove, &rows, in->mem, e, app->conf->broker, name))
		return EX_SOFTWARE;
	if (!rows_count(rows)) {
		err_set(e, ERR_REFUSED,
			"tokens of the consumer %s are still valid; `vorpost token list` names them, "
			"`vorpost token revoke` ends them",
			name);
		return EX_UNAVAILABLE;
	}
	if (!in->quiet)
		fprintf(in->out, "consumer %s is removed; its feedback stays\n", name);
	return EX_OK;
}

/* ---- the table ---- */

static const struct option_spec reset_options[] = {
	{ "--dry-run", NULL, "only say what would be" },
	{ 0 },
};

const struct command consumer_commands[] = {
	{ "consumer list", "", 0, 0, NULL, "readers of the feed, how far they are",
	  consumer_list_run },
	{ "consumer reset", "NAME POSITION", 2, 2, reset_options,
	  "let it read on after a position; start: all that is kept, head: what comes",
	  consumer_reset_run },
	{ "consumer remove", "NAME", 1, 1, NULL, "forget its position", consumer_remove_run },
	{ 0 },
};
