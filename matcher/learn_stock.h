/*
 * learn_stock.h -- number pictures (normalizers/learn.h) from the stock in the database, and what a picture would have changed for
 * the documents that came so far. Nothing is written.
 */
#ifndef MATCHER_LEARN_STOCK_H
#define MATCHER_LEARN_STOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "matcher/matcher.h"
#include "normalizers/learn.h"

/* The stock of one issuer. */
struct learned_issuer {
	const char *issuer; /* of the contracts: an insurer file's key, or "vu:NNNN" without one */
	struct learner *learner;
	size_t contracts;
};
struct learned_issuers {
	struct learned_issuer *items; /* sorted by issuer */
	size_t count;
};

/* Read the stock: of one issuer, or NULL for all (about 250 bytes a contract in memory). support as learner_new. progress may
 * be NULL; it is called after every thousand contracts. Fails as db_run. */
typedef void learn_progress(void *self, size_t contracts);
bool learn_stock_read(struct learned_issuers *all, const struct matcher *matcher,
		      const char *issuer, size_t support, learn_progress *progress, void *self,
		      TALLOC_CTX *mem, struct err *e);

/* What a picture would have made of the documents of its issuer, against what the rules of today make of them. */
struct learn_history {
	int seen;      /* filed and waiting documents */
	int filed;     /* wait today, would have been filed */
	int confirmed; /* ... a person filed, and it would have gone to the same contract by itself */
	int conflicts; /* stand at a contract, and would have gone to another one */
	int unsettled; /* stand at a contract by the matcher, and would have waited */
};

/* tried: the insurers of the matcher and the picture (insurers_try_picture). Fails as db_run. */
bool learn_history_of(struct learn_history *history, const struct matcher *matcher,
		      const struct insurers *tried, const char *issuer, struct err *e);

#endif
