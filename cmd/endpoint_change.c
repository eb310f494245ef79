/* endpoint_change.c -- `vorpost endpoint change|enable|disable|remove`: what becomes of one that is there. */
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/endpoint.h"
#include "events/bus_url.h"

/* ---- change ---- */

/* What is given, as SQL wants it; NULL stays, "" of ca_file and "{}" of retry_s go back to the standard. */
struct changes {
	const char *url, *types, *ca_file, *allow_private, *retry_s;
};

static bool yes_or_no(const char **value, const char *given, struct err *e)
{
	*value = NULL;
	if (!given)
		return true;
	if (strcmp(given, "yes") != 0 && strcmp(given, "no") != 0)
		return err_set(e, ERR_USAGE, "--allow-private is yes or no");
	*value = !strcmp(given, "yes") ? "true" : "false";
	return true;
}

static bool changes_read(struct changes *c, const struct invocation *in, struct err *e)
{
	const char *types = invocation_option(in, "--types");
	const char *ca = invocation_option(in, "--ca"), *retry = invocation_option(in, "--retry");

	c->url = invocation_option(in, "--url");
	if (ca && !*ca)
		c->ca_file = "";
	else if (!endpoint_ca(&c->ca_file, ca, in->mem, e))
		return false;
	if (retry && !*retry)
		c->retry_s = "{}";
	else if (!endpoint_retry(&c->retry_s, retry, in->mem, e))
		return false;
	if ((types && !endpoint_types(&c->types, types, in->mem, e)) ||
	    !yes_or_no(&c->allow_private, invocation_option(in, "--allow-private"), e))
		return false;
	return c->url || c->types || c->ca_file || c->allow_private || c->retry_s ||
	       err_set(e, ERR_USAGE, "nothing is to be changed; say what, such as --url");
}

/* The address as it would be, with what stays. */
static bool changes_check(const struct changes *c, const struct rows *now, struct err *e)
{
	const char *url = c->url ? c->url : rows_text(now, 0, "url");
	bool private = c->allow_private ? !strcmp(c->allow_private, "true")
					: rows_bool(now, 0, "allow_private");

	if (bus_url_is(url) != bus_url_is(rows_text(now, 0, "url")))
		return err_set(e, ERR_REFUSED,
			       "a webhook does not become a bus, nor a bus a webhook; "
			       "add another endpoint");
	return endpoint_url_check(url, private, e);
}

static int endpoint_change_run(struct invocation *in, struct err *e)
{
	const char *name = in->word[0];
	struct changes c = { 0 };
	struct rows *rows = NULL;
	struct app *app;

	if (!changes_read(&c, in, e) || !(app = app_open(in, APP_DATABASE, e)) ||
	    !endpoint_load(&rows, app, name, in->mem, e) || !changes_check(&c, rows, e) ||
	    !db_call(app->db, SQL_endpoint_change, NULL, in->mem, e, app->conf->broker, name, c.url,
		     c.types, c.ca_file, c.allow_private, c.retry_s))
		return EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out, "endpoint %s changed; `vorpost endpoint test %s` tries it%s\n",
			name, name,
			rows_int(rows, 0, "failures") ? ", `vorpost endpoint enable` ends its wait"
						      : "");
	return EX_OK;
}

/* ---- enable, disable ---- */

/* Retention goes on while an endpoint is disabled. */
static void say_lost(const struct rows *rows)
{
	int64_t lost = rows_int(rows, 0, "lost"), lanes = rows_int(rows, 0, "lanes_lost");

	if (lost)
		fprintf(stderr,
			"warning: %" PRId64
			" positions after %s are not kept any more, the oldest is "
			"%s: the endpoint does not get them\n",
			lost, rows_text(rows, 0, "position"), rows_text(rows, 0, "oldest"));
	if (lanes)
		fprintf(stderr,
			"warning: the refused events of %" PRId64 " lanes are not kept any more\n",
			lanes);
}

static int endpoint_enable_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;

	if (!app || !endpoint_load(&rows, app, in->word[0], in->mem, e) ||
	    !db_call(app->db, SQL_endpoint_enable, &rows, in->mem, e, app->conf->broker,
		     in->word[0]))
		return EX_SOFTWARE;
	say_lost(rows);
	if (!in->quiet)
		fprintf(in->out, "endpoint %s is tried again at once\n", in->word[0]);
	return EX_OK;
}

static int endpoint_disable_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;

	if (!app || !endpoint_load(&rows, app, in->word[0], in->mem, e) ||
	    !db_call(app->db, SQL_endpoint_disable, NULL, in->mem, e, app->conf->broker,
		     in->word[0]))
		return EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out,
			"endpoint %s gets nothing until `vorpost endpoint enable %s`; events that "
			"only it had not got go when they are old\n",
			in->word[0], in->word[0]);
	return EX_OK;
}

/* ---- remove ---- */

static void say_removed(const struct invocation *in, const struct rows *rows, bool dry_run)
{
	const char *secret = rows_text(rows, 0, "secret_file");

	fprintf(in->out,
		"endpoint %s %s: it stood at position %s of %s; with it go %s waiting lanes, %s dead "
		"letters, %s replays under way\n",
		in->word[0], dry_run ? "would be removed" : "is removed",
		rows_text(rows, 0, "position"), rows_text(rows, 0, "head"),
		rows_text(rows, 0, "lanes"), rows_text(rows, 0, "dead"),
		rows_text(rows, 0, "replays"));
	if (secret)
		fprintf(in->out, "%s stays\n", secret);
}

static int endpoint_remove_run(struct invocation *in, struct err *e)
{
	bool dry_run = invocation_option(in, "--dry-run") != NULL;
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;

	if (!app || !endpoint_load(&rows, app, in->word[0], in->mem, e) ||
	    !db_call(app->db, SQL_endpoint_remove, &rows, in->mem, e, app->conf->broker,
		     in->word[0], dry_run ? "false" : "true"))
		return EX_SOFTWARE;
	if (!in->quiet && rows_count(rows))
		say_removed(in, rows, dry_run);
	return EX_OK;
}

/* ---- the table ---- */

static const struct option_spec change_options[] = {
	{ "--url", "URL", "another address" },
	{ "--types", "A,B",
	  "types and the groups customer, broker, all, for what it has not got yet" },
	{ "--ca", "FILE", "trust only these certificates (PEM); '': the system's" },
	{ "--allow-private", "yes|no", "the receiver is on this machine or in a private network" },
	{ "--retry", "S,S,...", "seconds to wait after each failure; '': 5 s to 24 h" },
	{ 0 },
};

static const struct option_spec remove_options[] = {
	{ "--dry-run", NULL, "only say what would go" },
	{ 0 },
};

const struct command endpoint_change_commands[] = {
	{ "endpoint change", "NAME", 1, 1, change_options,
	  "another address or other types, the rest and its position stay", endpoint_change_run },
	{ "endpoint enable", "NAME", 1, 1, NULL, "try again now, also after 410 disabled it",
	  endpoint_enable_run },
	{ "endpoint disable", "NAME", 1, 1, NULL, "send it nothing and keep nothing for it",
	  endpoint_disable_run },
	{ "endpoint remove", "NAME", 1, 1, remove_options,
	  "forget it, with its dead letters and what it has not got", endpoint_remove_run },
	{ 0 },
};
