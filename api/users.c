/* users.c -- accounts, their sessions and the audit log over HTTP: the table route_users, for who has the scope users. */
#include <string.h>

#include "api/audit.h"
#include "api/hasher.h"
#include "api/page.h"
#include "api/problem.h"
#include "api/route.h"
#include "api/token.h"
#include "api/user.h"
#include "base/text.h"

#define BODY_MOST 8192

/* ---- lists ---- */

static json_t *user_json(const struct rows *rows, int i)
{
	return json_pack("{s:s, s:s, s:s, s:b, s:s, s:s?}", "user", rows_text(rows, i, "name"),
			 "name", rows_text(rows, i, "shown"), "role", rows_text(rows, i, "role"),
			 "disabled", rows_bool(rows, i, "disabled"), "created_at",
			 rows_text(rows, i, "created_at"), "last_login_at",
			 rows_text(rows, i, "last_login_at"));
}

static json_t *user_item(struct request *request, const struct rows *rows, int i)
{
	(void)request;
	return user_json(rows, i);
}

static const struct page_key by_name[] = { { "name", 't', "" } };

static enum handled users_list(struct request *request)
{
	struct page page;
	struct rows *rows = NULL;
	struct err e = { 0 };

	if (!page_read(&page, request, by_name, 1))
		return HANDLED;
	if (api_call(request->api, SQL_user_list, &rows, request, &e, request->caller.broker, NULL,
		     page.key[0], page.limit))
		page_answer(request, &page, rows, user_item);
	else
		problem_of(request, &e);
	return HANDLED;
}

/* One user; NULL: answered, because there is none or the database is away. */
static struct rows *user_find(struct request *request, const char *name)
{
	struct rows *rows = NULL;
	struct err e = { 0 };

	if (!api_call(request->api, SQL_user_list, &rows, request, &e, request->caller.broker, name,
		      "", "1"))
		problem_of(request, &e);
	else if (!rows_count(rows))
		problem_german(request, PROBLEM_MISSING, NULL, "Diesen Benutzer gibt es nicht.",
			       "there is no such user");
	return request->reply.status ? NULL : rows;
}

static void user_reply(struct request *request, unsigned status, const char *name)
{
	struct rows *rows = user_find(request, name);

	if (rows)
		reply_json(request, status, user_json(rows, 0));
}

/* ---- adding and changing ---- */

/* What is wanted of an account; NULL stays as it is. */
struct wanted {
	const char *user, *shown, *role, *password;
	const char *disabled; /* "t", "f" */
	bool add;
	struct hashing *hashing; /* of the password, if there is one */
};

static bool role_known(struct request *request, const char *role)
{
	return !role || role_read(role) ||
	       problem_more(request, PROBLEM_CONTENT, json_pack("{s:s}", "member", "role"),
			    "role: expected clerk, lead, operator or read-only");
}

static bool password_fits(struct request *request, const struct wanted *wanted)
{
	struct err e = { 0 };

	return !wanted->password || password_check(wanted->password, wanted->user, &e) ||
	       problem_german(
		       request, PROBLEM_CONTENT, json_pack("{s:s}", "member", "password"),
		       "Das Passwort ist zu kurz oder zu leicht zu erraten (mindestens 12 Zeichen).",
		       "%s", e.text);
}

static bool add_read(struct wanted *wanted, struct request *request)
{
	struct err e = { 0 };

	wanted->add = true;
	if (!request_json(request, "user,name,role,password") ||
	    !json_take_text(&wanted->user, request, "user", MUST, USER_NAME_MOST) ||
	    !json_take_text(&wanted->shown, request, "name", MAY, USER_SHOWN_MOST) ||
	    !json_take_text(&wanted->role, request, "role", MUST, USER_NAME_MOST) ||
	    !json_take_text(&wanted->password, request, "password", MUST, PASSWORD_MOST))
		return false;
	if (!wanted->shown)
		wanted->shown = wanted->user;
	if (!user_name_check(wanted->user, &e))
		return problem_more(request, PROBLEM_CONTENT, json_pack("{s:s}", "member", "user"),
				    "%s", e.text);
	return role_known(request, wanted->role) && password_fits(request, wanted);
}

