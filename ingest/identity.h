/*
 * identity.h -- who we are to an insurer: a private key and its certificate, for signing a login (ingest/trust_sign.h) or
 * for TLS (ingest/http.h). PEM or PKCS#12; the file tells by itself which it is.
 */
#ifndef INGEST_IDENTITY_H
#define INGEST_IDENTITY_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

struct identity {
	EVP_PKEY *key;
	X509 *certificate;
	STACK_OF(X509) * chain; /* what else the files hold, to be sent along; may be empty */
};

struct identity_files {
	const char *key;         /* PEM or PKCS#12; others may not read it */
	const char *certificate; /* PEM; NULL: it stands in the file of the key */
	const char *pass_phrase; /* a file, one line; NULL: the key is not encrypted */
};

/*
 * Child of mem, closed with it; the key's bytes are wiped by OpenSSL. Fails ERR_SETUP: a file cannot be read, the pass
 * phrase does not open the key, there is no certificate of this key, it is not valid at now_ms, the key is weak.
 */
struct identity *identity_load(const struct identity_files *files, int64_t now_ms, TALLOC_CTX *mem,
			       struct err *e);

/* When the certificate ends, wall clock. */
int64_t identity_ends_ms(const struct identity *identity);

#endif
