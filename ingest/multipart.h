/*
 * multipart.h -- splits a multipart body while it streams by; the bytes of the parts go out as they came in.
 *
 * A delimiter counts only at the start of a line and only if nothing but blanks follows in its line. Exactly one line
 * end in front of it is cut. Which line end the message uses (CRLF, or a bare LF at sloppy servers) is told by the
 * first delimiter line and then holds for all of them, so that a document in a CRLF message may contain LF + boundary.
 */
#ifndef INGEST_MULTIPART_H
#define INGEST_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

struct part_head {
	char *content_id;        /* without <>, NULL if absent */
	char *content_type;      /* as in the header, NULL if absent */
	char *transfer_encoding; /* as in the header, NULL if absent */
};

struct part_receiver {
	void *self;
	bool (*begin)(void *self, const struct part_head *head, struct err *e);
	/* offset: of bytes in the body */
	bool (*bytes)(void *self, const void *bytes, size_t len, uint64_t offset, struct err *e);
	bool (*end)(void *self, struct err *e);
};

struct multipart;

/* boundary NULL: the first line of the body that is not empty must be the delimiter and tells it. */
struct multipart *multipart_new(const char *boundary, const struct part_receiver *receiver,
				TALLOC_CTX *mem);

/* Fails ERR_DELIVERY (broken head, a limit) or as the receiver fails. */
bool multipart_feed(struct multipart *multipart, const void *bytes, size_t len, struct err *e);

/* The body is over: the closing delimiter must have come. */
bool multipart_end(struct multipart *multipart, struct err *e);

#endif
