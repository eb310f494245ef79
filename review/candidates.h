/* candidates.h -- the contracts that a document may mean, each with why, why not, and what would happen on accept. */
#ifndef REVIEW_CANDIDATES_H
#define REVIEW_CANDIDATES_H

#include <jansson.h>

#include "matcher/stored.h"
#include "review/review.h"

/*
 * Best first, by the stock and the rules of now; a new reference, NULL on error.
 *   also  a contract that a person found, judged beside them and put last; NULL: none. Fails ERR_MISSING
 * Fails as db_run.
 */
json_t *candidates_json(const struct matcher *matcher, struct stored *document, const char *also,
			TALLOC_CTX *mem, struct err *e);

#endif
