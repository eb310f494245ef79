/*
 * suggest.h -- the contracts that a person is shown, best first, and why: collected while a document is decided, ranked
 * when the verdict stands.
 */
#ifndef MATCHER_SUGGEST_H
#define MATCHER_SUGGEST_H

#include <stddef.h>

#include "matcher/facts.h"
#include "model/contract.h"
#include "model/verdict.h"

#define VERDICT_CANDIDATES_MOST 10

/* How it was come to, best first: a number that names it stands before everything that is only alike. */
enum suggested_by {
	SUGGESTED_FOUND,     /* it would have been filed there, but for a veto */
	SUGGESTED_BY_NAME,   /* a number of the document is its name */
	SUGGESTED_BY_LESSER, /* the claim, the broker's own number, the connection's issuer */
	SUGGESTED_REPAIRED,
	SUGGESTED_LETTERED,
	SUGGESTED_SWAPPED,
	SUGGESTED_LONGER_OR_SHORTER,
	SUGGESTED_OTHER_CHARACTER,
	SUGGESTED_ELSEWHERE,        /* another insurer's contract has the number */
	SUGGESTED_PART,             /* the number with a part more or less at one end */
	SUGGESTED_CUSTOMER,         /* the number is the customer's, not the contract's */
	SUGGESTED_HOLDER,           /* nothing but the holder says so */
	SUGGESTED_HOLDER_ELSEWHERE, /* nor at this insurer */
};

struct suggestion {
	const struct contract *contract;
	enum suggested_by by;
	double score;
	size_t alike; /* characters that its number has in common with the document's, from both ends */
	size_t order;
};

struct suggestions {
	struct suggestion *items;
	size_t count;
	TALLOC_CTX *mem;
};

/* A contract stands once, with the best way to it. */
void suggest(struct suggestions *all, const struct contract *contract, enum suggested_by by);

/*
 * The best ten into the verdict. Those that a number names keep the front; within them, and among the others, the
 * signals decide, then the order in which they came. With evidence for the first ones that no number names.
 */
void suggestions_rank(struct suggestions *all, const struct facts *facts, struct verdict *verdict);

/* "its number differs in one character": the way to it, a sentence. */
const char *suggestion_in_words(enum suggested_by by);

/* A sentence into the verdict. */
void verdict_say(struct verdict *verdict, bool against, const char *sentence);

#endif
