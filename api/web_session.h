/*
 * web_session.h -- a person who logged in: a cookie with "vps_" and the rest of a token (api/token.h), of which the database knows
 * the SHA-256. It is made at each login, never taken over from before.
 *
 * Over https the cookie is __Host-vorpost, else vorpost_session; no script sees it, and no other site's request carries it.
 * Whatever changes something must show the CSRF token in the header X-CSRF-Token: it follows from the cookie, which nobody
 * but the page and we can read.
 */
#ifndef API_WEB_SESSION_H
#define API_WEB_SESSION_H

#include <stdbool.h>

#include "api/request.h"

/* Open one for this user, end the one that the request came with, and set the cookie. csrf: child of the request. Answers and
 * returns false if it cannot be done. */
bool web_session_open(const char **csrf, struct request *request, const char *broker,
		      const char *user);

/* Did the request bring a session cookie? */
bool web_session_given(const struct request *request);

/* Who is it? Fills request->caller. Refuses 401 session, and drops the cookie; 503. */
bool web_session_check(struct request *request);

/* Does it still stand? True also while the database is away. */
bool web_session_stands(struct request *request);

/* End the session of the caller, and drop the cookie. */
bool web_session_close(struct request *request);

/* Of the cookie that the request came with; child of the request. */
const char *web_session_csrf(struct request *request);

#endif
