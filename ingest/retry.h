/*
 * retry.h -- a quarantined shipment tried again: its kept answer is read anew, by the program and the insurer's file of today;
 * where nothing was kept the next list has it fetched, if it is there. Always under the connection's lease.
 */
#ifndef INGEST_RETRY_H
#define INGEST_RETRY_H

#include "ingest/connection.h"
#include "ingest/poller.h"

struct round;

/* What was kept of a shipment. */
struct kept {
	const char *shipment_id;
	const char *raw; /* SHA-256; NULL: nothing */
	const char *content_type;
	int64_t answered_ms;
};

/* Read what was kept, and record it. counts grows. Fails as raw_answer_read and delivery_record; the shipment then stays in
 * quarantine. e may not be NULL. */
bool kept_read(struct recorded *counts, struct poller *poller, const char *connection,
	       int64_t fence, const struct kept *kept, TALLOC_CTX *mem, struct err *e);

/* To be fetched anew; it stays in quarantine, with what was kept, until what comes is stored. *unlisted: since when the insurer
 * does not list it (RFC 3339, child of mem), NULL: he does; may be NULL. Fails ERR_CONFLICT if it left the quarantine
 * meanwhile. */
bool kept_relist(const char **unlisted, struct poller *poller, const char *connection,
		 int64_t fence, const char *shipment_id, TALLOC_CTX *mem, struct err *e);

/* All of the round's connection that somebody asked for (retry_ask.sql), before it lists. What cannot be read stays in
 * quarantine with the new sentence. Fails if the database or the lease is lost. */
bool retries_work(struct round *round, TALLOC_CTX *mem, struct err *e);

#endif
