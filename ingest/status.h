/*
 * status.h -- what a MeldungID means for us: the table of codes and routes (docs/bipro.md, status codes).
 */
#ifndef INGEST_STATUS_H
#define INGEST_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct status_code {
	const char *first, *last; /* a range of MeldungIDs, both included */
	enum err_kind route;
	const char *says; /* our own words, for the sentence */
};

#define CODE_NO_SHIPMENTS    "04001"
#define CODE_SESSION_EXPIRED "00962"
#define CODE_CUT_OFF         "00010" /* a text was longer than the insurer keeps */

/* What an insurer says to an acknowledgement that he does not simply confirm. */
#define CODE_ACKNOWLEDGED_BEFORE "04002"
#define CODE_NO_SUCH_SHIPMENT    "04003"
#define CODE_NOT_ACKNOWLEDGED    "04004"

/* The row of a code; unknown or absent codes give the row "other" (ERR_DELIVERY). Never NULL. */
const struct status_code *status_lookup(const char *code);

/* Which of two codes tells more; both may be NULL. */
bool status_outranks(const char *code, const char *than);

/* "OK" or "00000", in any case. */
bool status_good(const char *status_id);

/* Codes are digits, seven at most; whatever else stands there may name persons. */
bool status_is_code(const char *text);

/* Does a message of a good answer warn? Its ArtID says so, or its code: a text was cut off. Either may be NULL. */
bool status_warns(const char *kind, const char *code);

/* The MeldungID that a SOAP faultcode stands for ("wsse:FailedAuthentication"), NULL if none. */
const char *status_of_faultcode(const char *faultcode);

#endif
