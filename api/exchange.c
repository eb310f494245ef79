#include "api/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/link.h"
#include "api/problem.h"
#include "api/route.h"
#include "api/token.h"
#include "base/text.h"

#define STREAM_BLOCK (16 * 1024)
#define SHOWN_MOST   40

/* One request; the library's pointer. */
struct exchange {
	struct request request; /* first: handlers see this */
	struct link *link;
	size_t arrived; /* bytes of the body */
	bool refused;
	const char *piece; /* of a stream, being sent */
	size_t piece_len, piece_sent;
	TALLOC_CTX *piece_mem;
};

/* ---- the head ---- */

struct head_count {
	struct request *request;
	size_t bytes;
	bool twice;
	const char *which;
	int lengths;
};

/* A header that counts for us and comes twice means two things at once. */
static enum MHD_Result head_line(void *arg, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	static const char *const single[] = { "authorization",     "content-length",
					      "content-type",      "host",
					      "last-event-id",     "transfer-encoding",
					      "webhook-id",        "webhook-timestamp",
					      "webhook-signature", NULL };
	struct head_count *count = arg;

	(void)kind;
	count->bytes += strlen(name) + (value ? strlen(value) : 0) + 4;
	if (!strcasecmp(name, "content-length") || !strcasecmp(name, "transfer-encoding"))
		count->lengths++;
	for (int i = 0; single[i]; i++)
		if (!strcasecmp(name, single[i]) && value != request_header(count->request, name)) {
			count->twice = true;
			count->which = single[i];
		}
	return MHD_YES;
}

static bool head_check(struct request *request)
{
	struct head_count count = { .request = request };

	MHD_get_connection_values(request->connection, MHD_HEADER_KIND, head_line, &count);
	if (count.bytes > EXCHANGE_HEAD_MAX)
		return problem(request, PROBLEM_HEAD_TOO_LARGE,
			       "the header lines have %zu bytes, expected at most %d", count.bytes,
			       EXCHANGE_HEAD_MAX);
	if (count.twice)
		return problem(request, PROBLEM_MALFORMED, "the header %s comes twice",
			       count.which);
	return count.lengths < 2 ||
	       problem(request, PROBLEM_MALFORMED,
		       "Content-Length and Transfer-Encoding exclude each other");
}

static enum MHD_Result argument_take(void *arg, enum MHD_ValueKind kind, const char *name,
				     size_t name_len, const char *value, size_t len)
{
	struct request *request = arg;
	const char *shown = text_shown(name, SHOWN_MOST, request);

	(void)kind;
	if (!route_takes(request->route, name) || strlen(name) != name_len)
		return problem(request, PROBLEM_ARGUMENT, "%s is not known here; expected %s",
			       shown,
			       *request->route->arguments ? request->route->arguments : "none"),
		       MHD_NO;
	if (request_argument(request, name))
		return problem(request, PROBLEM_ARGUMENT, "%s comes twice", shown), MHD_NO;
	if (!value || strlen(value) != len || !text_valid_utf8(value, len))
		return problem(request, PROBLEM_ARGUMENT, "%s has no value, or one that is no text",
			       shown),
		       MHD_NO;
	if (request->arguments < ARGUMENTS_MOST) {
		request->argument[request->arguments].name = name;
		request->argument[request->arguments++].value = value;
	}
	return MHD_YES;
}

static bool arguments_take(struct request *request)
{
	MHD_get_connection_values_n(request->connection, MHD_GET_ARGUMENT_KIND, argument_take,
				    request);
	return !request->reply.status;
}

static bool too_large(struct request *request)
{
	return problem(request, PROBLEM_TOO_LARGE, "the body is larger than %zu bytes",
		       request->route->body_max);
}

static bool length_check(struct request *request)
{
	const char *length = request_header(request, "Content-Length");
	uint64_t bytes;

	if (!length || text_to_u64(&bytes, length, 0, request->route->body_max, "", NULL))
		return true;
	return too_large(request);
}

/* Everything that can be refused before a body is read, so that strangers cannot send any. */
static bool request_admit(struct request *request)
{
	if (request->api->stopping)
		return problem(request, PROBLEM_STOPPING, "the server is stopping, ask again");
	return head_check(request) && route_find(request) && token_check(request) &&
	       ((request->caller.scopes & request->route->scopes) ||
		problem(request, PROBLEM_SCOPE, "the token's scopes do not cover this path")) &&
	       arguments_take(request) && length_check(request);
}

/* ---- the answer ---- */

