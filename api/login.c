#include "api/login.h"

#include <string.h>
#include <strings.h>

#include "api/audit.h"
#include "api/hasher.h"
#include "api/problem.h"
#include "api/proxy.h"
#include "api/route.h"
#include "api/token.h"
#include "api/user.h"
#include "api/web_session.h"

#define BODY_MOST       8192
#define HERE_MOST       5
#define OF_NAME_MOST    25
#define OF_ADDRESS_MOST 50
#define WINDOW_S        900 /* in which they are counted (user_login.sql) */

/* What POST /login waits with. */
struct login {
	const char *user, *broker; /* broker NULL: there is no such user */
	bool disabled;
	struct hashing *hashing;
};

/* ---- who is it? ---- */

static json_t *scopes_json(unsigned scopes)
{
	json_t *list = json_array();

	for (unsigned bit = 1; bit <= SCOPE_USERS; bit <<= 1)
		if (scopes & bit)
			json_array_append_new(list, json_string(scope_name((enum scope)bit)));
	return list;
}

/* What the browser prefers, of the two that there are. */
static const char *language_of(const struct request *request)
{
	const char *wanted = request_header(request, "Accept-Language");

	return wanted && !strncasecmp(wanted, "en", 2) ? "en" : "de";
}

json_t *me_json(const struct request *request, const char *csrf)
{
	const struct caller *caller = &request->caller;

	return json_pack("{s:s, s:s, s:s?, s:s, s:o, s:s?, s:s}", "user", caller->by, "name",
			 caller->shown, "role", caller->role ? role_name(caller->role) : NULL,
			 "broker", caller->broker, "scopes", scopes_json(caller->scopes), "csrf",
			 csrf, "language", language_of(request));
}

static enum handled me_show(struct request *request)
{
	const char *csrf = request->caller.is_session ? web_session_csrf(request) : NULL;

	reply_json(request, 200, me_json(request, csrf));
	return HANDLED;
}

/* ---- logging in ---- */

static bool too_often(struct request *request, const struct rows *rows)
{
	if (rows_int(rows, 0, "here") < HERE_MOST && rows_int(rows, 0, "of_name") < OF_NAME_MOST &&
	    rows_int(rows, 0, "of_address") < OF_ADDRESS_MOST)
		return false;
	request->reply.retry_after_s = WINDOW_S;
	problem_german(
		request, PROBLEM_THROTTLED, NULL,
		"Zu viele Fehlversuche. Bitte versuchen Sie es in einer Viertelstunde noch einmal.",
		"too many logins failed; wait a quarter of an hour");
	return true;
}

static struct hashing *hashing_wait(struct request *request, struct hashing *hashing)
{
	if (!hashing)
		problem_german(request, PROBLEM_THROTTLED, NULL,
			       "Gerade melden sich sehr viele an. Bitte gleich noch einmal.",
			       "too many log in at this moment; ask again");
	else
		request->ready = hashing->ready;
	return hashing;
}

static bool login_begin(struct request *request, struct login *login)
{
	const char *password;
	struct rows *rows = NULL;
	struct err e = { 0 };

	if (!request_json(request, "user,password") ||
	    !json_take_text(&login->user, request, "user", MUST, USER_NAME_MOST) ||
	    !json_take_text(&password, request, "password", MUST, PASSWORD_MOST))
		return false;
	if (!api_call(request->api, SQL_user_login, &rows, request, &e, login->user,
		      request->address))
		return problem_of(request, &e);
	if (too_often(request, rows))
		return false;
	login->broker = rows_text(rows, 0, "broker");
	login->disabled = rows_bool(rows, 0, "disabled");
	login->hashing = hashing_wait(request, hasher_compare(request->api->hasher,
							      rows_text(rows, 0, "password"),
							      password, request));
	return login->hashing != NULL;
}

static void login_refuse(struct request *request, const struct login *login)
{
	struct err e = { 0 };

	api_act(request->api, login->broker);

	if (!api_call(request->api, SQL_login_failed, NULL, request, &e, login->user,
		      request->address))
		problem_of(request, &e);
	else if (!login->broker ||
		 audit_note_of(request, login->broker, login->user, "login.refused"))
		problem(request, PROBLEM_LOGIN, "the user's name or the password is wrong");
}

void login_done(struct request *request, const char *broker, const char *user)
{
	struct caller *caller = &request->caller;
	struct rows *rows = NULL;
	struct err e = { 0 };
	const char *csrf;

	api_act(request->api, broker);
	if (!api_call(request->api, SQL_user_logged_in, &rows, request, &e, broker, user,
		      request->address))
		problem_of(request, &e);
	else if (!rows_count(rows)) /* removed or disabled at this moment */
		problem(request, PROBLEM_LOGIN, "the user's name or the password is wrong");
	else if (web_session_open(&csrf, request, broker, user) &&
		 audit_note_of(request, broker, user, "login")) {
		caller->broker = broker;
		caller->by = user;
		caller->shown = rows_text(rows, 0, "shown");
		caller->role = role_read(rows_text(rows, 0, "role"));
		caller->scopes = role_scopes(caller->role);
		reply_json(request, 200, me_json(request, csrf));
	}
}

