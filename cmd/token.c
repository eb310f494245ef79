/* token.c -- `vorpost token ...`: who may ask the HTTP API, for what. */
#include <string.h>
#include <sysexits.h>

#include "api/token.h"
#include "base/name.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/audit.h"
#include "cmd/commands.h"
#include "cmd/path.h"
#include "cmd/row_list.h"
#include "events/secret_file.h"

#define SHOWN_MOST 120

/* ---- add ---- */

struct wanted {
	const char *name, *consumer, *secret; /* of the options; the last two may be NULL */
	unsigned scopes;
	bool made; /* the secret file is new */
};

static bool wanted_read(struct wanted *wanted, const struct invocation *in, struct err *e)
{
	const char *scopes = invocation_option(in, "--scope");
	const char *secret = invocation_option(in, "--secret-file");

	*wanted = (struct wanted){ .name = in->word[0],
				   .consumer = invocation_option(in, "--consumer") };
	if (!scopes)
		return err_set(
			e, ERR_USAGE,
			"--scope is missing: events, events:broker, feedback, documents, decisions, stock, insurers, statistics, users");
	if (!name_check(wanted->name, "a token's name", e) ||
	    !scopes_read(&wanted->scopes, scopes, e) ||
	    (wanted->consumer && !name_check(wanted->consumer, "a consumer's name", e)))
		return false;
	if ((wanted->scopes & SCOPE_FEEDBACK || secret) && !wanted->consumer)
		return err_set(
			e, ERR_USAGE,
			"feedback is signed with the secret of a consumer: name it with --consumer");
	if (!secret)
		return true;
	wanted->secret = path_full(secret, in->mem, e);
	return wanted->secret &&
	       path_secret_ready(&wanted->made, wanted->secret, SECRET_V1, in->mem, e);
}

static bool token_insert(const struct token *token, const struct wanted *wanted,
			 const struct app *app, TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(app->db, SQL_token_add, &rows, mem, e, app->conf->broker, token->id,
		     wanted->name, token->digest, scopes_array(wanted->scopes, mem),
		     wanted->consumer, wanted->secret, app_person(NULL, mem))) {
		if (e->kind == ERR_CONFLICT) {
			err_clear(e);
			err_set(e, ERR_REFUSED,
				"there is a token %s already; `vorpost token revoke %s` ends it",
				wanted->name, wanted->name);
		}
		return false;
	}
	return !(wanted->scopes & SCOPE_FEEDBACK) || rows_text(rows, 0, "secret_file") ||
	       err_set(e, ERR_USAGE,
		       "the consumer %s has no secret yet: --secret-file FILE; one that does not exist is "
		       "made",
		       wanted->consumer);
}

static bool token_store(const struct token *token, const struct wanted *wanted,
			const struct app *app, const struct invocation *in, struct err *e)
{
	if (!db_begin(app->db, e))
		return false;
	return audit_close(token_insert(token, wanted, app, in->mem, e), app, in, "token.add",
			   wanted->name, e);
}

static void token_show(const struct token *token, const struct wanted *wanted,
		       const struct invocation *in)
{
	if (in->output == OUTPUT_JSON) {
		fprintf(in->out, "{\"name\":\"%s\",\"token_id\":\"%s\",\"token\":\"%s\"}\n",
			wanted->name, token->id, token->text);
		return;
	}
	if (in->quiet) {
		fprintf(in->out, "%s\n", token->text);
		return;
	}
	if (wanted->made)
		fprintf(in->out, "made %s with a fresh secret; the consumer needs the same\n",
			wanted->secret);
	fprintf(in->out, "token %s%s%s; it is shown this once and kept nowhere:\n\n%s\n",
		wanted->name, wanted->consumer ? " of the consumer " : "",
		wanted->consumer ? wanted->consumer : "", token->text);
}

static int token_add_run(struct invocation *in, struct err *e)
{
	struct wanted wanted;
	struct token token;
	struct app *app;
	bool ok;

	if (!app_no_csv(in, e) || !wanted_read(&wanted, in, e) ||
	    !(app = app_open(in, APP_DATABASE, e)) || !token_make(&token, e))
		return EX_SOFTWARE;
	ok = token_store(&token, &wanted, app, in, e);
	if (ok)
		token_show(&token, &wanted, in);
	token_wipe(&token);
	return ok ? EX_OK : EX_SOFTWARE;
}

/* ---- list, revoke ---- */

static int token_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "name",       "token_id",     "state",
					     "scopes",     "consumer",     "created_at",
					     "created_by", "last_used_at", "revoked_at" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	struct listing *list;

	if (!app || !db_call(app->db, SQL_token_list, &rows, in->mem, e, app->conf->broker))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	rows_list(list, rows, COLUMNS, heads, 0, in);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

static bool one_revoked(const struct rows *rows, const struct invocation *in, struct err *e)
{
	return rows_count(rows) ||
	       err_set(e, ERR_MISSING,
		       "no valid token has the name or id '%s'; `vorpost token list` shows them",
		       text_shown(in->word[0], SHOWN_MOST, in->mem));
}

static int token_revoke_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;

	if (!app || !db_begin(app->db, e))
		return EX_SOFTWARE;
	if (!audit_close(db_call(app->db, SQL_token_revoke, &rows, in->mem, e, app->conf->broker,
				 in->word[0]) &&
				 one_revoked(rows, in, e),
			 app, in, "token.revoke", in->word[0], e))
		return e->kind == ERR_MISSING ? EX_NOINPUT : EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out, "token %s is refused from now on\n",
			rows_text(rows, 0, "token_id"));
	return EX_OK;
}

/* ---- the table ---- */

static const struct option_spec add_options[] = {
	{ "--scope", "A,B",
	  "events, events:broker, feedback; documents, decisions, stock, insurers, statistics, users" },
	{ "--consumer", "NAME", "it keeps its position here; made if it does not exist" },
	{ "--secret-file", "FILE",
	  "the consumer's secret whsec_..., which signs its feedback; made if it does not exist" },
	{ 0 },
};

const struct command token_commands[] = {
	{ "token add", "NAME", 1, 1, add_options, "a new token for the HTTP API, shown once",
	  token_add_run },
	{ "token list", "", 0, 0, NULL, "all tokens, what they may, when they were used",
	  token_list_run },
	{ "token revoke", "NAME", 1, 1, NULL, "refuse it from now on; NAME or its id",
	  token_revoke_run },
	{ 0 },
};
