/* describe.c -- GET /api: docs/api/openapi.json, as it was when the program was built; for everybody. */
#include "review/review.h"

extern const unsigned char openapi_json[];
extern const size_t openapi_json_len;

static enum handled describe(struct request *request)
{
	request->reply.status = 200;
	request->reply.content_type = "application/json";
	request->reply.body = (const char *)openapi_json;
	request->reply.len = openapi_json_len;
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api", SCOPE_OPEN, "", 0, describe },
	{ "GET", "/api/openapi.json", SCOPE_OPEN, "", 0, describe },
};

const struct route_table route_describe = { routes, sizeof routes / sizeof *routes };
