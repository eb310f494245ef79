/*
 * facts.h -- an answer's facts as bytes, on their way out of the cage. One table per shape (facts.c) serves both
 * directions, so that they cannot drift apart. Whoever reads them trusts nothing: every length and count is checked
 * against the bytes that are there, every text is without NUL and made valid UTF-8, every enum is one.
 */
#ifndef INGEST_FACTS_H
#define INGEST_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/reader.h"

/* Bytes that grow; a child of its context. */
struct facts_bytes {
	char *bytes;
	size_t len, room;
};

void facts_add(struct facts_bytes *to, const void *bytes, size_t len, TALLOC_CTX *mem);

/* ---- single values, for whoever sends something with them ---- */

void facts_put_u64(struct facts_bytes *to, uint64_t value, TALLOC_CTX *mem);
void facts_put_bytes(struct facts_bytes *to, const void *bytes, size_t len, TALLOC_CTX *mem);
void facts_put_text(struct facts_bytes *to, const char *text, TALLOC_CTX *mem); /* may be NULL */

struct facts_cursor {
	const char *at, *end;
	bool broken; /* whatever was got since is worth nothing */
};

uint64_t facts_get_u64(struct facts_cursor *from);
char *facts_get_text(struct facts_cursor *from, TALLOC_CTX *mem); /* NULL also if broken */
/* Any bytes; NULL if there are none. */
char *facts_get_bytes(size_t *len, struct facts_cursor *from, TALLOC_CTX *mem);

/* ---- the whole answer ---- */

void facts_write(struct facts_bytes *to, const struct answer *answer, TALLOC_CTX *mem);

/* Child of mem. Fails ERR_DELIVERY: these are no facts. */
bool facts_read(struct answer **answer, struct facts_cursor *from, TALLOC_CTX *mem, struct err *e);

#endif
