#include "api/route.h"

#include <string.h>

#include "api/consumer.h"
#include "api/feed.h"
#include "api/feedback.h"
#include "api/problem.h"
#include "api/site.h"
#include "api/stream.h"
#include "base/text.h"

#define ANY_EVENTS (SCOPE_EVENTS | SCOPE_EVENTS_BROKER)
#define SMALL_BODY 4096
#define SHOWN_MOST 80

static const struct route routes[] = {
	{ "GET", "/api/v1/events", ANY_EVENTS, "after,limit,types,wait", 0, feed_events },
	{ "GET", "/api/v1/events/stream", ANY_EVENTS, "after,types", 0, stream_events },
	{ "GET", "/api/v1/consumers/{consumer}", ANY_EVENTS, "", 0, consumer_show },
	{ "GET", "/api/v1/consumers/{consumer}/events", ANY_EVENTS, "limit,types,wait", 0,
	  consumer_events },
	{ "POST", "/api/v1/consumers/{consumer}/ack", ANY_EVENTS, "", SMALL_BODY, consumer_ack },
	{ "POST", "/api/v1/feedback", SCOPE_FEEDBACK, "", FEEDBACK_BODY_MAX, feedback_take },
};

const struct route_table route_feed = { routes, sizeof routes / sizeof *routes };

/* Part by part; {...} takes one that is not empty, unescaped: a customer may be "K/7". */
static bool path_fits(char **param, const char *pattern, const char *path, TALLOC_CTX *mem)
{
	*param = NULL;
	while (*pattern && *path) {
		if (*pattern == '{') {
			size_t len = strcspn(path, "/");

			talloc_free(*param);
			*param = request_unescaped(path, len, mem);
			if (text_empty(*param))
				return false;
			path += len;
			pattern += strcspn(pattern, "/");
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return !*pattern && !*path;
}

/* Adds the methods that the path knows to allowed. */
static bool table_find(char **allowed, struct request *request, const struct route_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct route *route = &table->routes[i];

		if (!path_fits(&request->param, route->path, request->path, request))
			continue;
		request->route = route;
		if (!strcmp(route->method, request->method))
			return true;
		*allowed = talloc_asprintf_append(*allowed, "%s%s", **allowed ? ", " : "",
						  route->method);
	}
	return false;
}

bool route_find(struct request *request)
{
	const struct route_table *const *table = request->api->conf.tables;
	const char *shown = text_shown(request->path, SHOWN_MOST, request);
	char *allowed = talloc_strdup(request, "");

	for (; *table; table++)
		if (table_find(&allowed, request, *table))
			return true;
	if (!*allowed && site_route(request))
		return true;
	if (!*allowed)
		return problem(request, PROBLEM_PATH, "there is nothing at %s", shown);
	reply_head(request, "Allow", allowed);
	return problem(request, PROBLEM_METHOD, "%s takes %s only", shown, allowed);
}

bool route_takes(const struct route *route, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = route->arguments; len && *at; at += *at == ',') {
		size_t word = strcspn(at, ",");

		if (word == len && !memcmp(at, name, len))
			return true;
		at += word;
	}
	return false;
}
