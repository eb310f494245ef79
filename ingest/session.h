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
#include "ingest/gate.h"
#include "ingest/http.h"
#include "ingest/login.h"
#include "ingest/reader.h"
#include "ingest/reading.h"
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
	enum login_kind login;
	enum signature_policy signature; /* of the transfer service's answers */
	struct login_files files;
	struct http *http;
	struct spool *spool;     /* NULL: raw answers are not kept */
	struct cage *cage;       /* NULL: answers are read in this process */
	const struct gate *gate; /* NULL: none */
	bool proven;             /* the credential was accepted once */
	struct token token;
	int logins; /* so far, for the log line */

	char *content_type; /* session_answer_type */
	bool broke_off;     /* session_broke_off */
	bool sent;          /* session_sent */
	int status;         /* session_status */

	int warned;        /* good answers of the transfer service with a warning, so far */
	char warned_of[8]; /* the code of the last that has one */
};

struct session_options {
	/* The worker's, outlives the session; NULL: raw answers are not kept. Needed where signatures are verified. */
	struct spool *spool;
	struct cage *
		cage; /* the worker's, outlives the session; NULL: answers are read in this process */
	bool allow_plain;        /* http.h; tests and benchmarks only */
	int stall_s;             /* 0: HTTP_STALL_S */
	const struct gate *gate; /* outlives the session; NULL: none */
	/* Keeps the lease while a call runs (http.h); may be NULL. */
	bool (*tick)(void *self, struct err *e);
	void *tick_self;
};

/*
 * Child of mem; nothing goes over the wire yet. Connection and profile must live as long.
 * Fails ERR_SETUP: a certificate, key or trust file is not usable.
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

/* Did the last call's request go out to the transfer service as a whole? Then the insurer may have acted upon it, whatever
 * came back. Never of a login. */
bool session_sent(const struct session *session);

/* The HTTP status of the last call's answer, 0: none came. */
int session_status(const struct session *session);

/* One request and what its answer may bring. */
struct session_call {
	enum soap_operation operation;
	const char *shipment_id;    /* get, acknowledge */
	struct document_sink *sink; /* get */
};

/*
 * Send one request and read the answer while it comes. No login, no repetition: transfer.h has
 * those. The answer and everything in it is a child of mem. e may not be NULL. Fails as http_post
 * and reading_end, further ERR_RETRY    a web page instead of SOAP, the spool's disk is full
 *   ERR_DELIVERY an answer of another operation
 * ERR_RETRY also: an answer that ends in the middle and had no length. If a 4xx or 5xx brings a
 * fault with a code, the code's route counts. A login refused in words we cannot place is ERR_LOGIN. The sentence begins with the
 * operation.
 */
bool session_exchange(struct answer **answer, struct session *session,
		      const struct session_call *call, TALLOC_CTX *mem, struct err *e);

#endif
