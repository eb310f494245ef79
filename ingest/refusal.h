/*
 * refusal.h -- why an answer is not read: one closed list, ingest/refusals.def. An error of the reader has one of them
 * beside its sentence, so that cases, documents and people can name it.
 */
#ifndef INGEST_REFUSAL_H
#define INGEST_REFUSAL_H

#include <stdbool.h>

#include "base/err.h"

enum refusal {
	REFUSAL_NONE,
#define REFUSAL(symbol, word, means) REFUSAL_##symbol,
#include "ingest/refusals.def"
#undef REFUSAL
	REFUSAL_COUNT
};

const char *refusal_word(enum refusal refusal);  /* "doctype"; "" for none */
const char *refusal_means(enum refusal refusal); /* in a few words; "" for none */

/* err_set with ERR_DELIVERY. Returns false; the first error wins. */
bool refusal_set(struct err *e, enum refusal refusal, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for an error that was set by somebody who does not know the list. Returns false. */
bool refusal_mark(struct err *e, enum refusal refusal);

#endif
