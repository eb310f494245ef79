#include "api/request.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "api/problem.h"
#include "base/text.h"

const char *request_argument(const struct request *request, const char *name)
{
	for (int i = 0; i < request->arguments; i++)
		if (!strcmp(request->argument[i].name, name))
			return request->argument[i].value;
	return NULL;
}

const char *request_header(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *request_cookie(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, name);
}

char *request_unescaped(const char *text, size_t len, TALLOC_CTX *mem)
{
	char *plain = talloc_strndup(mem, text, len);
	size_t left = MHD_http_unescape(plain);

	if (strlen(plain) == left && text_valid_utf8(plain, left))
		return plain;
	talloc_free(plain);
	return NULL;
}

bool request_number(int64_t *value, struct request *request, const char *name, int64_t least,
		    int64_t most, int64_t otherwise)
{
	const char *given = request_argument(request, name);
	struct err e = { 0 };
	uint64_t number;

	*value = otherwise;
	if (!given)
		return true;
	if (!text_to_u64(&number, given, (uint64_t)least, (uint64_t)most, name, &e))
		return problem(request, PROBLEM_ARGUMENT, "%s", e.text);
	*value = (int64_t)number;
	return true;
}

void reply_head(struct request *request, const char *name, const char *value)
{
	struct reply *reply = &request->reply;

	if (reply->heads == REPLY_HEADS)
		return;
	reply->head[reply->heads].name = name;
	reply->head[reply->heads++].value = talloc_strdup(request, value);
}

void reply_head_number(struct request *request, const char *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, value);
	reply_head(request, name, text);
}

void reply_text(struct request *request, unsigned status, const char *content_type,
		const char *text)
{
	request->reply.status = status;
	request->reply.content_type = content_type;
	request->reply.body = text;
	request->reply.len = strlen(text);
}

void reply_file(struct request *request, unsigned status, const char *content_type, int fd,
		uint64_t offset, uint64_t length)
{
	request->reply.status = status;
	request->reply.content_type = content_type;
	request->reply.is_file = true;
	request->reply.fd = fd;
	request->reply.offset = offset;
	request->reply.length = length;
}

void reply_json(struct request *request, unsigned status, json_t *body)
{
	char *text = json_dumps(body, JSON_COMPACT);

	reply_text(request, status, "application/json", talloc_strdup(request, text));
	free(text);
	json_decref(body);
}