static enum handled login_take(struct request *request)
{
	struct login *login = request->state;

	if (!login) {
		request->state = login = talloc_zero(request, struct login);
		if (!login_begin(request, login))
			return HANDLED;
	}
	if (!hashing_ready(login->hashing)) {
		request->wake_at_ms = INT64_MAX;
		return HANDLED_WAITS;
	}
	if (login->hashing->right && login->broker && !login->disabled)
		login_done(request, login->broker, login->user);
	else
		login_refuse(request, login);
	return HANDLED;
}

static enum handled login_options(struct request *request)
{
	reply_json(request, 200,
		   json_pack("{s:b, s:b, s:b}", "password", 1, "proxy", proxy_logs_in(request),
			     "session", web_session_given(request)));
	return HANDLED;
}

static enum handled logout_take(struct request *request)
{
	if (!request->caller.is_session)
		problem(request, PROBLEM_SCOPE, "a token has no session; revoke it instead");
	else if (audit_note(request, "logout", NULL) && web_session_close(request))
		reply_text(request, 204, "text/plain", "");
	return HANDLED;
}

/* ---- one's own password ---- */

/* First the old one is compared, then the new one digested. */
struct change {
	const char *fresh;
	struct hashing *compare, *make;
};

static bool change_begin(struct request *request, struct change *change)
{
	const struct caller *caller = &request->caller;
	const char *current;
	struct rows *rows = NULL;
	struct err e = { 0 };

	if (!caller->is_session)
		return problem(request, PROBLEM_SCOPE, "a token has no password");
	if (!request_json(request, "current,password") ||
	    !json_take_text(&current, request, "current", MUST, PASSWORD_MOST) ||
	    !json_take_text(&change->fresh, request, "password", MUST, PASSWORD_MOST))
		return false;
	if (!password_check(change->fresh, caller->user, &e))
		return problem_german(
			request, PROBLEM_CONTENT, json_pack("{s:s}", "member", "password"),
			"Das neue Passwort ist zu kurz oder zu leicht zu erraten (mindestens 12 Zeichen).",
			"%s", e.text);
	if (!api_call(request->api, SQL_user_login, &rows, request, &e, caller->user,
		      request->address))
		return problem_of(request, &e);
	if (too_often(request, rows))
		return false;
	change->compare = hashing_wait(request, hasher_compare(request->api->hasher,
							       rows_text(rows, 0, "password"),
							       current, request));
	return change->compare != NULL;
}

static void change_refuse(struct request *request)
{
	struct err e = { 0 };

	if (!api_call(request->api, SQL_login_failed, NULL, request, &e, request->caller.user,
		      request->address))
		problem_of(request, &e);
	else
		problem_german(request, PROBLEM_LOGIN, NULL, "Das bisherige Passwort ist falsch.",
			       "the present password is wrong");
}

/* All his sessions end, this one as well: who knew its cookie knows nothing now. He goes on in a fresh one. */
static void change_store(struct request *request, const char *stored)
{
	const struct caller *caller = &request->caller;
	struct err e = { 0 };
	const char *csrf;

	if (!stored)
		err_set(&e, ERR_BUG, "no memory to digest a password");
	else if (audit_note(request, "user.password", caller->user) &&
		 api_call(request->api, SQL_user_change, NULL, request, &e, caller->broker,
			  caller->user, NULL, NULL, NULL, stored, "") &&
		 web_session_open(&csrf, request, caller->broker, caller->user))
		reply_json(request, 200, me_json(request, csrf));
	if (e.kind)
		problem_of(request, &e);
}

/* The old one was right: digest the new one. False: answered. */
static bool change_go_on(struct request *request, struct change *change)
{
	if (!change->compare->right)
		return change_refuse(request), false;
	change->make =
		hashing_wait(request, hasher_make(request->api->hasher, change->fresh, request));
	return change->make != NULL;
}

static enum handled password_take(struct request *request)
{
	struct change *change = request->state;

	if (!change) {
		request->state = change = talloc_zero(request, struct change);
		if (!change_begin(request, change))
			return HANDLED;
	}
	if (!change->make && hashing_ready(change->compare) && !change_go_on(request, change))
		return HANDLED;
	if (change->make && hashing_ready(change->make))
		return change_store(request, change->make->stored), HANDLED;
	request->wake_at_ms = INT64_MAX;
	return HANDLED_WAITS;
}

/* ---- the table ---- */

static const struct route routes[] = {
	{ "GET", "/api/v1/login/options", SCOPE_OPEN, "", 0, login_options },
	{ "POST", "/api/v1/login", SCOPE_OPEN, "", BODY_MOST, login_take },
	{ "POST", "/api/v1/logout", SCOPE_ANY, "", BODY_MOST, logout_take },
	{ "GET", "/api/v1/me", SCOPE_ANY, "", 0, me_show },
	{ "POST", "/api/v1/me/password", SCOPE_ANY, "", BODY_MOST, password_take },
};

const struct route_table route_login = { routes, sizeof routes / sizeof *routes };
