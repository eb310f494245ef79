#include "api/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define TYPE_PREFIX   "urn:vorpost:problem:"
#define DETAIL_MAX    512
#define RETRY_AFTER_S 2
#define THROTTLED_S   60

static const struct {
	unsigned status;
	const char *type, *title;
	int retry_after_s;
} kinds[] = {
	[PROBLEM_MALFORMED] = { 400, "malformed", "The request cannot be read", 0 },
	[PROBLEM_ARGUMENT] = { 400, "argument", "A part of the query is not understood", 0 },
	[PROBLEM_TOKEN] = { 401, "token", "A valid token is needed", 0 },
	[PROBLEM_SIGNATURE] = { 401, "signature", "The signature does not hold", 0 },
	[PROBLEM_SCOPE] = { 403, "scope", "The token is not for this", 0 },
	[PROBLEM_PATH] = { 404, "path", "There is nothing here", 0 },
	[PROBLEM_MISSING] = { 404, "missing", "It does not exist", 0 },
	[PROBLEM_METHOD] = { 405, "method", "The method is not for this path", 0 },
	[PROBLEM_CURSOR_AHEAD] = { 409, "cursor-ahead", "The cursor lies in the future", 0 },
	[PROBLEM_CURSOR_BACK] = { 409, "cursor-back", "The position does not go back", 0 },
	[PROBLEM_CURSOR_GONE] = { 410, "cursor-gone", "These events are no longer kept", 0 },
	[PROBLEM_TOO_LARGE] = { 413, "too-large", "The body is too large", 0 },
	[PROBLEM_MEDIA_TYPE_NOT] = { 415, "media-type", "The media type is not taken here", 0 },
	[PROBLEM_CONTENT] = { 422, "content", "The content cannot be taken", 0 },
	[PROBLEM_THROTTLED] = { 429, "throttled", "Too many wrong tokens", THROTTLED_S },
	[PROBLEM_HEAD_TOO_LARGE] = { 431, "head-too-large", "The header lines are too large", 0 },
	[PROBLEM_INTERNAL] = { 500, "internal", "Our own mistake", 0 },
	[PROBLEM_DATABASE_AWAY] = { 503, "database-away", "The database is away", RETRY_AFTER_S },
	[PROBLEM_STOPPING] = { 503, "stopping", "The server is stopping", RETRY_AFTER_S },
};

static bool answer(struct request *request, enum problem_kind kind, json_t *more,
		   const char *detail)
{
	char *type = talloc_asprintf(request, TYPE_PREFIX "%s", kinds[kind].type);
	json_t *body = json_pack("{s:s, s:s, s:i, s:s}", "type", type, "title", kinds[kind].title,
				 "status", (int)kinds[kind].status, "detail", detail);
	char *text;

	if (more)
		json_object_update(body, more);
	text = json_dumps(body, JSON_COMPACT);
	reply_text(request, kinds[kind].status, PROBLEM_MEDIA_TYPE, talloc_strdup(request, text));
	if (kinds[kind].retry_after_s)
		reply_head_number(request, "Retry-After", kinds[kind].retry_after_s);
	if (kinds[kind].status == 401)
		reply_head(request, "WWW-Authenticate", "Bearer realm=\"vorpost\"");
	free(text);
	json_decref(body);
	json_decref(more);
	return false;
}

static bool answer_with(struct request *request, enum problem_kind kind, json_t *more,
			const char *format, va_list values)
{
	char detail[DETAIL_MAX];

	vsnprintf(detail, sizeof detail, format, values);
	text_mend(detail);
	return answer(request, kind, more, detail);
}

bool problem(struct request *request, enum problem_kind kind, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	answer_with(request, kind, NULL, format, values);
	va_end(values);
	return false;
}

bool problem_more(struct request *request, enum problem_kind kind, json_t *more, const char *format,
		  ...)
{
	va_list values;

	va_start(values, format);
	answer_with(request, kind, more, format, values);
	va_end(values);
	return false;
}

bool problem_of(struct request *request, const struct err *e)
{
	struct api *api = request->api;

	if (e->kind == ERR_RETRY)
		return problem(
			request, PROBLEM_DATABASE_AWAY,
			"the database cannot be reached; nothing was changed that was not answered, "
			"ask again");
	if (api->conf.tell)
		api->conf.tell(api->conf.tell_arg, request->path, e);
	return problem(request, PROBLEM_INTERNAL, "the request cannot be served; the log says why");
}
