/*
 * intake.h -- one document on its way into the sink: base64 or plain bytes come in, the sink gets the bytes, and the
 * first few are kept to tell the type. If a checksum (Pruefsumme) may follow it is computed on the way.
 *
 * An inline document's checksum stands behind it in the message. Computing MD5 and SHA-1 for every document would cost
 * three times the SHA-256, so where the answer can be read again (reader_rereads) that is done for the few that bring one.
 */
#ifndef INGEST_INTAKE_H
#define INGEST_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/reader.h"
#include "ingest/sniff.h"
#include "model/document_sink.h"

#define CHECKSUM_TEXT_SIZE 41

/* What became of it. */
struct taken {
	uint64_t size;
	char sha256[SHA256_TEXT_SIZE];
	const char *media_type;
	bool has_checksums;           /* else they must be had by reading again */
	char md5[CHECKSUM_TEXT_SIZE]; /* lower-case hex */
	char sha1[CHECKSUM_TEXT_SIZE];
	bool base64; /* how it stands in the answer at span_from */
	uint64_t span_from, span_len;
};

struct intake;

/* sink may be NULL: then opening a document fails. source: NULL if the answer cannot be read again. */
struct intake *intake_new(struct document_sink *sink, const struct answer_source *source,
			  TALLOC_CTX *mem);

bool intake_is_open(const struct intake *intake);
/* summed: a checksum may be asked for later. */
bool intake_open(struct intake *intake, bool base64, bool summed, struct err *e);

/* offset: where the bytes stand in the answer, UINT64_MAX if they were not taken from there as they are. */
bool intake_write(struct intake *intake, const void *bytes, size_t len, uint64_t offset,
		  struct err *e);

/* Strings are children of mem. Fails ERR_DELIVERY (base64 incomplete) or as the sink. */
bool intake_close(struct intake *intake, struct taken *taken, TALLOC_CTX *mem, struct err *e);

/* The document as a whole must have this checksum; kind: "MD5" or "SHA1" in any case. *known is false for other kinds.
 * Fails ERR_DELIVERY if it does not match, or as the source fails. */
bool intake_check(bool *known, struct intake *intake, const struct taken *taken, const char *kind,
		  const char *checksum, struct err *e);

#endif
