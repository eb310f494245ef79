/*
 * decide_all.h -- verdicts for documents, wherever the stock lies: one look-up for all their numbers, one more for those that
 * would be filed by the number alone (twins.h), and three more at most, only for those that would wait: near names; names and
 * holders; what is beyond (beyond.h).
 */
#ifndef MATCHER_DECIDE_ALL_H
#define MATCHER_DECIDE_ALL_H

#include "matcher/candidates.h"
#include "matcher/decide.h"
#include "matcher/matcher.h"
#include "matcher/near_names.h"

/* Who has the stock. find and find_nearby fill all, children of mem. */
struct stock_source {
	void *self;
	bool (*find)(void *self, struct candidates *all, const struct facts *const *facts,
		     size_t count, TALLOC_CTX *mem, struct err *e);
	/* The names of the stock that are neighbours of what near asks for; near closed. */
	bool (*find_names_near)(void *self, struct near_names *near, struct err *e);
	bool (*find_nearby)(void *self, struct candidates *all, struct wanted *wanted,
			    TALLOC_CTX *mem, struct err *e);
	/* Adds to all. */
	bool (*find_twins)(void *self, struct candidates *all, const struct wanted *wanted,
			   TALLOC_CTX *mem, struct err *e);
};

/* The matcher's database; the matcher must outlive it. */
struct stock_source stock_of_database(const struct matcher *matcher);

/* verdicts[count], children of mem. Fails as the source does. */
bool decide_all(struct verdict **verdicts, const struct facts *const *facts, size_t count,
		const struct stock_source *source, const struct insurers *insurers, TALLOC_CTX *mem,
		struct err *e);

/* The same by their numbers alone, nothing looked up for those that would wait; candidates: what the numbers led to. */
bool decide_numbers(struct verdict **verdicts, struct candidates *candidates,
		    const struct facts *const *facts, size_t count,
		    const struct stock_source *source, TALLOC_CTX *mem, struct err *e);

/*
 * What documents that would wait by these verdicts may mean, looked up for all of them together: items[count], children of
 * mem, ready for decide_nearby; NULL for those that need none. Fails as the source does.
 */
bool nearby_find(struct nearby **items, struct verdict *const *verdicts,
		 const struct facts *const *facts, size_t count, const struct stock_source *source,
		 const struct insurers *insurers, TALLOC_CTX *mem, struct err *e);

#endif
