/* release.c -- `vorpost release ...`: what customers are told, and what waits until they are. */
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "base/wake.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/release_text.h"
#include "cmd/row_list.h"
#include "events/release.h"
#include "events/sequence.h"
#include "matcher/queue.h"

#define LIST_MOST  "10000"
#define SHOWN_MOST 60

/* ---- list ---- */

static bool states_option(const char **states, const struct invocation *in, struct err *e)
{
	bool waiting = invocation_option(in, "--waiting") != NULL;
	bool all = invocation_option(in, "--all") != NULL;

	*states = all       ? "{waiting,released,withheld,withdrawn,superseded}"
		  : waiting ? "{waiting}"
			    : "{waiting,withheld}";
	return !(waiting && all) || err_set(e, ERR_USAGE, "--waiting or --all, one of them");
}

static int release_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "document_id", "customer_id", "contract_id", "insurer",
					     "category",    "tier",        "state",       "due",
					     "released",    "rule",        "decided_by",  "note" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct listing *list = listing_new(in->mem, COLUMNS, heads);
	const char *states;
	struct rows *rows;
	struct app *app;

	if (!states_option(&states, in, e) || !(app = app_open(in, APP_DATABASE, e)) ||
	    !sequence_run(app->db, app->conf->broker, NULL, e) ||
	    !db_call(app->db, SQL_release_list, &rows, in->mem, e, app->conf->broker, states,
		     invocation_option(in, "--customer"), LIST_MOST))
		return EX_SOFTWARE;
	rows_list(list, rows, COLUMNS, heads, SHOWN_MOST, in);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

/* ---- give, withhold ---- */

/* The document's whole id; what was just filed is taken in before. */
static const char *document_word(struct app *app, const struct invocation *in, struct err *e)
{
	const struct matcher matcher = { .db = app->db, .broker = app->conf->broker };
	struct stored *stored = queue_document(&matcher, in->word[0], in->mem, e);

	return stored && sequence_run(app->db, app->conf->broker, NULL, e) ? stored->document_id
									   : NULL;
}

static int release_give_run(struct invocation *in, struct err *e)
{
	const char *by = app_person(invocation_option(in, "--by"), in->mem);
	struct app *app = app_open(in, APP_DATABASE, e);
	struct release_said said;
	const char *document;

	if (!app || !(document = document_word(app, in, e)) ||
	    !release_give(&said, app->db, app->conf->broker, document, by, in->mem, e))
		return EX_SOFTWARE;
	wake_poke(app->conf->state);
	if (!in->quiet)
		fprintf(in->out, "document %s is released: customer %s is told\n", document,
			text_shown(said.customer_id, SHOWN_MOST, in->mem));
	return EX_OK;
}

static int release_withhold_run(struct invocation *in, struct err *e)
{
	const char *by = app_person(invocation_option(in, "--by"), in->mem);
	const char *note = invocation_option(in, "--note");
	struct release_said said;
	const char *document;
	struct app *app;

	if (text_empty(note)) {
		err_set(e, ERR_USAGE, "say why: --note TEXT");
		return EX_USAGE;
	}
	if (!(app = app_open(in, APP_DATABASE, e)) || !(document = document_word(app, in, e)) ||
	    !release_withhold(&said, app->db, app->conf->broker, document, by, note, in->mem, e))
		return EX_SOFTWARE;
	wake_poke(app->conf->state);
	if (!in->quiet)
		fprintf(in->out, "document %s is withheld: %s\n", document,
			said.events ? "the customer had been told of it, a correction goes out"
				    : "the customer is not told");
	return EX_OK;
}

static const struct option_spec list_options[] = {
	{ "--waiting", NULL, "only what waits, not what is withheld" },
	{ "--all", NULL, "also what was released, withdrawn or superseded" },
	{ "--customer", "CUSTOMER", "only documents of this customer" },
	{ NULL, NULL, NULL },
};

static const struct option_spec give_options[] = {
	{ "--by", "NAME", "who decides; else the login name" },
	{ NULL, NULL, NULL },
};

static const struct option_spec withhold_options[] = {
	{ "--note", "TEXT", "why" },
	{ "--by", "NAME", "who decides; else the login name" },
	{ NULL, NULL, NULL },
};

const struct command release_commands[] = {
	{ "release list", "", 0, 0, list_options,
	  "documents of which customers have not been told yet, and why", release_list_run },
	{ "release give", "DOCUMENT", 1, 1, give_options,
	  "tell the customer now, whatever rules and hold-backs say", release_give_run },
	{ "release withhold", "DOCUMENT", 1, 1, withhold_options,
	  "do not tell the customer; if he was told, tell him that it no longer holds",
	  release_withhold_run },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL },
};
