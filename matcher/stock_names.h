/*
 * stock_names.h -- the stock of the database as rules see it: every contract with the names it answers to, and what of
 * them changes when the rules of its issuer change.
 */
#ifndef MATCHER_STOCK_NAMES_H
#define MATCHER_STOCK_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "matcher/candidates.h"
#include "matcher/matcher.h"
#include "model/contract.h"

struct kept_name {
	const char *key, *spelling;
	enum name_origin origin;
	bool as_pattern; /* a person says that numbers are spelled like this in general */
};

struct named_contract {
	struct contract contract; /* what candidates hold, with number, printed_number and issuer */
	struct kept_name *names;
	size_t name_count;
};

/* Every contract of the issuer (NULL: of all) in the order of their ids; a row lives until take returns. take says
 * false to stop (with e set). Fails as db_run. */
typedef bool named_contract_take(void *self, const struct named_contract *row, struct err *e);
bool stock_names_walk(const struct matcher *matcher, const char *issuer, named_contract_take *take,
		      void *self, struct err *e);

/* Names that the spellings would have by the insurer's rules and have not: rows for candidates, children of mem.
 * insurers: the rules to be tried. */
struct names_to_come {
	struct found *rows; /* of BY_NAME, sorted as candidates are */
	size_t count;
};
bool stock_names_to_come(struct names_to_come *names, const struct matcher *matcher,
			 const struct insurers *insurers, const char *issuer, TALLOC_CTX *mem,
			 struct err *e);

/*
 * Give the contracts of the issuer the names of the matcher's rules: add what is missing, take away what no spelling gives any
 * more. Names that a person confirmed stay. A thousand contracts are one transaction; a second call changes nothing. Fails
 * ERR_CONFLICT (an import runs) and as db_run.
 */
struct rekey_counts {
	int64_t contracts, added, removed;
};
bool stock_names_rekey(const struct matcher *matcher, const char *issuer,
		       struct rekey_counts *counts, struct err *e);

/* The same, within a transaction, for the next thousand contracts after this contract_id (NULL or "": from the first); after becomes the last one's,
 * child of mem, or NULL: there are no more. counts are added to. */
bool stock_names_rekey_page(const struct matcher *matcher, const char *issuer, char **after,
			    struct rekey_counts *counts, TALLOC_CTX *mem, struct err *e);

#endif
