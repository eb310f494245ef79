/*
 * encoding.h -- XML bytes in the encodings that insurers use, made UTF-8 before the XML parser sees them, so that
 * the parser knows one encoding only.
 *
 * A byte order mark decides and the declaration must agree with it. Else the declaration and the charset parameter
 * of the Content-Type are heard. Where they contradict and one of them is UTF-8, the first byte beyond ASCII decides:
 * it either starts a valid UTF-8 sequence or it does not. Where neither is UTF-8, the declaration wins: it travelled
 * with the text, the parameter is often a server's default.
 */
#ifndef INGEST_ENCODING_H
#define INGEST_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

struct encoding;

/* Gets UTF-8 without byte order mark, in pieces; same says that they are the bytes as fed. */
typedef bool encoding_out(void *self, const char *utf8, size_t len, bool same, struct err *e);

/* charset: the parameter of the Content-Type, NULL if none. */
struct encoding *encoding_new(const char *charset, encoding_out *out, void *self, TALLOC_CTX *mem);

/* Fails ERR_DELIVERY (encoding unknown, contradiction, UTF-16 broken) or as out fails. */
bool encoding_feed(struct encoding *encoding, const void *bytes, size_t len, struct err *e);
bool encoding_end(struct encoding *encoding, struct err *e);

/* Bytes that were fed before the first that came out: those of a UTF-8 byte order mark. */
size_t encoding_mark(const struct encoding *encoding);

#endif
