/*
 * request.h -- one HTTP request on its way: what was asked, who asks, and the answer.
 *
 * Handlers (api/route.h) see this and no HTTP library. Everything hangs on the request, which is
 * freed when its answer is sent or its client is gone.
 */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api.h"

enum scope {
	SCOPE_EVENTS = 1,        /* customer-facing events */
	SCOPE_EVENTS_BROKER = 2, /* broker-facing events */
	SCOPE_FEEDBACK = 4,
};

/* Who asks: what his token says. */
struct caller {
	const char *token_id;
	const char *name;
	const char *consumer;    /* NULL: bound to none */
	const char *secret_file; /* of the consumer; NULL: none */
	unsigned scopes;
};

#define REPLY_HEADS 6

struct request;

/* A stream's next piece. STREAM_WAIT: nothing now, ask again at request->wake_at_ms or when there
 * are events; STREAM_END: over. */
enum stream_next { STREAM_TEXT, STREAM_WAIT, STREAM_END };

struct reply {
	unsigned status; /* 0: not answered yet */
	const char *content_type;
	const char *body; /* child of the request */
	size_t len;
	int heads;
	struct {
		const char *name, *value;
	} head[REPLY_HEADS];
	/* Instead of a body: pieces, each a child of mem. */
	enum stream_next (*stream)(const char **text, struct request *request, TALLOC_CTX *mem);
};

#define ARGUMENTS_MOST 8

struct request {
	struct api *api;
	const struct route *route;
	void *connection; /* the HTTP library's */
	const char *address;
	const char *method, *path;
	char *param; /* what stands for {...} in the route's path; NULL if it has none */
	int arguments;
	struct {
		const char *name, *value;
	} argument[ARGUMENTS_MOST];
	struct caller caller;
	char *body; /* NUL after len bytes */
	size_t len;
	int64_t wake_at_ms; /* of a request that waits, by the monotonic clock */
	void *state;        /* the handler's */
	struct reply reply;
};

/* Of the query; NULL if it is not there. */
const char *request_argument(const struct request *request, const char *name);

/* Of the head; NULL if it is not there. Upper and lower case are the same. */
const char *request_header(const struct request *request, const char *name);

/* A number of the query, least to most; otherwise if it is not there. Answers 400 and returns false
 * if it is none. */
bool request_number(int64_t *value, struct request *request, const char *name, int64_t least,
		    int64_t most, int64_t otherwise);

/* One more header line of the answer; value is copied. */
void reply_head(struct request *request, const char *name, const char *value);
void reply_head_number(struct request *request, const char *name, int64_t value);

/* The answer; text is stolen by or must live as long as the request. */
void reply_text(struct request *request, unsigned status, const char *content_type,
		const char *text);

#endif
