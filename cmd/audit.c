/* audit.c -- `vorpost audit list`: who decided and who looked at what; and the lines that commands add. */
#include "cmd/audit.h"

#include <stdlib.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/row_list.h"

#define LIST_DEFAULT "1000"
#define LIST_MOST    100000
#define SHOWN_MOST   100
#define LAST         "9223372036854775807"

bool audit_hand(const struct app *app, const struct invocation *in, const char *action,
		const char *object, struct err *e)
{
	return db_call(app->db, SQL_audit_add, NULL, in->mem, e, app->conf->broker,
		       app_person(NULL, in->mem), action, object, NULL);
}

bool audit_close(bool ok, const struct app *app, const struct invocation *in, const char *action,
		 const char *object, struct err *e)
{
	if (ok && audit_hand(app, in, action, object, e))
		return db_commit(app->db, e);
	db_rollback(app->db);
	return false;
}

static bool trail_leave(struct db *db, const char *document_id, void *arg, struct err *e)
{
	const struct audit_trail *trail = arg;

	return db_call(db, SQL_audit_add, NULL, NULL, e, trail->broker, trail->by, trail->action,
		       document_id, NULL);
}

void audit_decision(struct audit_trail *trail, struct decision *decision, const char *broker,
		    const char *action)
{
	*trail = (struct audit_trail){ broker, decision->by, action };
	decision->with = trail_leave;
	decision->with_arg = trail;
}

static int audit_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "at", "name", "action", "object", "address" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	const char *limit = invocation_option(in, "--limit");
	struct app *app;
	struct rows *rows;
	struct listing *list;
	uint64_t most;

	if (limit && !text_option_u64(&most, limit, 1, LIST_MOST, "--limit", e))
		return EX_USAGE;
	if (!(app = app_open(in, APP_DATABASE, e)) ||
	    !db_call(app->db, SQL_audit_list, &rows, in->mem, e, app->conf->broker,
		     invocation_option(in, "--user"), invocation_option(in, "--action"),
		     invocation_option(in, "--object"), LAST, limit ? limit : LIST_DEFAULT))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	rows_list(list, rows, COLUMNS, heads, SHOWN_MOST, in);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

static const struct option_spec list_options[] = {
	{ "--user", "NAME", "only what this one did" },
	{ "--action", "WORD", "only this, as document.assign, connection.pause, refused" },
	{ "--object", "ID", "only what was done to this" },
	{ "--limit", "N", "at most so many (default: 1000)" },
	{ 0 },
};

const struct command audit_commands[] = {
	{ "audit list", "", 0, 0, list_options,
	  "who decided, who looked at what, and who was refused; latest first", audit_list_run },
	{ 0 },
};
