/* endpoint.c -- `vorpost endpoint ...`: who is told, with which secret, and how it goes. */
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/name.h"
#include "base/text.h"
#include "base/uuid7.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/path.h"
#include "events/cloudevent.h"
#include "events/deliver.h"
#include "events/secret_file.h"
#include "events/sequence.h"
#include "events/signature.h"
#include "model/event.h"

#define SHOWN_MOST 120

static bool endpoint_load(struct rows **rows, const struct app *app, const char *name,
			  TALLOC_CTX *mem, struct err *e)
{
	if (!db_call(app->db, SQL_endpoint_find, rows, mem, e, app->conf->broker, name))
		return false;
	return rows_count(*rows) == 1 ||
	       err_set(e, ERR_MISSING,
		       "there is no endpoint '%s'; `vorpost endpoint list` shows them",
		       text_shown(name, NAME_BYTES_MOST, mem));
}

/* ---- add ---- */

static bool ca_ready(const char **ca, const char *given, TALLOC_CTX *mem, struct err *e)
{
	*ca = given ? path_full(given, mem, e) : NULL;
	if (!given || (*ca && !access(*ca, R_OK)))
		return true;
	return err_set(e, ERR_USAGE, "--ca %s cannot be read", given);
}

static bool endpoint_add(struct rows **rows, const struct invocation *in, const struct app *app,
			 const char *secret, const char *ca, const char *types, struct err *e)
{
	if (!sequence_run(app->db, app->conf->broker, NULL, e))
		return false;
	if (db_call(app->db, SQL_endpoint_add, rows, in->mem, e, app->conf->broker, in->word[0],
		    in->word[1], secret, ca, types))
		return true;
	if (e->kind == ERR_CONFLICT) {
		err_clear(e);
		err_set(e, ERR_REFUSED, "there is an endpoint %s already", in->word[0]);
	}
	return false;
}

static int endpoint_add_run(struct invocation *in, struct err *e)
{
	const char *secret = invocation_option(in, "--secret-file");
	const char *filter = invocation_option(in, "--types");
	const char *ca;
	struct rows *rows = NULL;
	struct app *app;
	char *types = NULL;
	bool made;

	if (!secret)
		return err_set(e, ERR_USAGE,
			       "--secret-file is missing; a file that does not exist is made"),
		       EX_USAGE;
	if (!name_check(in->word[0], "an endpoint's name", e) || !sink_url_check(in->word[1], e) ||
	    (filter && !event_types_array(&types, filter, in->mem, e)) ||
	    !ca_ready(&ca, invocation_option(in, "--ca"), in->mem, e) ||
	    !(secret = path_full(secret, in->mem, e)) || !(app = app_open(in, APP_DATABASE, e)) ||
	    !path_secret_ready(&made, secret, in->mem, e) ||
	    !endpoint_add(&rows, in, app, secret, ca, types, e))
		return EX_SOFTWARE;
	if (made && !in->quiet)
		fprintf(in->out, "made %s with a fresh secret; the receiver needs the same\n",
			secret);
	if (!in->quiet)
		fprintf(in->out,
			"endpoint %s added; it gets what comes after position %s "
			"(`vorpost events replay` sends older ones)\n",
			in->word[0], rows_text(rows, 0, "position"));
	return EX_OK;
}

/* ---- list ---- */

static int endpoint_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "endpoint",     "state",         "position",
					     "behind",       "waiting_since", "delivered",
					     "delivered_at", "failures",      "next_attempt_at",
					     "last_error",   "types",         "url" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	struct listing *list;

	if (!app || !db_call(app->db, SQL_endpoint_list, &rows, in->mem, e, app->conf->broker))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	listing_numbers(list, 2, 3);
	listing_numbers(list, 5, 5);
	listing_numbers(list, 7, 7);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[COLUMNS];

		for (int c = 0; c < COLUMNS; c++)
			cells[c] = rows_text(rows, i, heads[c]);
		if (in->output == OUTPUT_TABLE)
			for (int c = 0; c < COLUMNS; c++)
				cells[c] =
					cells[c] ? text_shown(cells[c], SHOWN_MOST, in->mem) : NULL;
		listing_row(list, cells);
	}
	listing_print(list, in->output, in->out);
	return EX_OK;
}

/* ---- test ---- */

