/*
 * trust.h -- is this answer signed by the insurer, and what exactly did he sign? The only home of xmlsec1, which
 * computes digests and signatures here and decides nothing: which nodes, algorithms, keys and times are acceptable is
 * checked before it is asked (trust_structure.c, trust_certificate.c).
 *
 * What was verified is handed out as bytes: the signed soap:Body as it went into the digest, in an envelope of ours.
 * Whoever reads these and nothing else cannot be shown another body (signature wrapping has no object left).
 * docs/bipro.md, "Signatures", says what is accepted.
 */
#ifndef INGEST_TRUST_H
#define INGEST_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/reader.h"
#include "model/document_sink.h"
#include "model/profile.h"

struct trust_files {
	const char
		*certificates; /* PEM: the insurer's own certificates, or certificate authorities */
	const char *crl;       /* PEM, NULL: revocation is not checked */
	const char *signer;    /* CN or SAN; needed where an authority vouches for the signer */
};

/* Whom to believe. Child of mem. Fails ERR_SETUP: a file cannot be read or holds no certificate. */
struct trust;
struct trust *trust_new(const struct trust_files *files, TALLOC_CTX *mem, struct err *e);

/* The same as texts, so that whom to believe can be told to a process that may open no file. */
struct trust_texts {
	const char *certificates, *crl, *signer; /* PEM, PEM or NULL, NULL if none */
};
struct trust_texts trust_texts(const struct trust *trust); /* live as long as trust */
struct trust *trust_of_texts(const struct trust_texts *texts, TALLOC_CTX *mem, struct err *e);

/* Set xmlsec1 and OpenSSL up for the whole process, once: nothing is loaded later. trust_verify does it by itself. */
void trust_prepare(void);

/* One answer as it came: all of its body, and what the header said of it. */
struct trust_message {
	const char *content_type; /* NULL if none */
	const void *bytes;
	size_t len;
	void *spent; /* talloc memory of bytes, freed as soon as they are a tree; NULL: the caller's */
};

/*
 * Verify the one signature of a message.
 *   *envelope  a SOAP message with the signed Body in it, documents inline; child of mem
 *   now_ms     wall clock
 *   fails      ERR_DELIVERY: not signed, or not signed as it must be; the sentence says what is wrong
 */
bool trust_verify(char **envelope, size_t *len, const struct trust *trust,
		  const struct trust_message *message, int64_t now_ms, TALLOC_CTX *mem,
		  struct err *e);

/* How the answer is read, once it is verified. */
struct trust_reading {
	const char *expected_id; /* as in reader_new */
	const struct reader_limits *limits;
	struct document_sink *sink;
};

/*
 * Verify, then read what was verified and only that: the documents reach the sink from the signed bytes.
 * trust NULL: nobody is trusted, every signature fails. Fails as trust_verify and reader_end.
 */
bool trust_read(struct answer **answer, const struct trust *trust,
		const struct trust_message *message, const struct trust_reading *reading,
		int64_t now_ms, TALLOC_CTX *mem, struct err *e);

/*
 * Must this answer, as the reader saw it, go through trust_read? A signature that is there is never passed over, unless
 * the policy is SIGNATURE_NONE. Fails ERR_DELIVERY: unsigned, and the policy is SIGNATURE_REQUIRED.
 */
bool trust_needed(bool *needed, enum signature_policy policy, const struct answer *answer,
		  struct err *e);

#endif
