/*
 * sequence.h -- the one sequencer: gives committed events their positions, 1, 2, 3 ... without a
 * gap, and to those that are for a customer his own customersequence, 1, 2, 3 ...; in the same
 * transaction the releaser takes them in (events/release.h) and what it writes is numbered, too.
 *
 * A number drawn inside the business transaction would become visible out of order, and a reader
 * that asks for "position > last" would skip whoever commits late. Here only committed rows are
 * numbered, one sequencer after the other under the row lock of sequence_head; so whoever sees
 * position n sees all positions below n, for ever. Any number of processes may call this at any
 * time. After the commit a NOTIFY vorpost_events with the last position tells whoever listens; it
 * is a hint and no more.
 */
#ifndef EVENTS_SEQUENCE_H
#define EVENTS_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

/*
 * sequence_run -- number what waits, oldest first, in batches, until nothing waits.
 *   assigned  how many were numbered; may be NULL; counts also what went well before a failure
 *   takes     one index look-up if nothing waits, else one transaction a batch of 1000; what is
 *             committed after the last one looked is the next call's
 *   fails     ERR_RETRY database away or a lock conflict: what is committed stays
 */
bool sequence_run(struct db *db, const char *broker, int64_t *assigned, struct err *e);

#endif
