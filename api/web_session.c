#include "api/web_session.h"

#include <stdio.h>
#include <string.h>

#include "api/problem.h"
#include "api/token.h"
#include "api/user.h"

#define PREFIX "vps_"
#define PLAIN  "vorpost_session"
#define SECURE "__Host-vorpost"
#define FIXED  "Path=/; HttpOnly; SameSite=Strict"

static bool is_secure(const struct request *request)
{
	const char *url = request->api->conf.web.url;

	return url && !strncmp(url, "https://", 8);
}

static const char *cookie_of(const struct request *request)
{
	return request_cookie(request, is_secure(request) ? SECURE : PLAIN);
}

/* An empty value and no age: the browser forgets it. */
static void cookie_set(struct request *request, const char *value, int age_s)
{
	bool secure = is_secure(request);

	reply_head(request, "Set-Cookie",
		   talloc_asprintf(request, "%s=%s; Max-Age=%d; " FIXED "%s",
				   secure ? SECURE : PLAIN, value, age_s,
				   secure ? "; Secure" : ""));
}

static const char *csrf_of(struct request *request, const char *cookie)
{
	char *digest = talloc_zero_size(request, DIGEST_TEXT_SIZE);
	char *text = talloc_asprintf(request, "vorpost csrf %s", cookie);

	token_digest(digest, text);
	talloc_free(text);
	return digest;
}

static char *id_of(struct request *request, const char *cookie)
{
	return talloc_strndup(request, cookie + strlen(PREFIX), TOKEN_ID_LEN);
}

/* ---- finding ---- */

bool web_session_given(const struct request *request)
{
	return cookie_of(request) != NULL;
}

static struct rows *rows_find(struct request *request, const char *id, struct err *e)
{
	char idle[16];
	struct rows *rows = NULL;

	snprintf(idle, sizeof idle, "%d", request->api->conf.web.idle_s);
	return api_call(request->api, SQL_session_find, &rows, request, e, id, idle) ? rows : NULL;
}

static void caller_take(struct request *request, const char *id, const struct rows *rows)
{
	struct caller *caller = &request->caller;

	caller->broker = rows_text(rows, 0, "broker");
	caller->by = caller->user = caller->name = rows_text(rows, 0, "name");
	caller->shown = rows_text(rows, 0, "shown");
	caller->role = role_read(rows_text(rows, 0, "role"));
	caller->scopes = role_scopes(caller->role);
	caller->is_session = true;
	caller->token_id = id;
	api_act(request->api, caller->broker);
	if (rows_bool(rows, 0, "note")) /* a failure harms nobody */
		api_call(request->api, SQL_session_used, NULL, request, NULL, caller->broker, id);
}

static bool over(struct request *request)
{
	problem(request, PROBLEM_SESSION, "the session is over; log in again");
	cookie_set(request, "", 0);
	return false;
}

bool web_session_check(struct request *request)
{
	const char *cookie = cookie_of(request);
	char digest[DIGEST_TEXT_SIZE];
	struct rows *rows;
	struct err e = { 0 };
	char *id;

	if (!token_shaped(cookie, PREFIX))
		return over(request);
	id = id_of(request, cookie);
	token_digest(digest, cookie);
	rows = rows_find(request, id, &e);
	if (!rows)
		return problem_of(request, &e);
	if (!token_digest_equal(rows_count(rows) ? rows_text(rows, 0, "digest") : NULL, digest))
		return over(request);
	caller_take(request, id, rows); /* the rows live as long as the request */
	return true;
}

bool web_session_stands(struct request *request)
{
	struct err e = { 0 };
	struct rows *rows = rows_find(request, request->caller.token_id, &e);
	bool stands = !rows || rows_count(rows) == 1;

	talloc_free(rows);
	return stands;
}

const char *web_session_csrf(struct request *request)
{
	return csrf_of(request, cookie_of(request));
}

/* ---- opening and closing ---- */

/* Whoever logs in again in the same browser has one session, not two. */
static void before_end(struct request *request, const char *broker)
{
	const char *cookie = cookie_of(request);
	char digest[DIGEST_TEXT_SIZE];
	struct rows *rows;
	char *id;

	if (!cookie || !token_shaped(cookie, PREFIX))
		return;
	id = id_of(request, cookie);
	token_digest(digest, cookie);
	rows = rows_find(request, id, NULL);
	if (rows && rows_count(rows) && token_digest_equal(rows_text(rows, 0, "digest"), digest))
		api_call(request->api, SQL_session_end, NULL, request, NULL, broker, id);
}

bool web_session_open(const char **csrf, struct request *request, const char *broker,
		      const char *user)
{
	const struct web_conf *web = &request->api->conf.web;
	char most[16];
	struct token token;
	struct err e = { 0 };
	bool ok;

	snprintf(most, sizeof most, "%d", web->most_s);
	before_end(request, broker);
	ok = token_make_as(&token, PREFIX, &e) &&
	     api_call(request->api, SQL_session_add, NULL, request, &e, broker, token.id,
		      token.digest, user, request->address, most);
	if (ok) {
		cookie_set(request, token.text, web->most_s);
		*csrf = csrf_of(request, token.text);
	}
	token_wipe(&token);
	return ok || problem_of(request, &e);
}

bool web_session_close(struct request *request)
{
	struct err e = { 0 };

	if (!api_call(request->api, SQL_session_end, NULL, request, &e, request->caller.broker,
		      request->caller.token_id))
		return problem_of(request, &e);
	cookie_set(request, "", 0);
	return true;
}
