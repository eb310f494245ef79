/*
 * lease.h -- who works on which connection. A lease is a row with an end by the database's clock
 * and a counter (fence) that grows with every claim; every write that follows from the work names
 * the fence, so that a worker which lost its lease can no longer write. Nothing here is a lock of
 * the database.
 */
#ifndef INGEST_LEASE_H
#define INGEST_LEASE_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "store/db.h"

#define LEASE_S 120 /* renewed at a third of it */

struct lease {
	char *connection;
	int64_t fence;
	int64_t renewed_ms; /* monotonic */
	char *before;       /* last attempt before this one, as the database wrote it; NULL: none */
};

/* Leases of this host whose process is gone are void at once, without waiting for their end. */
bool lease_void_dead(struct db *db, const char *broker, struct err *e);

/*
 * Claim the connection that has waited longest. owner: base/holder.h. only: that one alone, NULL any. not_since: database
 * time (text); only those last attempted or turned away before it, NULL: those that are due. Nothing to do is
 * success with connection NULL.
 */
bool lease_claim(struct lease *lease, struct db *db, const char *broker, const char *owner,
		 const char *only, const char *not_since, TALLOC_CTX *mem, struct err *e);

/* Claim this one connection whether due, paused or not. Fails ERR_CONFLICT if somebody works on it. */
bool lease_claim_now(struct lease *lease, struct db *db, const char *broker, const char *owner,
		     const char *connection, TALLOC_CTX *mem, struct err *e);

/* Give it back without a word about how it went. A failure costs only time: leases end by themselves. */
void lease_release(const struct lease *lease, struct db *db, const char *broker);

/* Give it back as if it had not been claimed: nothing was asked. due_s: seconds until it is due, and nobody
 * who claims by not_since comes by again in his round; -1: as it was. */
bool lease_return(const struct lease *lease, struct db *db, const char *broker, int64_t due_s,
		  struct err *e);

/* Renew if a third of the time has passed. Fails ERR_CONFLICT if it was lost. */
bool lease_keep(struct lease *lease, struct db *db, const char *broker, struct err *e);

#endif
