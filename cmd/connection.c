/* connection.c -- `vorpost connection ...`: which insurers are asked, with which credential, and how it goes. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "ingest/connection.h"
#include "ingest/sts.h"
#include "ingest/transfer.h"

#define INTERVAL_LEAST_S 60
#define INTERVAL_MOST_S  (7 * 24 * 3600)
#define SHOWN_MOST       60

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

/* The daemon works in another folder, so paths are written down in full. */
static bool full_path(char **full, const char *path, const char *option, TALLOC_CTX *mem,
		      struct err *e)
{
	char buffer[PATH_MAX];

	*full = NULL;
	if (!path || !*path)
		return true;
	if (!realpath(path, buffer))
		return err_set(e, ERR_USAGE, "%s %s: %s", option, path, strerror(errno));
	*full = talloc_strdup(mem, buffer);
	return true;
}

static bool interval_of(int *seconds, const struct invocation *in, struct err *e)
{
	const char *given = invocation_option(in, "--interval");
	uint64_t value = 0;

	if (given && strcmp(given, "0") != 0 &&
	    !text_option_u64(&value, given, INTERVAL_LEAST_S, INTERVAL_MOST_S, "--interval", e))
		return false;
	*seconds = (int)value;
	return true;
}

static bool from_options(struct connection *c, const struct invocation *in, const struct app *app,
			 struct err *e)
{
	*c = (struct connection){
		.broker = app->conf->broker,
		.name = in->word[0],
		.issuer = talloc_strdup(in->mem, invocation_option(in, "--insurer")),
		.sts_url = talloc_strdup(in->mem, invocation_option(in, "--sts")),
		.transfer_url = talloc_strdup(in->mem, invocation_option(in, "--transfer")),
		.username = talloc_strdup(in->mem, invocation_option(in, "--user")),
		.consumer_id = talloc_strdup(in->mem, invocation_option(in, "--consumer-id")),
	};
	return full_path(&c->secret_file, invocation_option(in, "--password-file"),
			 "--password-file", in->mem, e) &&
	       full_path(&c->ca_file, invocation_option(in, "--ca"), "--ca", in->mem, e) &&
	       interval_of(&c->poll_interval_s, in, e);
}

static int connection_add_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);
	bool allow_plain = invocation_option(in, "--allow-plain") != NULL;
	const struct insurer *insurer;
	struct connection c;

	if (!app || !insurer_of(&insurer, app, invocation_option(in, "--insurer"), e) ||
	    !from_options(&c, in, app, e) ||
	    !connection_check(&c, &insurer->profile, allow_plain, e))
		return EX_SOFTWARE;
	/* Not kept: a file that cannot be used shall be found now, not at night. */
	if (!connection_secret(&c, in->mem, e) || !connection_add(app->db, &c, e))
		return EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out, "connection %s added; `vorpost connection test %s` tries it\n",
			c.name, c.name);
	return EX_OK;
}

/* ---- change, remove ---- */

static void text_changed(char **to, const struct invocation *in, const char *option)
{
	const char *given = invocation_option(in, option);

	if (given)
		*to = *given ? talloc_strdup(in->mem, given) : NULL;
}

static bool path_changed(char **to, const struct invocation *in, const char *option, struct err *e)
{
	const char *given = invocation_option(in, option);

	return !given || full_path(to, given, option, in->mem, e);
}

/* What is given replaces, what is not given stays. */
static bool changed_by_options(struct connection *c, const struct invocation *in, struct err *e)
{
	text_changed(&c->sts_url, in, "--sts");
	text_changed(&c->transfer_url, in, "--transfer");
	text_changed(&c->username, in, "--user");
	text_changed(&c->consumer_id, in, "--consumer-id");
	return path_changed(&c->secret_file, in, "--password-file", e) &&
	       path_changed(&c->ca_file, in, "--ca", e) &&
	       (!invocation_option(in, "--interval") || interval_of(&c->poll_interval_s, in, e));
}

static int connection_change_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);
	bool allow_plain = invocation_option(in, "--allow-plain") != NULL;
	const struct insurer *insurer;
	struct connection *c;

	if (!app || !connection_load(&c, app->db, app->conf->broker, in->word[0], in->mem, e) ||
	    !insurer_of(&insurer, app, c->issuer, e) || !changed_by_options(c, in, e) ||
	    !connection_check(c, &insurer->profile, allow_plain, e) ||
	    !connection_secret(c, in->mem, e) || !connection_change(app->db, c, e))
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
	static const char *const heads[] = { "connection",   "insurer",  "state",    "last_attempt",
					     "last_success", "next_due", "failures", "error" };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct connection *all;
	struct listing *list;
	size_t count;

	if (!app || !connection_all(&all, &count, app->db, app->conf->broker, in->mem, e))
		return EX_SOFTWARE;
	list = listing_new(in->mem, sizeof heads / sizeof *heads, heads);
	listing_numbers(list, 6, 6);
	for (size_t i = 0; i < count; i++) {
		const struct connection *c = &all[i];

		listing_row(list, (const char *const[]){
					  c->name, c->issuer, c->paused ? "paused" : "active",
					  c->last_attempt_at, c->last_success_at,
					  c->paused ? NULL : c->due_at,
					  talloc_asprintf(in->mem, "%d", c->failures),
					  c->paused ? c->pause_reason : c->last_error });
	}
	listing_print(list, in->output, in->out);
	return EX_OK;
}

