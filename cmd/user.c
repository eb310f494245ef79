/* user.c -- `vorpost user ...`: who may log in to the page. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "api/password.h"
#include "api/user.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/audit.h"
#include "cmd/commands.h"
#include "cmd/row_list.h"

#define SHOWN_MOST 80
#define LISTED     "1000000"

/* ---- passwords ---- */

/* The first line of a file or of standard input ("-"). */
static bool password_read(char password[PASSWORD_MOST + 2], const char *path, struct err *e)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	size_t len = 0;
	ssize_t n = -1;

	if (fd < 0)
		return err_set(e, ERR_USAGE, "cannot open %s: %s", path, strerror(errno));
	while (len < PASSWORD_MOST + 1 && !memchr(password, '\n', len) &&
	       (n = read(fd, password + len, PASSWORD_MOST + 1 - len)) > 0)
		len += (size_t)n;
	if (fd != STDIN_FILENO)
		close(fd);
	password[len] = '\0';
	password[strcspn(password, "\r\n")] = '\0';
	return n >= 0 || err_set(e, ERR_USAGE, "cannot read %s: %s", path, strerror(errno));
}

/* Of the file, or drawn; then it is shown once. */
struct secret {
	char text[PASSWORD_MOST + 2], stored[PASSWORD_SIZE];
	bool drawn;
};

static bool secret_make(struct secret *secret, const struct invocation *in, const char *user,
			struct err *e)
{
	const char *path = invocation_option(in, "--password-file");

	memset(secret, 0, sizeof *secret);
	secret->drawn = !path;
	if (secret->drawn)
		password_draw(secret->text);
	else if (!password_read(secret->text, path, e) || !password_check(secret->text, user, e))
		return false;
	return password_make(secret->stored, secret->text, e);
}

static void secret_show(const struct secret *secret, const char *user, const char *done,
			const struct invocation *in)
{
	if (in->output == OUTPUT_JSON) {
		fprintf(in->out, "{\"user\":\"%s\",\"password\":", user);
		fprintf(in->out, secret->drawn ? "\"%s\"}\n" : "null}\n", secret->text);
	} else if (in->quiet) {
		if (secret->drawn)
			fprintf(in->out, "%s\n", secret->text);
	} else if (secret->drawn) {
		fprintf(in->out,
			"user %s %s; the password is shown this once and kept nowhere:\n\n%s\n",
			user, done, secret->text);
	} else {
		fprintf(in->out, "user %s %s\n", user, done);
	}
}

/* ---- common ---- */

static bool role_known(const char *role, struct err *e)
{
	return !role || role_read(role) ||
	       err_set(e, ERR_USAGE, "there is no such role; clerk, lead, operator, read-only are");
}

static int no_such_user(const struct invocation *in, struct err *e)
{
	err_set(e, ERR_MISSING, "there is no user '%s'; `vorpost user list` shows them",
		text_shown(in->word[0], SHOWN_MOST, in->mem));
	return EX_NOINPUT;
}

static bool note(const struct app *app, const struct invocation *in, const char *action,
		 struct err *e)
{
	return audit_hand(app, in, action, in->word[0], e);
}

/* What was begun is done, or nothing is. */
static bool end_well(const struct app *app, bool ok, struct err *e)
{
	if (ok)
		return db_commit(app->db, e);
	db_rollback(app->db);
	return false;
}

/* ---- add ---- */

static bool user_insert(const struct app *app, const struct invocation *in, const char *stored,
			struct err *e)
{
	const char *shown = invocation_option(in, "--name");
	const char *role = invocation_option(in, "--role");
	struct rows *rows = NULL;

	if (!db_call(app->db, SQL_user_add, &rows, in->mem, e, app->conf->broker, in->word[0],
		     shown ? shown : in->word[0], role ? role : "clerk", stored,
		     app_person(NULL, in->mem)))
		return false;
	return rows_count(rows) ? note(app, in, "user.add", e)
				: err_set(e, ERR_REFUSED,
					  "there is a user %s already; names are one person in the "
					  "whole database",
					  in->word[0]);
}

static int user_add_run(struct invocation *in, struct err *e)
{
	bool elsewhere = invocation_option(in, "--no-password") != NULL;
	struct secret secret = { 0 };
	struct app *app;
	bool ok;

	if (!app_no_csv(in, e) || !user_name_check(in->word[0], e) ||
	    !role_known(invocation_option(in, "--role"), e) ||
	    !(app = app_open(in, APP_DATABASE, e)) ||
	    (!elsewhere && !secret_make(&secret, in, in->word[0], e)))
		return EX_SOFTWARE;
	ok = db_begin(app->db, e) &&
	     end_well(app, user_insert(app, in, elsewhere ? NULL : secret.stored, e), e);
	if (ok)
		secret_show(&secret, in->word[0], "may log in", in);
	password_wipe(&secret, sizeof secret);
	return ok ? EX_OK : EX_SOFTWARE;
}

/* ---- list ---- */

static int user_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "user",  "name",       "role",          "state",
					     "login", "created_at", "last_login_at", "sessions" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;
	struct listing *list;

	if (!app || !db_call(app->db, SQL_user_list, &rows, in->mem, e, app->conf->broker, NULL, "",
			     LISTED))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	listing_numbers(list, COLUMNS - 1, COLUMNS - 1);
	for (int i = 0; i < rows_count(rows); i++)
		listing_row(list,
			    (const char *const[]){
				    rows_text(rows, i, "name"), rows_text(rows, i, "shown"),
				    rows_text(rows, i, "role"),
				    rows_bool(rows, i, "disabled") ? "disabled" : "active",
				    rows_text(rows, i, "login"), rows_text(rows, i, "created_at"),
				    rows_text(rows, i, "last_login_at"),
				    rows_text(rows, i, "sessions") });
	listing_print(list, in->output, in->out);
	return EX_OK;
}

