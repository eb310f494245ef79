/* connection.c -- `vorpost connection ...`: which insurers are asked, with which credential, and how it goes. */
#include <sysexits.h>

#include "cmd/app.h"
#include "cmd/audit.h"
#include "cmd/commands.h"
#include "cmd/connection_breaches.h"
#include "cmd/connection_kinds.h"
#include "cmd/connection_options.h"
#include "cmd/connection_show.h"
#include "cmd/connection_try.h"
#include "ingest/connection.h"
#include "ingest/login.h"

/* ---- add ---- */

static bool insurer_of(const struct insurer **insurer, const struct app *app, const char *issuer,
		       struct err *e)
{
	if (!issuer)
		return err_set(e, ERR_USAGE,
			       "--insurer is missing; `vorpost insurers list` shows them");
	*insurer = insurers_by_issuer(app->insurers, issuer);
	return *insurer ||
	       err_set(e, ERR_USAGE,
		       "there is no insurer file '%s'; `vorpost insurers list` shows them", issuer);
}

static int connection_add_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);
	bool allow_plain = invocation_option(in, "--allow-plain") != NULL;
	const struct insurer *insurer;
	struct connection c;

	if (!app || !insurer_of(&insurer, app, invocation_option(in, "--insurer"), e))
		return EX_SOFTWARE;
	c = (struct connection){ .broker = app->conf->broker,
				 .name = in->word[0],
				 .issuer = talloc_strdup(in->mem, insurer->issuer),
				 .acknowledge_after_h = -1 };
	if (!connection_options_take(&c, &insurer->profile, in, e) ||
	    !connection_check(&c, &insurer->profile, allow_plain, e))
		return EX_SOFTWARE;
	/* A file that cannot be used shall be found now, not at night. */
	if (!login_try(&c, &insurer->profile, e) || !connection_add(app->db, &c, e))
		return EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out, "connection %s added; `vorpost connection test %s` tries it\n",
			c.name, c.name);
	return EX_OK;
}

/* ---- change, remove ---- */

static int connection_change_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);
	bool allow_plain = invocation_option(in, "--allow-plain") != NULL;
	const struct insurer *insurer;
	struct connection *c;

	if (!app || !connection_load(&c, app->db, app->conf->broker, in->word[0], in->mem, e) ||
	    !insurer_of(&insurer, app, c->issuer, e) ||
	    !connection_options_take(c, &insurer->profile, in, e) ||
	    !connection_check(c, &insurer->profile, allow_plain, e) ||
	    !login_try(c, &insurer->profile, e) || !connection_change(app->db, c, e))
		return EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out, "connection %s changed; `vorpost connection test %s` tries it\n",
			c->name, c->name);
	return EX_OK;
}

static int connection_remove_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);

	if (!app || !connection_remove(app->db, app->conf->broker, in->word[0], e))
		return EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out, "connection %s removed\n", in->word[0]);
	return EX_OK;
}

/* ---- list ---- */

static int connection_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "connection",   "insurer",      "state",
					     "last_attempt", "last_success", "next_due",
					     "failures",     "expiring",     "error" };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct connection *all;
	struct listing *list;
	size_t count;

	if (!app || !connection_all(&all, &count, app->db, app->conf->broker, in->mem, e))
		return EX_SOFTWARE;
	list = listing_new(in->mem, sizeof heads / sizeof *heads, heads);
	listing_numbers(list, 6, 7);
	for (size_t i = 0; i < count; i++) {
		const struct connection *c = &all[i];

		listing_row(list, (const char *const[]){
					  c->name, c->issuer, c->paused ? "paused" : "active",
					  c->last_attempt_at, c->last_success_at,
					  c->paused ? NULL : c->due_at,
					  talloc_asprintf(in->mem, "%d", c->failures),
					  talloc_asprintf(in->mem, "%d", c->expiring),
					  c->paused ? c->pause_reason : c->last_error });
	}
	listing_print(list, in->output, in->out);
	return EX_OK;
}

/* ---- pause, resume ---- */

static int connection_pause_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	const char *reason = invocation_option(in, "--reason");

	bool ok;

	if (!app || !db_begin(app->db, e))
		return EX_SOFTWARE;
	ok = connection_pause(app->db, app->conf->broker, in->word[0],
			      reason ? reason : "paused by the operator", e);
	return audit_close(ok, app, in, "connection.pause", in->word[0], e) ? EX_OK : EX_SOFTWARE;
}

static int connection_resume_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct resumed resumed;
	bool ok;

	if (!app || !db_begin(app->db, e))
		return EX_SOFTWARE;
	ok = connection_resume(&resumed, app->db, app->conf->broker, in->word[0], in->mem, e);
	if (!audit_close(ok, app, in, "connection.resume", in->word[0], e))
		return EX_SOFTWARE;
	if (resumed.until && !in->quiet)
		fprintf(in->out,
			"insurer %s is asked again at once; he wanted to be left alone until %s (Retry-After)\n",
			resumed.issuer, resumed.until);
	return EX_OK;
}

static const struct option_spec pause_options[] = {
	{ "--reason", "TEXT", "shown in the list" },
	{ 0 },
};

const struct command connection_commands[] = {
	{ "connection add", "NAME", 1, 1, connection_add_options, "ask one more insurer",
	  connection_add_run },
	{ "connection change", "NAME", 1, 1, connection_change_options,
	  "another address, credential or interval; the rest stays", connection_change_run },
	{ "connection remove", "NAME", 1, 1, NULL, "forget one of which no shipment is known",
	  connection_remove_run },
	{ "connection list", "", 0, 0, NULL,
	  "state, last attempt, last success and next round of each", connection_list_run },
	{ "connection show", "NAME", 1, 1, NULL,
	  "one of them: login, certificates, trust, how it goes", connection_show_run },
	{ "connection kinds", "NAME", 1, 1, NULL,
	  "what kinds of documents have come over it, and which never have", connection_kinds_run },
	{ "connection test", "NAME", 1, 1, connection_try_options,
	  "log in and list, say what fits and what does not; nothing is acknowledged",
	  connection_try_run },
	{ "connection breaches", "NAME", 1, 1, connection_breaches_options,
	  "how its answers differ from the schemas that the configuration names",
	  connection_breaches_run },
	{ "connection pause", "NAME", 1, 1, pause_options, "do not ask this insurer until resumed",
	  connection_pause_run },
	{ "connection resume", "NAME", 1, 1, NULL,
	  "ask it again, at once; whatever Retry-After the insurer gave is over",
	  connection_resume_run },
	{ 0 },
};
