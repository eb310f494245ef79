/*
 * mime.h -- the header values that a multipart answer needs: Content-Type with its parameters, Content-ID.
 */
#ifndef INGEST_MIME_H
#define INGEST_MIME_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"

struct mime_type {
	char *type;     /* "multipart/related", lower case; "" if the header is absent */
	char *boundary; /* NULL where absent, as the following */
	char *start;
	char *charset;
};

/* Parse a Content-Type; header NULL gives an empty type. Strings are children of mem.
 * Fails ERR_DELIVERY: a parameter twice, an open quotation, a boundary that is not allowed. */
bool mime_type_parse(struct mime_type *type, const char *header, TALLOC_CTX *mem, struct err *e);

/* 1 to 70 characters that RFC 2046 allows, no blank at the end. */
bool mime_boundary_valid(const char *boundary);

/* A Content-ID without blanks and <> around it; child of mem. */
char *mime_content_id(const char *text, TALLOC_CTX *mem);

/* Percent signs decoded once; a broken one and %00 stay as they are. Child of mem. */
char *mime_percent_decoded(const char *text, TALLOC_CTX *mem);

#endif
