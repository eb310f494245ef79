/*
 * poller.h -- what a worker is made of, and its patience with a database that is away.
 */
#ifndef INGEST_POLLER_H
#define INGEST_POLLER_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/reading.h"
#include "model/recorder.h"
#include "normalizers/insurer.h"
#include "store/blob.h"
#include "store/db.h"

#define EXPIRY_WARN_DAYS  7
#define POLLER_DATABASE_S 60 /* patience with a database that is away */

struct poll_counts {
	int listed;       /* ids in the insurer's first list */
	int stored;       /* shipments recorded in this round */
	int acknowledged; /* confirmed by the insurer, or settled by its list */
	int gone; /* recorded, and the insurer has no such shipment (any more): not acknowledged */
	int unacknowledged; /* recorded, but the insurer did not confirm: asked again */
	int held; /* recorded, to be acknowledged later: delayed, or when a person releases them */
	int quarantined, deferred;
	int expiring;        /* not here, and not kept by the insurer for EXPIRY_WARN_DAYS more */
	char expires_at[32]; /* the first of them, RFC 3339 */
	bool turned_away;  /* nothing was asked: the insurer is closed, or wants to be left alone */
	int warned;        /* answers that were good and brought a warning of the insurer */
	char warned_of[8]; /* the code of the last that has one */
	int passed_over;   /* entries of the list that cannot be asked for: without a usable ID */
	int deviating;     /* answers that differ from the operator's schemas */
	int unjudged;      /* answers that were not held against them to their end */
	int new_breaches;  /* kinds of differences not seen before at this connection */
	char schema_trouble[200]; /* why answers could not be held against them; "": nothing */
	struct recorded recorded; /* documents, filed, queued, events */
};

/* What a worker is made of; one per process. */
struct poller {
	TALLOC_CTX *mem; /* for what outlives a round */
	const char *broker;
	struct db *db;
	const struct insurers *insurers;
	struct blob_store *blobs;
	const char *spool_folder;
	const struct recorder *recorder;
	struct cage *cage;   /* where answers are read; NULL: in this process */
	const char *schemas; /* the operator's folder (schema.h), NULL: none */
	bool allow_plain;    /* http:// on loopback: tests and benchmarks */
	bool anyway;         /* a person says to try an account that was refused before */
	/* Called after every shipment, may be NULL: work known so far and done of it. */
	void (*progress)(void *self, const char *connection, int done, int known);
	void *progress_self;
	struct spool *spool; /* made by the first round */
};

/* How long to go on trying while the database is away; begins with the first patience_left. */
struct patience {
	int64_t until_ms;
	int wait_ms;
};

/* After a failure: true says to try again, after a pause and with a fresh connection; e is cleared. False: e is something
 * else than ERR_RETRY, the time is over, or the process is to stop. */
bool patience_left(struct patience *patience, struct poller *poller, struct err *e);

/* A statement, repeated while the database is away, for POLLER_DATABASE_S at most. e may not be NULL. */
bool poller_sql(struct poller *poller, enum sql statement, int count, const char *const *values,
		struct rows **rows, TALLOC_CTX *mem, struct err *e);

#endif
