#include "api/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "api/caller.h"
#include "api/host.h"
#include "api/link.h"
#include "api/problem.h"
#include "api/proxy.h"
#include "api/route.h"
#include "api/upload.h"
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
	const char *twice, *no_name; /* NULL: none such */
	int lengths;
};

/* RFC 9110, 5.6.2. "Content-Length " is a length to one reader and none to another. */
static bool is_name(const char *name)
{
	return !name[strspn(name, "!#$%&'*+-.^_`|~0123456789"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")];
}

/* A header that counts for us and comes twice means two things at once. */
static enum MHD_Result head_line(void *arg, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	static const char *const single[] = { "authorization",
					      "content-length",
					      "content-type",
					      "host",
					      "cookie",
					      "origin",
					      "x-forwarded-for",
					      "sec-fetch-site",
					      "x-csrf-token",
					      "last-event-id",
					      "transfer-encoding",
					      "webhook-id",
					      "webhook-timestamp",
					      "webhook-signature",
					      NULL };
	struct head_count *count = arg;
	const char *login = count->request->api->conf.web.login_header;

	(void)kind;
	count->bytes += strlen(name) + (value ? strlen(value) : 0) + 4;
	if (!is_name(name))
		count->no_name = name;
	if (!strcasecmp(name, "content-length") || !strcasecmp(name, "transfer-encoding"))
		count->lengths++;
	if (login && !strcasecmp(name, login) && value != request_header(count->request, name))
		count->twice = login;
	for (int i = 0; single[i]; i++)
		if (!strcasecmp(name, single[i]) && value != request_header(count->request, name))
			count->twice = single[i];
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
	if (count.no_name)
		return problem(request, PROBLEM_MALFORMED, "'%s' is no name of a header",
			       text_shown(count.no_name, SHOWN_MOST, request));
	if (count.twice)
		return problem(request, PROBLEM_MALFORMED, "the header %s comes twice",
			       count.twice);
	return count.lengths < 2 ||
	       problem(request, PROBLEM_MALFORMED,
		       "Content-Length and Transfer-Encoding exclude each other");
}

static enum MHD_Result argument_take(void *arg, enum MHD_ValueKind kind, const char *name,
				     size_t name_len, const char *value, size_t len)
{
	struct request *request = arg;
	const char *plain = request_unescaped(name, name_len, request);
	const char *shown = text_shown(name, SHOWN_MOST, request);
	const char *text = value ? request_unescaped(value, len, request) : NULL;

	(void)kind;
	if (!plain || !route_takes(request->route, plain))
		return problem(request, PROBLEM_ARGUMENT, "%s is not known here; expected %s",
			       shown,
			       *request->route->arguments ? request->route->arguments : "none"),
		       MHD_NO;
	if (request_argument(request, plain))
		return problem(request, PROBLEM_ARGUMENT, "%s comes twice", shown), MHD_NO;
	if (!text)
		return problem(request, PROBLEM_ARGUMENT, "%s has no value, or one that is no text",
			       shown),
		       MHD_NO;
	if (request->arguments < ARGUMENTS_MOST) {
		request->argument[request->arguments].name = plain;
		request->argument[request->arguments++].value = text;
	}
	return MHD_YES;
}

/* The page's own addresses may say what they like behind the question mark. */
static bool arguments_take(struct request *request)
{
	if (!strcmp(request->route->arguments, "*"))
		return true;
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

/* A head that means two things: not even where its body ends is sure. */
static bool head_admit(struct request *request)
{
	api_act(request->api, NULL); /* until it is known who asks */
	if (request->api->stopping)
		return problem(request, PROBLEM_STOPPING, "the server is stopping, ask again");
	return head_check(request);
}

/* Everything else that can be refused before a body is read. */
static bool request_admit(struct request *request)
{
	return host_check(request) && route_find(request) && caller_check(request) &&
	       arguments_take(request) && length_check(request);
}

/* A client that sends before it reads never sees an answer behind which the connection breaks: a body of a known and small
 * length is read to its end, unless the client waits for our word, or nobody can say where the body ends. */
static bool body_drains(const struct request *request)
{
	const char *length = request_header(request, "Content-Length");

	return length && text_to_u64(&(uint64_t){ 0 }, length, 1, EXCHANGE_DISCARD_MAX, "", NULL) &&
	       !request_header(request, "Transfer-Encoding") && !request_header(request, "Expect");
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
	api_act(x->request.api, x->request.caller.broker);
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

static bool reply_says(const struct reply *reply, const char *name)
{
	for (int i = 0; i < reply->heads; i++)
		if (!strcasecmp(reply->head[i].name, name))
			return true;
	return false;
}

/* What every answer says; a handler that says the same header means it otherwise. */
static void heads_add(struct MHD_Response *response, const struct request *request)
{
	static const struct {
		const char *name, *value;
	} always[] = {
		{ "Cache-Control", "no-store" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
		{ "Cross-Origin-Opener-Policy", "same-origin" },
		{ "Permissions-Policy",
		  "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
	};
	const struct reply *reply = &request->reply;
	const char *url = request->api->conf.web.url;

	/* What an insurer or a stranger put into JSON is never shown by a browser as if it were a page. */
	if (!strncmp(request->path, "/api/v1/", 8) && !reply->stream &&
	    !reply_says(reply, "Content-Disposition"))
		MHD_add_response_header(response, "Content-Disposition",
					"attachment; filename=\"api.json\"");
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		if (!reply_says(reply, always[i].name))
			MHD_add_response_header(response, always[i].name, always[i].value);
	if (url && !strncmp(url, "https://", 8))
		MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
}

/* The library closes the descriptor, but not if it makes no answer of it. */
static struct MHD_Response *response_of_file(const struct reply *reply)
{
	struct MHD_Response *response =
		MHD_create_response_from_fd_at_offset64(reply->length, reply->fd, reply->offset);

	if (!response)
		close(reply->fd);
	return response;
}

static struct MHD_Response *response_make(struct exchange *x)
{
	const struct reply *reply = &x->request.reply;
	struct MHD_Response *response =
		reply->is_file ? response_of_file(reply)
		: reply->stream
			? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK,
							    stream_pull, x, NULL)
			: MHD_create_response_from_buffer(
				  reply->len, (void *)(uintptr_t)reply->body,
				  reply->lasting ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);

	if (!response)
		return NULL;
	MHD_add_response_header(response, "Content-Type", reply->content_type);
	heads_add(response, &x->request);
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
	request->peer = link->address;
	request->address = proxy_client(request);
	request->method = talloc_strdup(x, method);
	request->path = talloc_strdup(x, url);
	return x;
}

/* Into a file. Every piece has time of its own: what is large may take long, but not stand still. */
static bool body_file(struct exchange *x, const char *data, size_t len)
{
	struct request *request = &x->request;
	struct err e = { 0 };

	link_hear(x->link, request->api->conf.limits.body_ms);
	if (!request->upload)
		request->upload = upload_open(request->api->conf.uploads, x, &e);
	if (!request->upload || !upload_write(request->upload, data, len, &e)) {
		x->refused = true;
		x->arrived = len; /* from here on as of any body that is not wanted */
		problem_of(request, &e);
	}
	return true;
}

static bool body_take(struct exchange *x, const char *data, size_t len)
{
	struct request *request = &x->request;
	bool large = request->route && request->route->body_max > BODY_MEMORY_MOST;

	x->arrived += len;
	if (x->arrived > EXCHANGE_DISCARD_MAX && (x->refused || !large))
		return false;
	if (x->refused)
		return true;
	if (x->arrived > request->route->body_max) {
		x->refused = true;
		too_large(request);
		return true;
	}
	if (large)
		return body_file(x, data, len);
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
	api_act(request->api, request->caller.broker);
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
		link_hear(link, x->request.api->conf.limits.body_ms);
		if (!head_admit(&x->request))
			return reply_send(x);
		x->refused = !request_admit(&x->request);
		return x->refused && !body_drains(&x->request) ? reply_send(x) : MHD_YES;
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
	link_hear(x->link, x->request.api->conf.limits.head_ms);
	x->link->busy = false;
	talloc_free(x);
	*request = NULL;
}
