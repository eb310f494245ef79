/*
 * saved_http.h -- a whole HTTP answer that was saved to a file: the framing of its body. The rules of the head are those of
 * the network (http_head.h). Strict where an answer could be read in two ways.
 */
#ifndef INGEST_SAVED_HTTP_H
#define INGEST_SAVED_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/http_head.h"

bool saved_http_starts(const void *bytes, size_t len); /* "HTTP/1." */

/*
 * Parse the head at the start of bytes, which must hold all of it; *head_len is its length with the empty line and
 * interim heads (1xx). Fails ERR_RETRY if the head is not complete; ERR_DELIVERY if it breaks a rule.
 */
bool saved_http_head(struct http_head *head, size_t *head_len, const char *bytes, size_t len,
		     struct err *e);

/* Takes the body's own bytes. */
typedef bool saved_http_out(void *self, const void *bytes, size_t len, struct err *e);

struct saved_http;
struct saved_http *saved_http_new(const struct http_head *head, saved_http_out *out, void *self,
				  TALLOC_CTX *mem);

/* Fails ERR_DELIVERY (broken chunks, bytes behind the end) or as out fails. */
bool saved_http_feed(struct saved_http *body, const char *bytes, size_t len, struct err *e);

/* Fails ERR_RETRY if bytes are missing. */
bool saved_http_end(const struct saved_http *body, struct err *e);

#endif
