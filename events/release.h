/*
 * release.h -- what may be told to customers: the step that the sequencer takes after numbering.
 */
#ifndef EVENTS_RELEASE_H
#define EVENTS_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

/*
 * release_step -- take in newly numbered events and release what is due. Runs inside the
 * transaction and under the lock of the sequencer; what it writes into the outbox is numbered in
 * the same transaction. Also called when nothing was numbered, for what became due by time.
 *   wrote  how many events it wrote
 *   from   the first new position, to the last; from = to + 1: none
 */
bool release_step(struct db *db, const char *broker, int64_t from, int64_t to, int *wrote,
		  struct err *e);

#endif
