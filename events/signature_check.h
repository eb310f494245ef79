/*
 * signature_check.h -- the other side of signature.h: does a request that came in carry a Standard
 * Webhooks signature (v1) of one of these secrets?
 */
#ifndef EVENTS_SIGNATURE_CHECK_H
#define EVENTS_SIGNATURE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "events/signature.h"

#define SIGNATURE_TOLERANCE_S 300
#define SIGNATURE_ID_MAX      128

/* The three headers as they came, NULL if missing, and the body as it came. */
struct signed_text {
	const char *id, *timestamp, *signature;
	const char *body;
	size_t len;
};

/*
 * signature_check -- one signature of the header that matches is enough; each is compared in constant
 * time.
 *   fails   ERR_REFUSED a header is missing or malformed, the timestamp is more than
 *           SIGNATURE_TOLERANCE_S off now_s, or no signature matches: the sentence tells which, and
 *           nothing of a secret
 */
bool signature_check(const struct secrets *secrets, const struct signed_text *text, int64_t now_s,
		     struct err *e);

#endif
