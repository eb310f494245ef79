/*
 * login.h -- logging in and out, and what a person may know and change about himself: the table route_login.
 *
 *	GET  /api/v1/login/options   {"password", "proxy"}
 *	POST /api/v1/login           {"user", "password"} -> who it is, and the cookie
 *	POST /api/v1/logout
 *	GET  /api/v1/me              who asks, what he may, and his CSRF token
 *	POST /api/v1/me/password     {"current", "password"}; ends all his sessions, this one goes on in a fresh one
 *
 * A wrong password, an unknown name and a disabled account are refused in the same words after the same work. Within a quarter
 * of an hour a name is let try 5 times from one address and 25 times from all, an address 50 times; after that also
 * the right password is refused.
 */
#ifndef API_LOGIN_H
#define API_LOGIN_H

#include <jansson.h>

#include "api/request.h"

/* Who the caller is, as GET /me says; csrf may be NULL. */
json_t *me_json(const struct request *request, const char *csrf);

/* He proved who he is: open the session, note it, answer 200 with who it is. */
void login_done(struct request *request, const char *broker, const char *user);

#endif