static bool change_read(struct wanted *wanted, struct request *request)
{
	bool disabled;

	wanted->user = request->param;
	if (!request_json(request, "name,role,disabled,password") ||
	    !json_take_text(&wanted->shown, request, "name", MAY, USER_SHOWN_MOST) ||
	    !json_take_text(&wanted->role, request, "role", MAY, USER_NAME_MOST) ||
	    !json_take_flag(&disabled, request, "disabled", false) ||
	    !json_take_text(&wanted->password, request, "password", MAY, PASSWORD_MOST))
		return false;
	if (json_is_boolean(json_object_get(request->json, "disabled")))
		wanted->disabled = disabled ? "t" : "f";
	return role_known(request, wanted->role) && password_fits(request, wanted);
}

static bool add_do(struct db *db, const struct wanted *wanted, struct request *request,
		   struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(db, SQL_user_add, &rows, request, e, request->caller.broker, wanted->user,
		     wanted->shown, wanted->role, wanted->hashing->stored, request->caller.by))
		return false;
	return rows_count(rows) ? audit_note_with(db, request, "user.add", wanted->user, e)
				: err_set(e, ERR_CONFLICT, "there is a user of this name");
}

static bool change_do(struct db *db, const struct wanted *wanted, struct request *request,
		      struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(db, SQL_user_change, &rows, request, e, request->caller.broker, wanted->user,
		     wanted->shown, wanted->role, wanted->disabled,
		     wanted->hashing ? wanted->hashing->stored : NULL, ""))
		return false;
	if (!rows_bool(rows, 0, "found"))
		return err_set(e, ERR_MISSING, "there is no such user");
	if (rows_bool(rows, 0, "kept"))
		return err_set(e, ERR_REFUSED, "this is the last lead who can log in");
	return audit_note_with(db, request, "user.change", wanted->user, e);
}

struct work {
	struct request *request;
	const struct wanted *wanted;
};

static bool wanted_work(struct db *db, void *arg, struct err *e)
{
	const struct work *work = arg;

	return work->wanted->add ? add_do(db, work->wanted, work->request, e)
				 : change_do(db, work->wanted, work->request, e);
}

static void wanted_do(struct request *request, const struct wanted *wanted)
{
	struct work work = { request, wanted };
	struct err e = { 0 };

	if (wanted->hashing && !wanted->hashing->stored)
		err_set(&e, ERR_BUG, "no memory to digest a password");
	else if (api_together(request->api, wanted_work, &work, &e))
		user_reply(request, wanted->add ? 201 : 200, wanted->user);
	if (e.kind == ERR_CONFLICT)
		problem_german(request, PROBLEM_CONFLICT, NULL,
			       "Diesen Benutzernamen gibt es schon.", "%s", e.text);
	else if (e.kind == ERR_REFUSED)
		problem_german(request, PROBLEM_CONFLICT, NULL,
			       "Das ist die letzte Leitung, die sich anmelden kann.", "%s", e.text);
	else if (e.kind == ERR_MISSING)
		problem_german(request, PROBLEM_MISSING, NULL, "Diesen Benutzer gibt es nicht.",
			       "%s", e.text);
	else if (e.kind)
		problem_of(request, &e);
}

/* A password is digested first, beside the loop. False: answered. */
static bool wanted_begin(struct request *request, struct wanted *wanted)
{
	if (!(wanted->add ? add_read(wanted, request) : change_read(wanted, request)))
		return false;
	if (!wanted->password)
		return true;
	wanted->hashing = hasher_make(request->api->hasher, wanted->password, request);
	if (!wanted->hashing)
		return problem(request, PROBLEM_THROTTLED, "too many log in at this moment");
	request->ready = wanted->hashing->ready;
	return true;
}

static enum handled wanted_take(struct request *request, bool add)
{
	struct wanted *wanted = request->state;

	if (!wanted) {
		request->state = wanted = talloc_zero(request, struct wanted);
		wanted->add = add;
		if (!wanted_begin(request, wanted))
			return HANDLED;
	}
	if (!wanted->hashing || hashing_ready(wanted->hashing))
		return wanted_do(request, wanted), HANDLED;
	request->wake_at_ms = INT64_MAX;
	return HANDLED_WAITS;
}

static enum handled user_add(struct request *request)
{
	return wanted_take(request, true);
}