/* ---- test ---- */

static void say_list(const struct invocation *in, const struct shipment_list *list)
{
	fprintf(in->out, "list      good: %zu shipment%s waiting\n", list->count,
		list->count == 1 ? "" : "s");
	if (list->count)
		fprintf(in->out, "          the first is %s\n",
			text_shown(list->items[0].id, SHOWN_MOST, in->mem));
}

/* Nothing is downloaded and nothing acknowledged. With BestaetigeLieferungen true some insurers might confirm while
 * listing (docs/bipro.md), which is why the flag is told. */
static bool try_out(const struct invocation *in, struct session *session, struct err *e)
{
	struct shipment_list list;

	if (!token_get(session, e))
		return false;
	fprintf(in->out, "login     good: the token service knows user and password\n");
	if (!transfer_list(&list, session, in->mem, e))
		return false;
	say_list(in, &list);
	return true;
}

static void say_connection(const struct invocation *in, const struct connection *c,
			   const struct profile *profile)
{
	fprintf(in->out, "insurer   %s, BiPRO %s\n", c->issuer, profile->transfer_version);
	fprintf(in->out, "trust     %s\n",
		c->ca_file ? c->ca_file : "the system's certificate authorities");
	if (profile->flag == FLAG_TRUE)
		fprintf(in->out,
			"note      this insurer's profile lists with BestaetigeLieferungen true\n");
	if (c->paused)
		fprintf(in->out, "note      the connection is paused: %s\n",
			c->pause_reason ? c->pause_reason : "no reason given");
}

static int connection_test_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);
	const struct session_options options = {
		.allow_plain = invocation_option(in, "--allow-plain") != NULL,
	};
	const struct insurer *insurer;
	struct connection *c;
	struct session *session;
	bool ok;

	if (!app || !connection_load(&c, app->db, app->conf->broker, in->word[0], in->mem, e) ||
	    !insurer_of(&insurer, app, c->issuer, e) ||
	    !(session = session_new(c, &insurer->profile, &options, in->mem, e)))
		return EX_SOFTWARE;
	say_connection(in, c, &insurer->profile);
	ok = try_out(in, session, e);
	session_close(session);
	if (!ok)
		return err_exit_code(e);
	fprintf(in->out, "the connection works; nothing was downloaded or acknowledged\n");
	return EX_OK;
}

/* ---- pause, resume ---- */

static int connection_pause_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	const char *reason = invocation_option(in, "--reason");

	if (!app || !connection_pause(app->db, app->conf->broker, in->word[0],
				      reason ? reason : "paused by the operator", e))
		return EX_SOFTWARE;
	return EX_OK;
}

static int connection_resume_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);

	if (!app || !connection_resume(app->db, app->conf->broker, in->word[0], e))
		return EX_SOFTWARE;
	return EX_OK;
}

#define PLAIN_NOT_KEPT                                                                             \
	"http:// to this machine, for tests; not kept: test, poll and serve need the option, too"

static const struct option_spec add_options[] = {
	{ "--insurer", "ISSUER", "key of the insurer file" },
	{ "--sts", "URL", "address of the security token service" },
	{ "--transfer", "URL", "address of the transfer service" },
	{ "--user", "NAME", "user name of the technical access" },
	{ "--password-file", "FILE", "holds the password; only its owner may read it" },
	{ "--ca", "FILE", "trust only these certificate authorities (PEM)" },
	{ "--consumer-id", "ID", "ConsumerID, where the insurer wants one" },
	{ "--interval", "SECONDS", "between two rounds (default: the insurer file's)" },
	{ "--allow-plain", NULL, PLAIN_NOT_KEPT },
	{ 0 },
};

static const struct option_spec change_options[] = {
	{ "--sts", "URL", "address of the security token service" },
	{ "--transfer", "URL", "address of the transfer service" },
	{ "--user", "NAME", "user name of the technical access" },
	{ "--password-file", "FILE", "holds the password; only its owner may read it" },
	{ "--ca", "FILE", "trust only these certificate authorities; '': the system's" },
	{ "--consumer-id", "ID", "ConsumerID; '': none" },
	{ "--interval", "SECONDS", "between two rounds; 0: the insurer file's" },
	{ "--allow-plain", NULL, PLAIN_NOT_KEPT },
	{ 0 },
};

static const struct option_spec test_options[] = {
	{ "--allow-plain", NULL, "http:// to this machine, for tests and benchmarks" },
	{ 0 },
};

static const struct option_spec pause_options[] = {
	{ "--reason", "TEXT", "shown in the list" },
	{ 0 },
};

const struct command connection_commands[] = {
	{ "connection add", "NAME", 1, 1, add_options, "ask one more insurer", connection_add_run },
	{ "connection change", "NAME", 1, 1, change_options,
	  "another address, credential or interval; the rest stays", connection_change_run },
	{ "connection remove", "NAME", 1, 1, NULL, "forget one of which no shipment is known",
	  connection_remove_run },
	{ "connection list", "", 0, 0, NULL,
	  "state, last attempt, last success and next round of each", connection_list_run },
	{ "connection test", "NAME", 1, 1, test_options, "log in and list, download nothing",
	  connection_test_run },
	{ "connection pause", "NAME", 1, 1, pause_options, "do not ask this insurer until resumed",
	  connection_pause_run },
	{ "connection resume", "NAME", 1, 1, NULL, "ask it again, at once", connection_resume_run },
	{ 0 },
};
