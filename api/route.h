/*
 * route.h -- the closed tables of what can be asked: method, path, who may, what it takes, who answers. Each room that
 * answers has one; which of them a server knows is api_conf.tables.
 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "api/request.h"

/* WAITS: the handler is called again at request->wake_at_ms, or when there are new events, or when
 * the server stops; it has not answered yet. */
enum handled { HANDLED, HANDLED_WAITS };

#define BODY_MEMORY_MOST (4 * 1024 * 1024)

struct route {
	const char *method;
	const char *path; /* "/api/v1/consumers/{consumer}/ack": {...} is one part, of any name */
	unsigned scopes;  /* one of these is needed; or SCOPE_ANY, SCOPE_OPEN; and WEIGHS */
	const char *
		arguments; /* of the query, parted by commas; all others are refused. "*": any, unread */
	size_t body_max; /* a larger one than BODY_MEMORY_MOST goes to request->upload */
	enum handled (*handle)(struct request *request);
};

/* Beside the scopes: how much it asks of the server (api/budget.h), 1 to 255; without, little. */
#define WEIGHS(weight)      ((unsigned)(weight) << 16)
#define route_weight(route) ((int)((route)->scopes >> 16 & 0xff))

struct route_table {
	const struct route *routes;
	size_t count;
};

/* The feed of events, its consumers, feedback. */
extern const struct route_table route_feed;

/* Logging in and out, oneself (api/login.h); accounts, sessions, the audit log. */
extern const struct route_table route_login, route_proxy, route_users;

/*
 * The route of request->method and request->path; sets request->route and request->param. Refuses
 * 404 and, naming what goes, 405.
 */
bool route_find(struct request *request);

/* Whether name stands in the route's list. */
bool route_takes(const struct route *route, const char *name);

#endif
