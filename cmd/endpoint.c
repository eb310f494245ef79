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
#include "cmd/endpoint.h"
#include "cmd/endpoint_bus.h"
#include "cmd/path.h"
#include "events/bus_url.h"
#include "events/cloudevent.h"
#include "events/deliver.h"
#include "events/deliver_judge.h"
#include "events/secret_file.h"
#include "events/sequence.h"
#include "events/signature.h"
#include "model/event.h"

#define SHOWN_MOST  120
#define BEHIND_MOST 10000 /* that endpoint_list.sql counts */

bool endpoint_load(struct rows **rows, const struct app *app, const char *name, TALLOC_CTX *mem,
		   struct err *e)
{
	if (!db_call(app->db, SQL_endpoint_find, rows, mem, e, app->conf->broker, name))
		return false;
	return rows_count(*rows) == 1 ||
	       err_set(e, ERR_MISSING,
		       "there is no endpoint '%s'; `vorpost endpoint list` shows them",
		       text_shown(name, NAME_BYTES_MOST, mem));
}

/* ---- add ---- */

bool endpoint_ca(const char **ca, const char *given, TALLOC_CTX *mem, struct err *e)
{
	*ca = given ? path_full(given, mem, e) : NULL;
	if (!given || (*ca && !access(*ca, R_OK)))
		return true;
	return err_set(e, ERR_USAGE, "--ca %s cannot be read", given);
}

/* Of the options, as SQL wants them. */
struct addition {
	const char *secret_file, *ca_file, *types, *retry_s, *cursor;
	bool allow_private, bus, secret_made;
	int kinds; /* of a secret that is made */
};

bool endpoint_types(const char **words, const char *given, TALLOC_CTX *mem, struct err *e)
{
	char *resolved;

	*words = talloc_asprintf(mem, "{%s}", given ? given : "customer");
	return event_types_array(&resolved, *words, mem, e);
}

bool endpoint_retry(const char **words, const char *given, TALLOC_CTX *mem, struct err *e)
{
	struct schedule schedule;

	*words = given ? talloc_asprintf(mem, "{%s}", given) : NULL;
	return schedule_parse(&schedule, *words, e);
}

static bool cursor_word(const char **cursor, const char *given, TALLOC_CTX *mem, struct err *e)
{
	uint64_t from;

	*cursor = NULL;
	if (!given)
		return true;
	if (!text_option_u64(&from, given, 1, INT64_MAX - 1, "--from", e))
		return false;
	*cursor = talloc_asprintf(mem, "%" PRIu64, from - 1);
	return true;
}

static bool kinds_word(int *kinds, const char *given, struct err *e)
{
	static const struct {
		const char *word;
		int kinds;
	} words[] = { { "v1", SECRET_V1 },
		      { "v1a", SECRET_V1A },
		      { "both", SECRET_V1 | SECRET_V1A } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(given ? given : "v1", words[i].word)) {
			*kinds = words[i].kinds;
			return true;
		}
	return err_set(e, ERR_USAGE, "--signature is v1, v1a or both");
}

/* A secret file that was there decides by itself; the option must not say otherwise. */
static bool kinds_agree(const struct addition *add, const struct invocation *in, struct err *e)
{
	struct secrets *secrets = secrets_read(add->secret_file, in->mem, e);
	const char *header;
	int kinds;

	if (!secrets)
		return false;
	header = signature_of(secrets, "", 0, "", 0, in->mem);
	kinds = (strstr(header, "v1,") ? SECRET_V1 : 0) | (strstr(header, "v1a,") ? SECRET_V1A : 0);
	return !invocation_option(in, "--signature") || kinds == add->kinds ||
	       err_set(e, ERR_REFUSED, "%s holds secrets of another kind than --signature asks for",
		       add->secret_file);
}

bool endpoint_url_check(const char *url, bool allow_private, struct err *e)
{
	return bus_url_is(url) ? bus_url_check(url, allow_private, e)
			       : sink_url_check(url, allow_private, e);
}