/* ---- change, remove ---- */

static bool change_do(bool *found, const struct app *app, const struct invocation *in,
		      const char *stored, struct err *e)
{
	const char *disabled = invocation_option(in, "--disable")  ? "t"
			       : invocation_option(in, "--enable") ? "f"
								   : NULL;
	struct rows *rows = NULL;

	if (!db_call(app->db, SQL_user_change, &rows, in->mem, e, app->conf->broker, in->word[0],
		     invocation_option(in, "--name"), invocation_option(in, "--role"), disabled,
		     stored, ""))
		return false;
	*found = rows_bool(rows, 0, "found");
	if (rows_bool(rows, 0, "kept"))
		return err_set(e, ERR_REFUSED,
			       "%s is the last lead who can log in; make another one first",
			       in->word[0]);
	return !*found || note(app, in, "user.change", e);
}

static int user_change_run(struct invocation *in, struct err *e)
{
	bool reset =
		invocation_option(in, "--password-file") || invocation_option(in, "--new-password");
	struct secret secret = { 0 };
	bool found = false, ok;
	struct app *app;

	if (invocation_option(in, "--disable") && invocation_option(in, "--enable"))
		return err_set(e, ERR_USAGE, "--disable and --enable exclude each other"), EX_USAGE;
	if (!app_no_csv(in, e) || !role_known(invocation_option(in, "--role"), e) ||
	    !(app = app_open(in, APP_DATABASE, e)) ||
	    (reset && !secret_make(&secret, in, in->word[0], e)))
		return EX_SOFTWARE;
	ok = db_begin(app->db, e) &&
	     end_well(app, change_do(&found, app, in, reset ? secret.stored : NULL, e), e);
	if (ok && found)
		secret_show(&secret, in->word[0], "is changed", in);
	password_wipe(&secret, sizeof secret);
	return !ok ? EX_SOFTWARE : found ? EX_OK : no_such_user(in, e);
}

static bool remove_do(bool *found, const struct app *app, const struct invocation *in,
		      struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(app->db, SQL_user_remove, &rows, in->mem, e, app->conf->broker, in->word[0]))
		return false;
	*found = rows_count(rows) > 0;
	return !*found || note(app, in, "user.remove", e);
}

static int user_remove_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	bool found = false;

	if (!app || !db_begin(app->db, e) || !end_well(app, remove_do(&found, app, in, e), e))
		return EX_SOFTWARE;
	if (!found)
		return no_such_user(in, e);
	if (!in->quiet)
		fprintf(in->out, "user %s is removed; what was done under the name stays\n",
			in->word[0]);
	return EX_OK;
}

/* ---- sessions ---- */

static int sessions_print(const struct app *app, struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "session_id",   "name",       "created_at",
					     "last_used_at", "expires_at", "address" };
	enum { COLUMNS = sizeof heads / sizeof *heads };
	struct rows *rows = NULL;
	struct listing *list;

	if (!db_call(app->db, SQL_session_list, &rows, in->mem, e, app->conf->broker,
		     in->words ? in->word[0] : NULL))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	rows_list(list, rows, COLUMNS, heads, 0, in);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

static int user_sessions_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows = NULL;

	if (!app)
		return EX_SOFTWARE;
	if (!invocation_option(in, "--end"))
		return sessions_print(app, in, e);
	if (!in->words)
		return err_set(e, ERR_USAGE, "--end needs the user whose sessions are to end"),
		       EX_USAGE;
	if (!db_call(app->db, SQL_session_end_all, &rows, in->mem, e, app->conf->broker,
		     in->word[0]) ||
	    !note(app, in, "session.end", e))
		return EX_SOFTWARE;
	if (!in->quiet)
		fprintf(in->out, "%d sessions of %s are over\n", rows_count(rows), in->word[0]);
	return EX_OK;
}

/* ---- the table ---- */

static const struct option_spec add_options[] = {
	{ "--name", "NAME", "as colleagues read it; default: the user's name" },
	{ "--role", "ROLE", "clerk (default), lead, operator, read-only" },
	{ "--password-file", "FILE", "its first line is the password; - is standard input" },
	{ "--no-password", NULL, "logs in elsewhere: at the proxy (`login_header:`)" },
	{ 0 },
};

static const struct option_spec change_options[] = {
	{ "--name", "NAME", "as colleagues read it" },
	{ "--role", "ROLE", "clerk, lead, operator, read-only; ends the sessions" },
	{ "--disable", NULL, "may not log in, and the sessions are over" },
	{ "--enable", NULL, "may log in again" },
	{ "--new-password", NULL, "draw one and show it once; ends the sessions" },
	{ "--password-file", "FILE", "its first line is the new password; - is standard input" },
	{ 0 },
};

static const struct option_spec sessions_options[] = {
	{ "--end", NULL, "end all sessions of USER" },
	{ 0 },
};

const struct command user_commands[] = {
	{ "user add", "USER", 1, 1, add_options,
	  "somebody may log in; without a file the password is drawn and shown once",
	  user_add_run },
	{ "user list", "", 0, 0, NULL, "who may log in, as what, and who did", user_list_run },
	{ "user change", "USER", 1, 1, change_options, "name, role, password; disable, enable",
	  user_change_run },
	{ "user remove", "USER", 1, 1, NULL, "the account and its sessions; the audit log stays",
	  user_remove_run },
	{ "user sessions", "[USER]", 0, 1, sessions_options, "who is logged in",
	  user_sessions_run },
	{ 0 },
};
