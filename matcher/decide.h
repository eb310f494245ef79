/*
 * decide.h -- facts in, verdict out. No clock, no I/O, no state: the same facts give the same
 * verdict.
 *
 * Tiers, strongest first; a document is filed by one of them or waits for a person
 * (docs/matching.md): exact    a known name of exactly one contract of the issuer, compared by its
 * plain key alias    the same, by a name that a person confirmed picture  the insurer's picture
 * completes the number to a known name of exactly one contract Whatever the tier, a veto sends the
 * document to a person, who finds the contract among the candidates.
 */
#ifndef MATCHER_DECIDE_H
#define MATCHER_DECIDE_H

#include <talloc.h>

#include "matcher/candidates.h"
#include "matcher/facts.h"
#include "model/verdict.h"

#define VERDICT_CANDIDATES_MOST 10

/* An ended contract still gets its last bills: so many days after the end are not yet "ended". */
#define ENDED_GRACE_DAYS 90

/* Child of mem, with copies of everything it names. Never fails. */
struct verdict *decide(const struct facts *facts, const struct candidates *candidates,
		       TALLOC_CTX *mem);

#endif
