/*
 * candidates.h -- the contracts that answer to the numbers of a delivery: one look-up for all of
 * them.
 */
#ifndef MATCHER_CANDIDATES_H
#define MATCHER_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "matcher/facts.h"
#include "matcher/wanted.h"
#include "model/contract.h"
#include "model/verdict.h"
#include "store/db.h"

/* More contracts of one name than this are not told apart: the name says nothing. */
#define CANDIDATES_OF_NAME_MOST 20

/* Who says that a claim is a contract's: the documents that were filed to it with the claim number. */
enum claim_word {
	CLAIM_BY_CLAIM = 1, /* none but those that the claim number itself had filed */
	CLAIM_BY_READING,   /* one that was filed by a picture, a repaired number or an alias */
	CLAIM_VOUCHED,      /* a person, or an exact number beside it */
};

/* What a document filed by this tier says of its claim; the same as the view contract_claim. */
enum claim_word claim_word_of(enum tier tier);

/* A contract of the issuer that was found by the key: by one of its names, by a claim of which documents were filed
 * to it, or by what is known of its holder. */
struct found {
	const char *issuer, *key;
	enum wanted_by by;
	enum name_origin origin;  /* BY_NAME */
	enum claim_word word;     /* BY_CLAIM */
	struct contract contract; /* what decide() needs: ids, vu, line, end, holder, plate */
};

struct candidates {
	struct found *rows; /* sorted by issuer, key, contract */
	size_t count;
};

/* The rows of one name (or claim, date, plate, postcode): first and how many; NULL and 0 if nobody answers. */
const struct found *candidates_of(const struct candidates *all, const char *issuer, const char *key,
				  enum wanted_by by, size_t *count);

/* Rows that were put together elsewhere: a stock in memory, tests. */
void candidates_sort(struct candidates *all);

/*
 * One statement for all documents: every usable key of every number, plain and canonical, every
 * claim number, and the plate. No statement at all if there is nothing to ask. Fails as db_run.
 */
bool candidates_find(struct candidates *all, struct db *db, const char *broker,
		     const struct facts *const *facts, size_t facts_count, TALLOC_CTX *mem,
		     struct err *e);

/* The same for what a waiting document may mean (matcher/nearby.h, beyond.h): two more statements. */
bool candidates_find_nearby(struct candidates *all, struct db *db, const char *broker,
			    const struct wanted *wanted, TALLOC_CTX *mem, struct err *e);

/* Add the twins of the numbers that are wanted BY_TWIN, found under these very keys; one more statement. */
bool candidates_find_twins(struct candidates *all, struct db *db, const char *broker,
			   const struct wanted *wanted, TALLOC_CTX *mem, struct err *e);

/* The text of a PostgreSQL array: {"a","b",NULL}; child of mem. */
char *text_array(const char *const *items, size_t count, TALLOC_CTX *mem);

#endif
