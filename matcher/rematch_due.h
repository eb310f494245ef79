/*
 * rematch_due.h -- matching again in the background.
 *
 * Whoever changes what an answer rests on (an import, an alias, rules, canonical numbers) leaves a row in rematch_due in his
 * transaction. A step takes the oldest row that nobody works at (skip locked), does a bounded piece of it, and writes how far it
 * came in the same transaction: a kill -9 costs one step, and any number of processes may help. What a person decides meanwhile
 * wins (version).
 */
#ifndef MATCHER_REMATCH_DUE_H
#define MATCHER_REMATCH_DUE_H

#include <stdbool.h>

#include "base/err.h"
#include "matcher/matcher.h"
#include "matcher/rematch.h"
#include "matcher/rules.h"

#define REMATCH_ALL "*" /* all issuers */

/* Call it inside the transaction that is the cause. own_s: for so many seconds the caller means to do it himself
 * (rematch_now), then others may; 0: at once. Fails as db_run. */
bool rematch_due_add(const struct matcher *matcher, const char *issuer, const char *why, int own_s,
		     struct err *e);

/* One step: a thousand contracts whose names are made anew, or REMATCH_PAGE documents. */
struct rematch_step {
	bool worked;                  /* false: nothing was there to do */
	struct rematch_counts counts; /* added to */
	char issuer[64], why[32];     /* of the row, cut; for the log */
	bool finished;                /* the row is done */
};

/* digest: of rules_notice; by other rules than those noticed last nothing is decided. now: also what its cause means to do
 * himself. Fails as db_run. */
bool rematch_step(struct rematch_step *step, const struct matcher *matcher, const char *digest,
		  bool now, struct err *e);

/* Everything that is due and that nobody works at. progress as in rematch_order. Fails as db_run; what is done stays done. */
bool rematch_now(struct rematch_counts *counts, const struct matcher *matcher,
		 const struct rematch_order *order, struct err *e);

#endif
