/*
 * recorder.h -- who takes a delivery that was read: matches it and makes it durable.
 *
 * The poll calls it after every document's bytes are durable and before anything is acknowledged.
 * When it returns true, documents, verdicts, events and the shipment's state "stored" are committed
 * in one transaction.
 */
#ifndef MODEL_RECORDER_H
#define MODEL_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/delivery.h"

/* Where the delivery came from. */
struct delivery_source {
	const char *broker;
	const char *connection;
	const char *issuer;    /* of the connection's insurer file */
	int64_t fence;         /* the lease's counter; a stale one is refused */
	int64_t acknowledge_s; /* from storing to acknowledging; -1: when a person releases it */
	const char *signature; /* the policy by which it was read: required | if-present | none */
	const char *read_by;   /* the program and its version */
	int64_t answered_ms;   /* when the answer came, wall clock */
	bool kept;             /* read again from quarantine, not fetched */
};

/* For the closing table: what became of the documents. */
struct recorded {
	int documents, filed, queued, events;
};

struct recorder {
	void *self;
	/* Recording the same shipment again changes nothing and succeeds.
	 * Fails ERR_RETRY (database), ERR_CONFLICT (the lease was lost), ERR_BUG. */
	bool (*record)(void *self, const struct delivery_source *source,
		       const struct delivery *delivery, struct recorded *counts, struct err *e);
};

#endif
