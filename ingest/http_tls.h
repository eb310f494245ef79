/*
 * http_tls.h -- within http: whom we believe at the other end of TLS, and who we are there.
 *
 * What libcurl and OpenSSL check is narrowed: the host name must be in the certificate's SAN (a common name counts for
 * nothing), a wildcard stands for exactly one label, an authority's own certificate is no server's, keys and hashes are of
 * security level 2 all along the chain (RSA 2048, SHA-256), forward secrecy and authenticated encryption only.
 */
#ifndef INGEST_HTTP_TLS_H
#define INGEST_HTTP_TLS_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/err.h"
#include "ingest/http.h"

/* Lives as long as the handle. */
struct http_tls {
	const struct http_settings *settings;
	char host[256]; /* of the call under way */
	const char *
		refusal; /* why the server's certificate was not accepted, NULL: it was, or there was none */
};

/* Set the handle up, once. Fails ERR_SETUP. */
bool http_tls_set(CURL *curl, struct http_tls *tls, struct err *e);

/* A call to this address begins. False if it has no host that a certificate could name. */
bool http_tls_begin(struct http_tls *tls, const char *url);

/*
 * What libcurl calls a failure of TLS, as an error with its sentence; false if it is none.
 * detail: libcurl's own words.
 */
bool http_tls_err(const struct http_tls *tls, CURLcode rc, const char *detail, struct err *e);

#endif