static ssize_t piece_send(struct exchange *x, char *out, size_t most)
{
	size_t left = x->piece_len - x->piece_sent;
	size_t now = left < most ? left : most;

	memcpy(out, x->piece + x->piece_sent, now);
	x->piece_sent += now;
	link_expect(x->link, x->request.api->conf.limits.send_ms);
	return (ssize_t)now;
}

/* The library asks when its client has room: one piece at a time is held, and read when it is wanted. */
static ssize_t stream_pull(void *arg, uint64_t position, char *out, size_t most)
{
	struct exchange *x = arg;

	(void)position;
	if (x->piece_sent < x->piece_len)
		return piece_send(x, out, most);
	talloc_free(x->piece_mem);
	x->piece_mem = talloc_new(x);
	switch (x->request.reply.stream(&x->piece, &x->request, x->piece_mem)) {
	case STREAM_TEXT:
		x->piece_len = strlen(x->piece);
		x->piece_sent = 0;
		return piece_send(x, out, most);
	case STREAM_WAIT:
		x->piece_len = x->piece_sent = 0;
		link_wait(x->link, &x->request);
		return 0;
	case STREAM_END:
		break;
	}
	return MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *response_make(struct exchange *x)
{
	const struct reply *reply = &x->request.reply;
	struct MHD_Response *response =
		reply->stream ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK,
								  stream_pull, x, NULL)
			      : MHD_create_response_from_buffer(reply->len,
								(void *)(uintptr_t)reply->body,
								MHD_RESPMEM_MUST_COPY);

	if (!response)
		return NULL;
	MHD_add_response_header(response, "Content-Type", reply->content_type);
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	for (int i = 0; i < reply->heads; i++)
		MHD_add_response_header(response, reply->head[i].name, reply->head[i].value);
	if (x->request.api->stopping)
		MHD_add_response_header(response, "Connection", "close");
	return response;
}

static enum MHD_Result reply_send(struct exchange *x)
{
	struct MHD_Response *response = response_make(x);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	link_expect(x->link, x->request.api->conf.limits.send_ms);
	result = MHD_queue_response(x->link->connection, x->request.reply.status, response);
	MHD_destroy_response(response);
	return result;
}

/* ---- the steps ---- */

static struct exchange *exchange_begin(struct server *server, struct link *link, const char *url,
				       const char *method)
{
	struct exchange *x = talloc_zero(link, struct exchange);
	struct request *request = &x->request;

	x->link = link;
	link->busy = true;
	request->api = server->api;
	request->connection = link->connection;
	request->address = link->address;
	request->method = talloc_strdup(x, method);
	request->path = talloc_strdup(x, url);
	return x;
}

static bool body_take(struct exchange *x, const char *data, size_t len)
{
	struct request *request = &x->request;

	x->arrived += len;
	if (x->arrived > EXCHANGE_DISCARD_MAX)
		return false;
	if (x->refused)
		return true;
	if (x->arrived > request->route->body_max) {
		x->refused = true;
		too_large(request);
		return true;
	}
	request->body = talloc_realloc(x, request->body, char, request->len + len + 1);
	memcpy(request->body + request->len, data, len);
	request->len += len;
	request->body[request->len] = '\0';
	return true;
}

static enum MHD_Result request_serve(struct exchange *x)
{
	struct request *request = &x->request;

	if (!request->body)
		request->body = talloc_strdup(x, "");
	if (!x->refused && request->route->handle(request) == HANDLED_WAITS) {
		link_wait(x->link, request);
		return MHD_YES;
	}
	return reply_send(x);
}

enum MHD_Result exchange_step(void *server, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *len, void **request)
{
	struct exchange *x = *request;

	(void)version;
	if (!x) {
		struct link *link = link_of(connection);

		*request = x = exchange_begin(server, link, url, method);
		link_expect(link, x->request.api->conf.limits.body_ms);
		return request_admit(&x->request) ? MHD_YES : reply_send(x);
	}
	if (*len) {
		bool taken = body_take(x, data, *len);

		*len = 0;
		return taken ? MHD_YES : MHD_NO;
	}
	return request_serve(x);
}

void exchange_end(void *server, struct MHD_Connection *connection, void **request,
		  enum MHD_RequestTerminationCode how)
{
	struct exchange *x = *request;

	(void)server;
	(void)connection;
	(void)how;
	if (!x)
		return;
	link_expect(x->link, x->request.api->conf.limits.head_ms);
	x->link->busy = false;
	talloc_free(x);
	*request = NULL;
}
