/*
 * weeks.h -- the weeks of the outbox: made ahead, and dropped when they are old enough and nobody
 * needs them.
 *
 * Table event is partitioned by week (UTC). What no week was made for falls into a default partition
 * and is moved as soon as its week is made, so a program that did not run for months loses nothing.
 */
#ifndef EVENTS_WEEKS_H
#define EVENTS_WEEKS_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "store/db.h"

#define WEEKS_AHEAD 4

/* Make what is missing of this week and the next ones. made may be NULL. Fails ERR_RETRY if a long
 * transaction is in the way for 2 s: ask again later. */
bool weeks_make(struct db *db, int *made, struct err *e);

enum week_state {
	WEEK_KEPT,  /* young enough */
	WEEK_HELD,  /* old, but somebody needs it */
	WEEK_TO_GO, /* would be dropped */
	WEEK_GONE   /* was dropped */
};

struct week {
	const char *partition, *since, *until; /* the day after its last */
	int64_t events, bytes;                 /* events: an estimate */
	enum week_state state;
	const char *holder; /* who needs it, in words; NULL: nobody */
};

/*
 * weeks_prune -- drop the weeks whose last day is more than keep_days ago and that nobody needs: no
 * event without a position, no active endpoint or consumer that stands before one of its events.
 *   weeks, count  all there are, oldest first; child of mem
 *   dry_run       drop nothing
 *   fails         ERR_RETRY; weeks that were dropped before stay dropped
 */
bool weeks_prune(struct week **weeks, int *count, struct db *db, int keep_days, bool dry_run,
		 TALLOC_CTX *mem, struct err *e);

#endif