static enum handled user_change(struct request *request)
{
	return wanted_take(request, false);
}

/* ---- sessions ---- */

static enum handled sessions_list(struct request *request)
{
	const struct caller *caller = &request->caller;
	struct page page;
	struct rows *rows = NULL;
	struct err e = { 0 };
	json_t *items;

	if (!page_read(&page, request, by_name, 1) || !user_find(request, request->param))
		return HANDLED;
	if (!api_call(request->api, SQL_session_list, &rows, request, &e, caller->broker,
		      request->param))
		return problem_of(request, &e), HANDLED;
	items = json_array();
	for (int i = 0; i < rows_count(rows); i++) {
		const char *id = rows_text(rows, i, "session_id");

		json_array_append_new(
			items, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "session_id", id,
					 "user", rows_text(rows, i, "name"), "created_at",
					 rows_text(rows, i, "created_at"), "last_used_at",
					 rows_text(rows, i, "last_used_at"), "expires_at",
					 rows_text(rows, i, "expires_at"), "address",
					 rows_text(rows, i, "address"), "current",
					 caller->is_session && !strcmp(id, caller->token_id)));
	}
	reply_json(request, 200, json_pack("{s:o, s:n}", "items", items, "next"));
	return HANDLED;
}

static bool session_work(struct db *db, void *arg, struct err *e)
{
	struct request *request = arg;
	struct rows *rows = NULL;

	if (!db_call(db, SQL_session_end, &rows, request, e, request->caller.broker,
		     request->param))
		return false;
	return rows_count(rows)
		       ? audit_note_with(db, request, "session.end", rows_text(rows, 0, "name"), e)
		       : err_set(e, ERR_MISSING, "there is no such session");
}

static enum handled session_end(struct request *request)
{
	struct err e = { 0 };

	if (api_together(request->api, session_work, request, &e))
		reply_text(request, 204, "text/plain", "");
	else if (e.kind == ERR_MISSING)
		problem_german(request, PROBLEM_MISSING, NULL, "Diese Sitzung gibt es nicht mehr.",
			       "%s", e.text);
	else
		problem_of(request, &e);
	return HANDLED;
}

/* ---- the audit log ---- */

static json_t *audit_json(const struct rows *rows, int i)
{
	return json_pack("{s:s, s:s, s:s, s:s?, s:s?}", "at", rows_text(rows, i, "at"), "user",
			 rows_text(rows, i, "name"), "action", rows_text(rows, i, "action"),
			 "object", rows_text(rows, i, "object"), "address",
			 rows_text(rows, i, "address"));
}

static json_t *audit_item(struct request *request, const struct rows *rows, int i)
{
	(void)request;
	return audit_json(rows, i);
}

static const struct page_key latest_first[] = { { "audit_id", 'n', "9223372036854775807" } };

static enum handled audit_list(struct request *request)
{
	struct page page;
	struct rows *rows = NULL;
	struct err e = { 0 };

	if (!page_read(&page, request, latest_first, 1))
		return HANDLED;
	if (api_call(request->api, SQL_audit_list, &rows, request, &e, request->caller.broker,
		     request_argument(request, "user"), request_argument(request, "action"),
		     request_argument(request, "object"), page.key[0], page.limit))
		page_answer(request, &page, rows, audit_item);
	else
		problem_of(request, &e);
	return HANDLED;
}

/* ---- the table ---- */

static const struct route routes[] = {
	{ "GET", "/api/v1/users", SCOPE_USERS, "limit,cursor", 0, users_list },
	{ "POST", "/api/v1/users", SCOPE_USERS, "", BODY_MOST, user_add },
	{ "PATCH", "/api/v1/users/{user}", SCOPE_USERS, "", BODY_MOST, user_change },
	{ "GET", "/api/v1/users/{user}/sessions", SCOPE_USERS, "limit,cursor", 0, sessions_list },
	{ "DELETE", "/api/v1/sessions/{session}", SCOPE_USERS, "", 0, session_end },
	{ "GET", "/api/v1/audit", SCOPE_USERS | WEIGHS(1), "limit,cursor,user,action,object", 0,
	  audit_list },
};

const struct route_table route_users = { routes, sizeof routes / sizeof *routes };
