/*
 * why.h -- what speaks for and against each contract that a person is shown, in the matcher's own words: the way by which
 * it was come to, the details of the holder, the veto that would stop it.
 */
#ifndef MATCHER_WHY_H
#define MATCHER_WHY_H

#include "matcher/decide.h"
#include "matcher/matcher.h"
#include "matcher/stored.h"

struct why {
	const char *contract_id;
	enum tier tier; /* by which the number would have filed it; TIER_PERSON: no number does */
	struct evidence *said;
	size_t said_count;
};

struct whys {
	struct why *items; /* best first, at most VERDICT_CANDIDATES_MOST */
	size_t count;
	enum reason reason; /* why none of them was taken; REASON_NONE: one was */
};

/* By the stock and the rules of now, looked up as where documents are decided (nearby_find). Children of mem. Fails as db_run. */
bool why_ask(struct whys *whys, const struct matcher *matcher, struct stored *document,
	     TALLOC_CTX *mem, struct err *e);

/* The same of a contract that the matcher did not think of: the person found it. */
void why_of_contract(struct why *why, const struct facts *facts, const struct contract *contract,
		     TALLOC_CTX *mem);

/* ---- decide_why.c: the pure half ---- */

/* nearby may be NULL. */
void decide_why(struct whys *whys, const struct facts *facts, const struct candidates *candidates,
		const struct nearby *nearby, TALLOC_CTX *mem);

#endif
