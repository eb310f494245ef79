/*
 * route.h -- the closed table of what can be asked: method, path, who may, what it takes, who answers.
 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "api/request.h"

/* WAITS: the handler is called again at request->wake_at_ms, or when there are new events, or when
 * the server stops; it has not answered yet. */
enum handled { HANDLED, HANDLED_WAITS };

struct route {
	const char *method;
	const char *path;      /* "/v1/consumers/{consumer}/ack": {...} is one part, of any name */
	unsigned scopes;       /* one of these is needed */
	const char *arguments; /* of the query, parted by commas; all others are refused */
	size_t body_max;
	enum handled (*handle)(struct request *request);
};

/*
 * The route of request->method and request->path; sets request->route and request->param. Refuses
 * 404 and, naming what goes, 405.
 */
bool route_find(struct request *request);

/* Whether name stands in the route's list. */
bool route_takes(const struct route *route, const char *name);

#endif