static bool addition_read(struct addition *add, const struct invocation *in, struct err *e)
{
	const char *secret = invocation_option(in, "--secret-file");

	add->bus = bus_url_is(in->word[1]);
	if (!secret && !add->bus)
		return err_set(e, ERR_USAGE,
			       "--secret-file is missing; a file that does not exist is made");
	add->allow_private = invocation_option(in, "--allow-private") != NULL;
	return name_check(in->word[0], "an endpoint's name", e) &&
	       endpoint_url_check(in->word[1], add->allow_private, e) &&
	       endpoint_types(&add->types, invocation_option(in, "--types"), in->mem, e) &&
	       kinds_word(&add->kinds, invocation_option(in, "--signature"), e) &&
	       endpoint_retry(&add->retry_s, invocation_option(in, "--retry"), in->mem, e) &&
	       cursor_word(&add->cursor, invocation_option(in, "--from"), in->mem, e) &&
	       endpoint_ca(&add->ca_file, invocation_option(in, "--ca"), in->mem, e) &&
	       (!secret || (add->secret_file = path_full(secret, in->mem, e)));
}

/* What logs in at a bus is given by its operator, never made here. */
static bool secret_ready(struct addition *add, const struct invocation *in, struct err *e)
{
	if (add->bus)
		return !add->secret_file || bus_secret_check(add->secret_file, e);
	return path_secret_ready(&add->secret_made, add->secret_file, add->kinds, in->mem, e) &&
	       kinds_agree(add, in, e);
}

/* Beyond the next event it would be deaf; what is gone it does not get. */
static bool from_check(const struct invocation *in, const struct app *app, struct err *e)
{
	const char *from = invocation_option(in, "--from");
	struct rows *rows = NULL;
	int64_t position = from ? strtoll(from, NULL, 10) : 0;

	if (!from)
		return true;
	if (!db_call(app->db, SQL_endpoint_at, &rows, in->mem, e, app->conf->broker, from))
		return false;
	if (position > rows_int(rows, 0, "head") + 1)
		return err_set(e, ERR_USAGE, "--from is %s, expected %s to %" PRId64, from,
			       rows_text(rows, 0, "oldest"), rows_int(rows, 0, "head") + 1);
	if (rows_int(rows, 0, "lost"))
		fprintf(stderr,
			"warning: %s positions after %" PRId64
			" are not kept any more, the oldest is "
			"%s: the endpoint does not get them\n",
			rows_text(rows, 0, "lost"), position - 1, rows_text(rows, 0, "oldest"));
	return true;
}

static bool endpoint_add(struct rows **rows, const struct invocation *in, const struct app *app,
			 const struct addition *add, struct err *e)
{
	if (!sequence_run(app->db, app->conf->broker, NULL, e) || !from_check(in, app, e))
		return false;
	if (db_call(app->db, SQL_endpoint_add, rows, in->mem, e, app->conf->broker, in->word[0],
		    in->word[1], add->secret_file, add->ca_file, add->types,
		    add->allow_private ? "true" : "false", add->retry_s, add->cursor))
		return true;
	if (e->kind == ERR_CONFLICT) {
		err_clear(e);
		err_set(e, ERR_REFUSED, "there is an endpoint %s already", in->word[0]);
	}
	return false;
}

