/*
 * trust_sign.h -- our signature under a request: RSA-SHA256 over wsu:Timestamp and soap:Body, exclusive canonicalisation,
 * in the form that trust.h accepts from others.
 */
#ifndef INGEST_TRUST_SIGN_H
#define INGEST_TRUST_SIGN_H

#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/identity.h"

#define SIGN_TIMESTAMP_ID                                                                          \
	"time" /* wsu:Id of what is signed, and of the BinarySecurityToken that holds the certificate */
#define SIGN_TOKEN_ID "token"
#define SIGN_BODY_ID  "body"

/*
 * The envelope with a ds:Signature as the last child of its wsse:Security; child of mem. The envelope is our own: a
 * wsu:Timestamp, a BinarySecurityToken and a Body with these ids stand in it. Fails ERR_SETUP: the key cannot sign.
 */
bool trust_sign(char **text, size_t *len, const char *envelope, size_t envelope_len,
		const struct identity *identity, TALLOC_CTX *mem, struct err *e);

/* The certificate in base64, for the BinarySecurityToken; child of mem. */
char *trust_sign_token(const struct identity *identity, TALLOC_CTX *mem);

#endif
