/*
 * session.h -- one worker's conversation with one insurer: the profile, the connection, its
 * keep-alive HTTP handle, the security token, the spool. sts.h and transfer.h speak through it.
 *
 * One worker holds a connection's lease and is its only speaker, so that at most one login is on
 * its way: no lock is needed for "single flight".
 */
#ifndef INGEST_SESSION_H
#define INGEST_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/connection.h"
#include "ingest/http.h"
#include "ingest/reader.h"
#include "ingest/soap.h"
#include "ingest/spool.h"
#include "model/document_sink.h"
#include "model/profile.h"

struct token {
	char *identifier;      /* NULL: none. A secret like the password; wiped when dropped */
	int64_t good_until_ms; /* monotonic */
};

struct session {
	const struct profile *profile;
	const struct connection *connection;
	struct http *http;
	struct spool *spool; /* NULL: raw answers are not kept */
	struct token token;
	int logins; /* so far, for the log line */

	char *content_type; /* session_answer_type */
	bool broke_off;     /* session_broke_off */
};

struct session_options {
	struct spool
		*spool;   /* the worker's, outlives the session; NULL: raw answers are not kept */
	bool allow_plain; /* http.h; tests and benchmarks only */
	int stall_s;      /* 0: HTTP_STALL_S */
	/* Keeps the lease while a call runs (http.h); may be NULL. */
	bool (*tick)(void *self, struct err *e);
	void *tick_self;
};

/*
 * Child of mem; nothing goes over the wire yet. Connection and profile must live as long.
 * Fails ERR_SETUP: the certificate file is not usable.
 */
struct session *session_new(const struct connection *connection, const struct profile *profile,
			    const struct session_options *options, TALLOC_CTX *mem, struct err *e);

/* Forget the token: it was refused, or its time is over. */
void session_forget(struct session *session);

/* Log out if a token is there (whatever comes of it), and free the session. */
void session_close(struct session *session);

/* The Content-Type of the answer in the spool, for quarantine; printable ASCII. NULL if it had none or none came. */
const char *session_answer_type(const struct session *session);

/* Did the last call fail because its answer, begun well, ended before its end? That may be the answer's own fault, where
 * silence, a time limit or an error status is an outage. */
bool session_broke_off(const struct session *session);

/* One request and what its answer may bring. */
struct session_call {
	enum soap_operation operation;
	const char *shipment_id;    /* get, acknowledge */
	struct document_sink *sink; /* get */
};

/*
 * Send one request and read the answer while it comes. No login, no repetition: transfer.h has
 * those. The answer and everything in it is a child of mem. e may not be NULL. Fails as http_post
 * and reader_end, further ERR_RETRY    a web page instead of SOAP, the spool's disk is full
 *   ERR_DELIVERY an answer of another operation
 * ERR_RETRY also: an answer that ends in the middle and had no length. If a 4xx or 5xx brings a
 * fault with a code, the code's route counts. A login refused in words we cannot place is ERR_LOGIN. The sentence begins with the
 * operation.
 */
bool session_exchange(struct answer **answer, struct session *session,
		      const struct session_call *call, TALLOC_CTX *mem, struct err *e);

#endif
