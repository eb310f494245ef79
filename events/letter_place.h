/*
 * letter_place.h -- when the letters of waiting documents may come, kept beside the documents so that a queue of any length
 * has its order from an index.
 *
 * The moment goes by rules, observations and the calendar of the post, so that it is worked out here and not in SQL: once
 * after a document came to wait, and again for all when rules or observations have changed.
 */
#ifndef EVENTS_LETTER_PLACE_H
#define EVENTS_LETTER_PLACE_H

#include <stdbool.h>

#include "base/err.h"
#include "events/letter.h"
#include "store/db.h"

/*
 * Place waiting documents that have no place yet, at most so many; placed: how many. One index look-up if there are none.
 * Fails as db_run.
 */
bool letter_place(int *placed, struct db *db, const char *broker, const struct letter_rules *rules,
		  int most, struct err *e);

/* All that wait, page by page; changed: how many have another place now. Fails as db_run; what is done stays done. */
bool letter_place_all(int *changed, struct db *db, const char *broker,
		      const struct letter_rules *rules, struct err *e);

#endif
