/*
 * http_head.h -- the head of an HTTP answer, line by line, and what may not stand in it.
 *
 * libcurl takes the last of two Content-Length fields and says nothing about Content-Length beside
 * chunked, so that a document could arrive cut short and look whole. These rules refuse such
 * answers. Knows no libcurl and no network.
 */
#ifndef INGEST_HTTP_HEAD_H
#define INGEST_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ingest/limits.h"

struct http_head {
	int status;
	bool complete; /* the blank line of the final (not 1xx) head was seen */
	char content_type[HTTP_CONTENT_TYPE_MOST + 1]; /* "" if absent */
	int64_t content_length;                        /* -1 if absent */
	bool chunked;
	int retry_after_s; /* 0 if absent */
	int lines;         /* of all heads of this answer, interim ones and trailers too */
	size_t bytes;
};

void http_head_init(struct http_head *head);

/*
 * The next line with its line end: status line, field or blank line. Lines after the final blank
 * line (trailers) only count. wall_ms is now, for Retry-After as a date. Fails ERR_RETRY: the
 * sentence says which rule was broken.
 */
bool http_head_line(struct http_head *head, const char *line, size_t len, int64_t wall_ms,
		    struct err *e);

/* Does the media type (parameters ignored) promise XML or a multipart with XML? */
bool http_type_is_soap(const char *content_type);
/* Is it a web page, as gateways and maintenance pages send it? */
bool http_type_is_page(const char *content_type);

/*
 * What a status other than success means; always false.
 *   ERR_RETRY  408, 425, 429, 5xx (with the insurer's waiting time), 302, 303, 307
 *   ERR_RETRY  401, 403 with code "00962": the session is taken as expired; at a login it means
 * refused ERR_SETUP  every other 3xx and 4xx: address or request do not fit
 */
bool http_refusal(int status, int retry_after_s, struct err *e);

#endif
