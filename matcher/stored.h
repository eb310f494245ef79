/*
 * stored.h -- a document as the database keeps it: how a delivery is written down, and how the same facts are read
 * again, so that a document in the queue is decided exactly as if it had just come.
 */
#ifndef MATCHER_STORED_H
#define MATCHER_STORED_H

#include <jansson.h>
#include <stdbool.h>
#include <talloc.h>

#include "matcher/facts.h"
#include "matcher/matcher.h"
#include "model/verdict.h"
#include "store/db.h"

/* The row of one document for delivery_record.sql, without its verdict; a new reference. */
json_t *stored_row(const struct facts *facts, const char *document_id, int transfer_no,
		   int file_no);

/* The head of a delivery, and what a transfer says apart from its documents. */
json_t *stored_shipment(const struct shipment *shipment);
json_t *stored_transfer(const struct transfer *transfer);

/* Put state, contract, tier, reason, evidence and candidates of a verdict into a row. */
void verdict_put(json_t *row, const struct verdict *verdict);

/* The same while the matcher only watches: what would be filed waits, its contracts in front of the candidates, and "shadow"
 * says what would have been (store/migrations/0017_shadow.sql). */
void verdict_put_shadow(json_t *row, const struct verdict *verdict);

/* A row of `document`, as the statements document_* and match_* return it. */
struct stored {
	char *document_id, *connection, *connection_issuer, *shipment_id;
	char *issuer; /* as decided when it came */
	char *state, *contract_id, *customer_id, *tier, *reason;
	char *received_at, *decided_at, *decided_by;
	char *evidence, *candidates; /* JSON text */
	char *shadow; /* what the matcher would have done, JSON text; NULL: not decided in shadow */
	char *taken_back; /* contracts where a person took it back from: a JSON array */
	char *more;       /* further contracts, JSON text: [{contract_id, customer_id}] */
	char *duplicate_of; /* the document of the same bytes that was the news; NULL: it was itself */
	bool remembered;    /* its claim number may be learned */
	int transfer_no, file_no, version;
	struct shipment shipment;
	struct transfer transfer; /* with this document only */
	struct facts *facts;      /* after stored_facts */
};

/* Fails ERR_BUG if what is stored cannot be read. Child of mem. */
struct stored *stored_read(const struct rows *rows, int row, TALLOC_CTX *mem, struct err *e);

/* The facts, by the insurer files and settings of today; they hang on the stored document. */
const struct facts *stored_facts(struct stored *stored, const struct matcher *matcher);

/* The contracts where it lies, parted by ", ", for people; NULL: nowhere. Child of mem. */
char *stored_contracts(const struct stored *stored, TALLOC_CTX *mem);

/* {state, contract_id, customer_id, more, ..., decided_by} as decisions keep it and undo restores it; a new reference. */
json_t *stored_verdict(const struct stored *stored);

#endif
