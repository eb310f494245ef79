/*
 * poll.h -- one round over one connection: list, then for each shipment fetch, read, record,
 * acknowledge.
 *
 * The caller holds the lease. What goes wrong with one shipment does not touch the others:
 * unreadable ones are quarantined with their raw bytes, those that could not be fetched stay
 * listed. Database away: patience for a minute, then the round ends; nothing that is not recorded
 * was acknowledged.
 */
#ifndef INGEST_POLL_H
#define INGEST_POLL_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/lease.h"
#include "model/recorder.h"
#include "normalizers/insurer.h"
#include "store/blob.h"
#include "store/db.h"

#define POLL_ATTEMPTS_MOST 5   /* then a shipment that cannot be fetched is quarantined */
#define POLL_PASSES_MOST   200 /* lists in one round: an insurer may cap its list */
#define POLL_DATABASE_S    60  /* patience with a database that is away */

struct poll_counts {
	int listed;       /* ids in the insurer's first list */
	int stored;       /* shipments recorded in this round */
	int acknowledged; /* confirmed by the insurer, or settled by its list */
	int quarantined, deferred;
	struct recorded recorded; /* documents, filed, queued, events */
};

/* What a worker is made of; one per process. */
struct poller {
	const char *broker;
	struct db *db;
	const struct insurers *insurers;
	struct blob_store *blobs;
	const char *spool_folder;
	const struct recorder *recorder;
	bool allow_plain; /* http:// on loopback: tests and benchmarks */
	/* Called after every shipment, may be NULL: work known so far and done of it. */
	void (*progress)(void *self, const char *connection, int done, int known);
	void *progress_self;
	struct spool *spool; /* made by the first round */
};

/*
 * True if the round went through, even if single shipments were quarantined or deferred; e then is
 * untouched. Whatever the outcome, it is written to the connection's row (next due time, error,
 * pause) and the lease is given back. Fails with the error that ended the round.
 */
bool poll_connection(struct poll_counts *counts, struct poller *poller, struct lease *lease,
		     struct err *e);

/* A statement of the poll, repeated while the database is away, for POLL_DATABASE_S at most. */
bool poll_sql(struct poller *poller, enum sql statement, int count, const char *const *values,
	      struct rows **rows, TALLOC_CTX *mem, struct err *e);

#endif
