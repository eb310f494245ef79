/*
 * nearby.h -- what a document that would wait may mean: readings of its numbers that one typed mistake explains, keys
 * one character off, and the holder's contracts. Made only for documents that decide() leaves to a person, so that the
 * others cost nothing more.
 */
#ifndef MATCHER_NEARBY_H
#define MATCHER_NEARBY_H

#include <stdbool.h>
#include <talloc.h>

#include "matcher/candidates.h"
#include "matcher/facts.h"
#include "matcher/near_names.h"
#include "model/verdict.h"
#include "normalizers/repair.h"

enum near_how {
	NEAR_REPAIRED, /* may file, if it is the only one and a second signal agrees */
	NEAR_SWAPPED,  /* from here on only suggestions */
	NEAR_LONGER_OR_SHORTER,
	NEAR_OTHER_CHARACTER,
	NEAR_LETTERED,
};

struct near_key {
	const struct asked *asked; /* whose number it comes from */
	char key[KEY_MOST + 2];
	enum near_how how;
	enum repair repair; /* NEAR_REPAIRED */
};

/* A number whose neighbours are wanted. */
struct near_number {
	const struct asked *asked;
	const char *key;
	size_t ask; /* in near_names */
};

/* Of the holder; the issuers are those that the document's numbers are asked at. */
struct near_holder {
	const char *issuer, *key;
	enum wanted_by by;
};

struct nearby {
	struct near_number *numbers;
	size_t number_count;
	struct near_key *keys;
	size_t key_count;
	struct near_holder *holders;
	size_t holder_count;
	struct candidates found; /* for this document, and perhaps for others too */
};

/* Is it worth asking? Not for what is filed, and not where no contract can help. */
bool nearby_wanted(const struct verdict *verdict);

/* Child of mem; nothing is looked up yet. */
struct nearby *nearby_of(const struct facts *facts, const struct insurers *insurers,
			 TALLOC_CTX *mem);

/* The names one slip from its numbers: ask for them, and take them when they were found. */
void nearby_ask(struct nearby *nearby, struct near_names *near);
void nearby_take(struct nearby *nearby, const struct near_names *near);

/* Add what it wants, for whoever has the stock. */
void nearby_keys(const struct nearby *nearby, struct wanted *wanted);

#endif
