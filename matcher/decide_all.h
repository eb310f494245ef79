/*
 * decide_all.h -- verdicts for documents, wherever the stock lies: one look-up for all their numbers, and a second one
 * only for those that would wait.
 */
#ifndef MATCHER_DECIDE_ALL_H
#define MATCHER_DECIDE_ALL_H

#include "matcher/candidates.h"
#include "matcher/decide.h"
#include "matcher/matcher.h"

/* Who has the stock. Both fill all, children of mem. */
struct stock_source {
	void *self;
	bool (*find)(void *self, struct candidates *all, const struct facts *const *facts,
		     size_t count, TALLOC_CTX *mem, struct err *e);
	bool (*find_nearby)(void *self, struct candidates *all, struct wanted *wanted,
			    TALLOC_CTX *mem, struct err *e);
};

/* The matcher's database; the matcher must outlive it. */
struct stock_source stock_of_database(const struct matcher *matcher);

/* verdicts[count], children of mem. Fails as the source does. */
bool decide_all(struct verdict **verdicts, const struct facts *const *facts, size_t count,
		const struct stock_source *source, const struct insurers *insurers, TALLOC_CTX *mem,
		struct err *e);

#endif