static char *test_event(char id[UUID_TEXT_SIZE], const struct app *app, TALLOC_CTX *mem,
			struct err *e)
{
	char now[CLOCK_TEXT_SIZE];
	struct outbox_event event = {
		.id = uuid7_text(id),
		.type = EVENT_ENDPOINT_TEST,
		.aggregatetype = "broker",
		.aggregateid = app->conf->broker,
		.occurred = clock_text(now, clock_wall_ms()),
		.payload = "{\"test\": true}",
	};

	return cloudevent_text(&event, app->conf->source, mem, e);
}

static bool test_send(struct answer *answer, const struct invocation *in, const struct app *app,
		      struct err *e)
{
	char id[UUID_TEXT_SIZE];
	struct sink *sink = sink_new(0, 0, in->mem);
	struct endpoint endpoint;
	struct rows *rows = NULL;
	char *body;

	if (!endpoint_load(&rows, app, in->word[0], in->mem, e) ||
	    !(body = test_event(id, app, in->mem, e)))
		return false;
	endpoint = (struct endpoint){
		.name = in->word[0],
		.url = rows_text(rows, 0, "url"),
		.secret_file = rows_text(rows, 0, "secret_file"),
		.ca_file = rows_text(rows, 0, "ca_file"),
	};
	return deliver_one(answer, sink, &endpoint, id, body, e);
}

static int endpoint_test_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct answer answer;

	if (!app || !test_send(&answer, in, app, e))
		return EX_SOFTWARE;
	fprintf(in->out, "HTTP %d after %" PRId64 " ms%s%s\n", answer.status, answer.took_ms,
		*answer.body ? ": " : "", text_shown(answer.body, SHOWN_MOST, in->mem));
	if (answer.status >= 200 && answer.status < 300)
		return EX_OK;
	err_set(e, ERR_RETRY, "the endpoint answered %d, expected 2xx", answer.status);
	return EX_TEMPFAIL;
}

/* ---- rotate, enable ---- */

static int endpoint_rotate_run(struct invocation *in, struct err *e)
{
	bool finish = invocation_option(in, "--finish") != NULL;
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	const char *path;

	if (!app || !endpoint_load(&rows, app, in->word[0], in->mem, e))
		return EX_SOFTWARE;
	path = rows_text(rows, 0, "secret_file");
	if (!(finish ? secret_file_retire(path, e) : secret_file_rotate(path, e)))
		return EX_SOFTWARE;
	if (in->quiet)
		return EX_OK;
	if (finish)
		fprintf(in->out, "%s holds the new secret only\n", path);
	else
		fprintf(in->out,
			"%s holds a new secret in its first line; requests are signed with both until "
			"`vorpost endpoint rotate %s --finish`\n",
			path, in->word[0]);
	return EX_OK;
}

static int endpoint_enable_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;

	if (!app || !endpoint_load(&rows, app, in->word[0], in->mem, e) ||
	    !db_call(app->db, SQL_endpoint_enable, &rows, in->mem, e, app->conf->broker,
		     in->word[0]))
		return EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out, "endpoint %s is tried again at once\n", in->word[0]);
	return EX_OK;
}

/* ---- the table ---- */

static const struct option_spec add_options[] = {
	{ "--secret-file", "FILE", "the secret whsec_...; made if it does not exist" },
	{ "--ca", "FILE", "trust only these certificates (PEM) instead of the system's" },
	{ "--types", "A,B", "only these types; also the groups customer, broker, all" },
	{ 0 },
};

static const struct option_spec rotate_options[] = {
	{ "--finish", NULL, "the receiver knows the new secret: drop the old one" },
	{ 0 },
};

const struct command endpoint_commands[] = {
	{ "endpoint add", "NAME URL", 2, 2, add_options, "tell one more receiver what happens",
	  endpoint_add_run },
	{ "endpoint list", "", 0, 0, NULL, "state, position, how far behind, failures of each",
	  endpoint_list_run },
	{ "endpoint test", "NAME", 1, 1, NULL, "send an endpoint.test event now, show the answer",
	  endpoint_test_run },
	{ "endpoint rotate", "NAME", 1, 1, rotate_options,
	  "make a new secret; both sign until --finish", endpoint_rotate_run },
	{ "endpoint enable", "NAME", 1, 1, NULL, "try again now, also after 410 disabled it",
	  endpoint_enable_run },
	{ 0 },
};
