/*
 * decide.h -- facts in, verdict out. No clock, no I/O, no state: the same facts give the same
 * verdict.
 *
 * A document is filed by one of these tiers or waits for a person (docs/matching.md):
 *	exact     a known name of exactly one contract of the issuer, compared by its plain key
 *	alias     the same, by a name that a person confirmed
 *	picture   the insurer's picture completes the number to a known name of exactly one contract
 *	claim     a claim number, delivered alone, that only one contract has, and somebody or something vouches for it
 *	repaired  one typed mistake explains the number, exactly one contract answers, and something independent agrees
 * Whatever the tier, a veto sends the document to a person, who finds the contract among the candidates.
 */
#ifndef MATCHER_DECIDE_H
#define MATCHER_DECIDE_H

#include <talloc.h>

#include "matcher/candidates.h"
#include "matcher/facts.h"
#include "matcher/suggest.h" /* VERDICT_CANDIDATES_MOST */
#include "model/verdict.h"

struct nearby; /* matcher/nearby.h */

/* An ended contract still gets its last bills: so many days after the end are not yet "ended". */
#define ENDED_GRACE_DAYS 90

/* Offers, applications and policies come before the begin: so many days before it a document may be dated. */
#define BEFORE_GRACE_DAYS 365

/* Child of mem, with copies of everything it names. Never fails. */
struct verdict *decide(const struct facts *facts, const struct candidates *candidates,
		       TALLOC_CTX *mem);

/* The same for a document that decide() leaves to a person (nearby_wanted): with what it may mean looked up, it may be
 * filed by a repaired reading, and gets suggestions. nearby may be NULL. */
struct verdict *decide_nearby(const struct facts *facts, const struct candidates *candidates,
			      const struct nearby *nearby, TALLOC_CTX *mem);

#endif
