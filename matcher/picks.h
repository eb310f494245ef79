/*
 * picks.h -- the contracts to which the numbers of a transfer lead, each by its best way, and what is left of them when
 * several numbers are laid on each other.
 */
#ifndef MATCHER_PICKS_H
#define MATCHER_PICKS_H

#include <stdbool.h>

#include "matcher/candidates.h"
#include "matcher/facts.h"
#include "matcher/suggest.h"
#include "model/verdict.h"

struct pick {
	const struct contract *contract;
	enum tier tier; /* the best way by which it was found */
};

struct picks {
	struct pick item[CANDIDATES_OF_NAME_MOST * 4];
	int count;
	bool overflow; /* more contracts than are told apart */
};

/* NULL if it is not among them. */
struct pick *picks_get(struct picks *picks, const struct contract *contract);

void picks_add(struct picks *picks, const struct contract *contract, enum tier tier);

/* May a contract found by this name be meant by the number that was asked? */
bool name_fits(const struct asked *asked, const struct found *found);

/* The contracts of one look-up, by the plain and by the canonical key. */
void picks_by_key(struct picks *picks, const struct candidates *candidates,
		  const struct asked *asked);

/* The contracts of one number under its issuer and along the successor edges. */
struct picks picks_of(const struct facts *facts, const struct candidates *candidates, int number,
		      enum use use);

/* What the numbers of one use say together. */
struct said {
	struct picks picks;
	bool any;            /* at least one number was looked up */
	bool collides;       /* numbers lead to different contracts */
	bool unknown_policy; /* a policy number that nobody answers to */
};

/* kind: only numbers of this kind; negative: of any. Every contract that a number names is suggested, too. */
struct said said_by(const struct facts *facts, const struct candidates *candidates, enum use use,
		    int kind, struct suggestions *suggestions);

void suggest_picks(struct suggestions *suggestions, const struct picks *picks,
		   enum suggested_by by);

#endif
