/*
 * signature.h -- Standard Webhooks 1.0 over "id.timestamp.body": v1 is HMAC-SHA256, v1a is Ed25519.
 *
 * A secret is written "whsec_" and base64 of 24 to 64 bytes, a signing key "whsk_" and base64 of 32
 * bytes, its public key behind them or not; events/secret_file.h says how they are kept. While a
 * file holds several, all sign, so that the receiver can change over at any time. No
 * error text holds anything of a secret.
 */
#ifndef EVENTS_SIGNATURE_H
#define EVENTS_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

struct secrets; /* wiped when freed */

/* From the text of a secret file; child of mem. Fails ERR_SETUP. */
struct secrets *secrets_parse(const char *text, TALLOC_CTX *mem, struct err *e);

/* From a file. Fails ERR_SETUP: missing, open to everybody, or not a secret. */
struct secrets *secrets_read(const char *path, TALLOC_CTX *mem, struct err *e);

int secrets_count(const struct secrets *secrets);

/* The public keys "whpk_..." of its signing keys, one a line, newest first; "" if it has none;
 * child of mem. */
char *secrets_public(const struct secrets *secrets, TALLOC_CTX *mem);

/* Value of webhook-signature: "v1,..." or "v1a,..." of every secret, newest first, one blank between; child of
 * mem. */
char *signature_of(const struct secrets *secrets, const char *id, int64_t timestamp_s,
		   const char *body, size_t len, TALLOC_CTX *mem);

#endif
