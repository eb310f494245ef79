/*
 * poll.h -- one round over one connection: list, then for each shipment fetch, read, record,
 * acknowledge.
 *
 * The caller holds the lease. What goes wrong with one shipment does not touch the others:
 * unreadable ones are quarantined with their raw bytes, those that could not be fetched stay
 * listed, those whose acknowledgement failed stay stored. Database away: patience for a minute, then the round ends; nothing that is not recorded
 * was acknowledged.
 */
#ifndef INGEST_POLL_H
#define INGEST_POLL_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/connection.h"
#include "ingest/lease.h"
#include "ingest/poller.h"

/*
 * True if the round went through without trouble; quarantined shipments are none, they have their own place. Whatever the
 * outcome, it is written to the connection's row (next due time, error, pause) and the lease is given back. Fails with the
 * error that ended the round, or else with the first of a shipment that was put off or whose acknowledgement failed: the
 * others were worked on all the same. e may not be NULL.
 */
bool poll_connection(struct poll_counts *counts, struct poller *poller, struct lease *lease,
		     struct err *e);

/* The insurer refused the account outside of a round: the connection and all that share the account are paused, it is told,
 * and the lease is given back, as after a round that ended so. */
bool poll_refused(struct poller *poller, struct lease *lease, const struct connection *connection,
		  const struct profile *profile, const struct err *why, struct err *e);

#endif