static int endpoint_add_run(struct invocation *in, struct err *e)
{
	struct addition add = { 0 };
	struct rows *rows = NULL;
	struct app *app;

	if (!addition_read(&add, in, e) || !(app = app_open(in, APP_DATABASE, e)) ||
	    !secret_ready(&add, in, e) || !endpoint_add(&rows, in, app, &add, e))
		return EX_SOFTWARE;
	if (in->quiet)
		return EX_OK;
	if (add.secret_made)
		fprintf(in->out, "made %s with a fresh secret; the receiver needs the same\n",
			add.secret_file);
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
					     "behind",       "waiting_since", "blocked",
					     "parked",       "throttle",      "delivered",
					     "delivered_at", "failures",      "next_attempt_at",
					     "replay",       "last_error",    "types",
					     "url" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	struct listing *list;
	char *customer;

	if (!app || !event_types_array(&customer, "customer", in->mem, e) ||
	    !db_call(app->db, SQL_endpoint_list, &rows, in->mem, e, app->conf->broker, customer))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	listing_numbers(list, 2, 3);
	listing_numbers(list, 5, 8);
	listing_numbers(list, 10, 10);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[COLUMNS];

		for (int c = 0; c < COLUMNS; c++)
			cells[c] = rows_text(rows, i, heads[c]);
		if (in->output == OUTPUT_TABLE && rows_int(rows, i, "behind") > BEHIND_MOST)
			cells[3] = "over 10000";
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

static bool webhook_test(const struct invocation *in, const struct endpoint *endpoint,
			 const char *id, const char *body, struct err *e)
{
	struct answer answer;

	if (!deliver_one(&answer, sink_new(0, 0, in->mem), endpoint, id, body, e))
		return false;
	fprintf(in->out, "HTTP %d after %" PRId64 " ms%s%s\n", answer.status, answer.took_ms,
		*answer.body ? ": " : "", text_shown(answer.body, SHOWN_MOST, in->mem));
	return (answer.status >= 200 && answer.status < 300) ||
	       err_set(e, ERR_RETRY, "the endpoint answered %d, expected 2xx", answer.status);
}

static bool test_send(const struct invocation *in, const struct app *app, struct err *e)
{
	char id[UUID_TEXT_SIZE];
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
		.allow_private = rows_bool(rows, 0, "allow_private"),
	};
	if (bus_url_is(endpoint.url))
		return endpoint_bus_test(in->out, &endpoint, app->conf->broker, id, body, e);
	return webhook_test(in, &endpoint, id, body, e);
}

static int endpoint_test_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);

	return app && test_send(in, app, e) ? EX_OK : EX_SOFTWARE;
}

/* ---- rotate ---- */

static bool secret_path(const char **path, const struct app *app, const struct invocation *in,
			struct err *e)
{
	struct rows *rows = NULL;

	if (!endpoint_load(&rows, app, in->word[0], in->mem, e))
		return false;
	*path = rows_text(rows, 0, "secret_file");
	return !bus_url_is(rows_text(rows, 0, "url")) ||
	       err_set(e, ERR_REFUSED,
		       "endpoint %s is a bus: nothing is signed, who logs in stands in its file",
		       in->word[0]);
}

static int endpoint_rotate_run(struct invocation *in, struct err *e)
{
	bool finish = invocation_option(in, "--finish") != NULL;
	struct app *app = app_open(in, APP_DATABASE, e);
	const char *path;

	if (!app || !secret_path(&path, app, in, e))
		return EX_SOFTWARE;
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

static int endpoint_key_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct secrets *secrets;
	const char *keys, *path;

	if (!app || !secret_path(&path, app, in, e) || !(secrets = secrets_read(path, in->mem, e)))
		return EX_SOFTWARE;
	keys = secrets_public(secrets, in->mem);
	if (*keys) {
		fputs(keys, in->out);
		return EX_OK;
	}
	err_set(e, ERR_MISSING, "endpoint %s signs v1 only, with a secret that both sides know",
		in->word[0]);
	return EX_SOFTWARE;
}

/* ---- the table ---- */

static const struct option_spec add_options[] = {
	{ "--secret-file", "FILE",
	  "the secret whsec_... or key whsk_...; made if it does not exist. Of nats:// and tls:// "
	  "user:password or a token" },
	{ "--signature", "v1|v1a|both",
	  "what to make: HMAC-SHA256, Ed25519 or both (default: v1)" },
	{ "--ca", "FILE", "trust only these certificates (PEM) instead of the system's" },
	{ "--types", "A,B", "types and the groups customer, broker, all (default: customer)" },
	{ "--allow-private", NULL, "the receiver is on this machine or in a private network" },
	{ "--retry", "S,S,...",
	  "seconds to wait after each failure, then parked (default: 5 s to 24 h)" },
	{ "--from", "POSITION", "begin with this event (default: what comes from now on)" },
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
	{ "endpoint key", "NAME", 1, 1, NULL,
	  "the public key whpk_... that a receiver checks v1a with", endpoint_key_run },
	{ 0 },
};
