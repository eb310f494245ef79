/*
 * release.h -- what may be told to customers: the step that the sequencer takes after numbering, and what a person says
 * about it. events/attachment.h has the rules of it, table release what became of every attachment.
 */
#ifndef EVENTS_RELEASE_H
#define EVENTS_RELEASE_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "events/attachment.h"
#include "store/db.h"

/*
 * release_step -- take in newly numbered events and release what is due. Runs inside the
 * transaction and under the lock of the sequencer; what it writes into the outbox is numbered in
 * the same transaction. Also called when nothing was numbered, for what became due by time.
 *   wrote  how many events it wrote
 *   from   the first new position, to the last; from = to + 1: none
 *   takes  one index look-up if nothing was numbered or is due, two statements if nothing that was
 *          numbered concerns it, else four to six, however many events there are; at most 1000 of those that
 *          became due by time, so that the rest comes with the next step
 */
bool release_step(struct db *db, const char *broker, int64_t from, int64_t to, int *wrote,
		  struct err *e);

/* What is known of a document after a person's word. */
struct release_said {
	enum attachment_state before;
	char *customer_id; /* may be NULL */
	int events;        /* written for the customer */
};

/*
 * Tell the customer now, whatever the rules and the hold-back say; or do not tell him, and if he was told, tell him that
 * it no longer holds. Each is a transaction of its own, in turn with the sequencer, which must have run before: the document's
 * id in full. Fails ERR_MISSING (no document at a contract), ERR_REFUSED (nothing to be done, or it must not be), and as
 * db_run. note may be NULL.
 */
bool release_give(struct release_said *said, struct db *db, const char *broker,
		  const char *document_id, const char *by, TALLOC_CTX *mem, struct err *e);
bool release_withhold(struct release_said *said, struct db *db, const char *broker,
		      const char *document_id, const char *by, const char *note, TALLOC_CTX *mem,
		      struct err *e);

#endif
