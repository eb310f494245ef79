/*
 * request.h -- one HTTP request on its way: what was asked, who asks, and the answer.
 *
 * Handlers (api/route.h) see this and no HTTP library. Everything hangs on the request, which is
 * freed when its answer is sent or its client is gone.
 */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api.h"

enum scope {
	SCOPE_EVENTS = 1,        /* customer-facing events */
	SCOPE_EVENTS_BROKER = 2, /* broker-facing events */
	SCOPE_FEEDBACK = 4,
	SCOPE_DOCUMENTS = 8,  /* read: queue, documents, stock, timeline */
	SCOPE_DECISIONS = 16, /* decide about documents */
	SCOPE_STOCK = 32,     /* import and change contracts */
	SCOPE_INSURERS = 64,  /* the connections: pause, resume, poll now */
	SCOPE_STATISTICS = 128,
	SCOPE_USERS = 256, /* users, their sessions, the audit log */
	/* Of routes only: */
	SCOPE_ANY = 1 << 29,  /* whoever is known, whatever he may */
	SCOPE_OPEN = 1 << 30, /* everybody, unknown: the handler has no caller */
};

/* What people are: roles give scopes (api/user.h). */
enum user_role { ROLE_NONE, ROLE_CLERK, ROLE_LEAD, ROLE_OPERATOR, ROLE_READER };

/* Who asks: what his token or his session says. */
struct caller {
	const char *broker; /* whose data he may see: $1 of every statement */
	const char *by;    /* as decisions and the audit log name him: "jana", or "token nightly" */
	const char *user;  /* NULL: a token */
	const char *shown; /* the user's name as people read it; of a token: by */
	enum user_role role;     /* ROLE_NONE: a token */
	bool is_session;         /* by cookie: changes need the CSRF token */
	const char *token_id;    /* of the bearer token, or of the session */
	const char *name;        /* of the token, or of the user */
	const char *consumer;    /* NULL: bound to none */
	const char *secret_file; /* of the consumer; NULL: none */
	unsigned scopes;
};

#define REPLY_HEADS 12

struct request;

/* A stream's next piece. STREAM_WAIT: nothing now, ask again at request->wake_at_ms or when there
 * are events; STREAM_END: over. */
enum stream_next { STREAM_TEXT, STREAM_WAIT, STREAM_END };

struct reply {
	unsigned status; /* 0: not answered yet */
	const char *content_type;
	const char *body; /* child of the request */
	size_t len;
	bool lasting;      /* the body lives as long as the server: it is not copied */
	int retry_after_s; /* of a problem; 0: what is usual for its kind */
	int heads;
	struct {
		const char *name, *value;
	} head[REPLY_HEADS];
	/* Instead of a body: a part of a file; the descriptor is closed when the answer is sent. */
	bool is_file;
	int fd;
	uint64_t offset, length;
	/* Instead of a body: pieces, each a child of mem. */
	enum stream_next (*stream)(const char **text, struct request *request, TALLOC_CTX *mem);
};

#define ARGUMENTS_MOST 12

struct request {
	struct api *api;
	const struct route *route;
	void *connection;          /* the HTTP library's */
	const char *peer;          /* the connection's other end */
	const char *address;       /* who asks: the peer, or whom a proxy of ours names */
	const char *method, *path; /* as it came, escaped */
	char *param; /* what stands for {...} in the route's path; NULL if it has none */
	int arguments;
	struct {
		const char *name, *value;
	} argument[ARGUMENTS_MOST];
	struct caller caller;
	struct upload *
		upload; /* a body too large for memory (api/upload.h); NULL: it is below, or empty */
	char *body;     /* NUL after len bytes */
	size_t len;
	int64_t wake_at_ms;       /* of a request that waits, by the monotonic clock */
	const atomic_bool *ready; /* it is woken, too, when this is true; may be NULL */
	void *state;              /* the handler's */
	json_t *json;             /* request_json's */
	struct reply reply;
};

/* Of the query; NULL if it is not there. */
const char *request_argument(const struct request *request, const char *name);

/* Of the head; NULL if it is not there. Upper and lower case are the same. */
const char *request_header(const struct request *request, const char *name);
const char *request_cookie(const struct request *request, const char *name);

/* What is escaped (%2F) in text as it stands in an address; NULL: it is no text then, or has NUL in it. Child of mem. */
char *request_unescaped(const char *text, size_t len, TALLOC_CTX *mem);

/* A number of the query, least to most; otherwise if it is not there. Answers 400 and returns false
 * if it is none. */
bool request_number(int64_t *value, struct request *request, const char *name, int64_t least,
		    int64_t most, int64_t otherwise);

/*
 * request_json -- the body as a JSON object.
 *   members  those it may have, parted by commas; all others are refused
 *   answers  415 it is not sent as application/json; 400 it is no JSON; 422 it is no object, or has a member that is not
 *            known, which is named; and returns NULL
 *   returns  what lives as long as the request
 */
json_t *request_json(struct request *request, const char *members);

/* Whether a member must be there. JSON's null counts as absent. */
enum need { MAY, MUST };

/*
 * One member of the body. They answer 422 and return false if it is missing and must be there, or is of another type or
 * beyond its limits; what is absent comes out as NULL, or as otherwise. A text is UTF-8 without control characters other
 * than line feed and tab, of 1 to most bytes: "" counts as absent.
 */
bool json_take_text(const char **value, struct request *request, const char *name, enum need need,
		    size_t most);
bool json_take_number(int64_t *value, struct request *request, const char *name, int64_t least,
		      int64_t most, int64_t otherwise);
bool json_take_flag(bool *value, struct request *request, const char *name, bool otherwise);

/* A list of texts, each as json_take_text, at least one if it must be there and at most `count_most`; child of the request,
 * ends with NULL. */
bool json_take_texts(const char ***values, struct request *request, const char *name,
		     enum need need, size_t count_most, size_t most);

/* One more header line of the answer; value is copied. */
void reply_head(struct request *request, const char *name, const char *value);
void reply_head_number(struct request *request, const char *name, int64_t value);

/* The answer; text is stolen by or must live as long as the request. */
void reply_text(struct request *request, unsigned status, const char *content_type,
		const char *text);

/* The answer is so many bytes of a file from an offset on; takes the descriptor over, whatever happens. */
void reply_file(struct request *request, unsigned status, const char *content_type, int fd,
		uint64_t offset, uint64_t length);

/* The same as application/json; steals body. */
void reply_json(struct request *request, unsigned status, json_t *body);

#endif
