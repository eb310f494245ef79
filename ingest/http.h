/*
 * http.h -- SOAP over HTTPS: one POST, its answer handed on while it comes. The only home of
 * libcurl in this room.
 *
 * One struct http per connection: it keeps the TLS connection alive between calls. Certificates are
 * always verified (http_tls.h), TLS is at least 1.2, nothing is followed (redirects), nothing is taken from the
 * environment (proxies, netrc), and plain HTTP exists only towards the loopback of tests and
 * benchmarks.
 */
#ifndef INGEST_HTTP_H
#define INGEST_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/identity.h"

/* Our patience; what may come is bounded in limits.h. */
#define HTTP_BEGIN_S     120 /* an answer's head must be complete after so long */
#define HTTP_STALL_S     30  /* and then bring at least HTTP_STALL_BYTES in so long */
#define HTTP_STALL_BYTES (30 * 1024)
#define HTTP_TICK_MS     10000

/* How the sentence ends where a host's name leads nowhere (ERR_RETRY: so it is as well while the name service is away). */
#define HTTP_UNRESOLVED "cannot be resolved"
#define HTTP_UNREACHED  "cannot be reached"

struct http_settings {
	const char *ca_file; /* PEM, then nobody else is trusted; NULL: the system's certificates */
	const char *
		crl_file; /* PEM, of every authority in the chain; NULL: revocation is not checked */
	const struct identity *identity; /* our TLS certificate, outlives the handle; NULL: none */
	int connect_timeout_s;           /* 0: 10 */
	int stall_s;                     /* 0: HTTP_STALL_S; the bytes stay in proportion */
	bool allow_plain; /* http:// to a loopback address, for tests and benchmarks */
	/* Called about every tick_ms (0: HTTP_TICK_MS) while a call runs, may be NULL; false with e
	 * set ends the call. */
	bool (*tick)(void *self, struct err *e);
	void *tick_self;
	int tick_ms;
};

struct http_request {
	const char *url;
	const char *action; /* SOAPAction without quotation marks, may be "" */
	const char *bearer; /* token for HTTP's Authorization; NULL: none */
	const char *body;
	size_t len;
	int timeout_s; /* of the whole call */
	uint64_t answer_bytes_most;
};

/* Who takes the answer: on_head once, then on_bytes. Only for 2xx, and for errors (4xx, 5xx) that
 * bring XML. */
struct http_taker {
	void *self;
	bool (*on_head)(void *self, int status, const char *content_type, struct err *e);
	bool (*on_bytes)(void *self, const void *bytes, size_t len, struct err *e);
};

struct http_result {
	int status;
	int retry_after_s;
	bool broke_off; /* the answer began and then ended before its end; no time limit was the reason */
	bool framed; /* the head told where the answer ends; if not, being cut short looks like the end */
	bool sent; /* the whole request went out; what the service made of it the answer says, if one came */
};

/* Child of mem. Fails ERR_SETUP: a certificate file or revocation list cannot be read. */
struct http *http_new(const struct http_settings *settings, TALLOC_CTX *mem, struct err *e);

/*
 * True if an answer was handed to the taker completely, whatever its status. Else
 *   the taker's or the tick's own error
 *   ERR_RETRY    cannot connect, timeouts, partial answers, broken framing, HTTP 408, 429, 5xx
 *   ERR_RETRY    with code "00962": HTTP 401 or 403
 *   ERR_SETUP    certificate not acceptable (the sentence says why), moved, no such service
 *   ERR_LOGIN    the service does not accept our TLS certificate, or wants one
 *   ERR_DELIVERY the answer has more than answer_bytes_most
 * result (never NULL) is filled as far as it is known.
 */
bool http_post(struct http_result *result, struct http *http, const struct http_request *request,
	       const struct http_taker *taker, struct err *e);

/*
 * Is this an address that http_post may call? https, a host, no user or password in it. Fails
 * ERR_SETUP, never repeating the address.
 */
bool http_url_check(const char *url, bool allow_plain, struct err *e);

#endif
