/*
 * rematch.h -- match documents again, by the stock, the names and the rules of today.
 *
 * The queue: what has become certain is filed, with its events; what is still uncertain gets its present reason and
 * candidates, silently. What a person decided is never touched. Documents go in batches of one statement
 * each; whoever changes a document meanwhile wins, and where that or a contract that lost something came between, the batch is
 * read and decided anew (ERR_CONFLICT if that never ends).
 */
#ifndef MATCHER_REMATCH_H
#define MATCHER_REMATCH_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "matcher/matcher.h"
#include "matcher/stored.h"

struct rematch_counts {
	int seen;    /* documents decided again */
	int filed;   /* now certain; with dry_run: would be filed */
	int revised; /* still waiting, for another reason or with other candidates */
};

struct rematch_order {
	const char *issuer;   /* NULL: all */
	const char *key;      /* only documents that have a number with this key; NULL: all */
	const char *contract; /* count and file only what goes to this contract; NULL: everything */
	bool by_alias; /* of those, only by an alias: in shadow others of the contract wait, too */
	bool dry_run;
	/* called for every document that does not stand as it did; may be NULL */
	void (*decided)(void *self, const struct stored *before, const struct verdict *after);
	/* called after every batch; may be NULL */
	void (*progress)(void *self, const struct rematch_counts *counts);
	void *self;
};

/* Fails as db_run; batches that are done stay done. Inside an open transaction it is part of it. */
bool rematch_all(const struct matcher *matcher, const struct rematch_order *order,
		 struct rematch_counts *counts, struct err *e);

/*
 * The next documents of the queue after this id (NULL: from the first) whose own issuer or connection's issuer is among the
 * issuers (a PostgreSQL array, NULL: all): decided, and written where nothing else changed them meanwhile. A constant number of
 * statements. after becomes the last one's id, child of mem, or NULL: there are no more. counts are added to.
 */
#define REMATCH_PAGE 200
bool rematch_page(const struct matcher *matcher, const char *issuers, char **after,
		  struct rematch_counts *counts, TALLOC_CTX *mem, struct err *e);

/*
 * After a name of the contract is gone: documents that the matcher filed there by it are decided again; those that do not
 * come to the same contract any more are withdrawn and wait for a person. key: of an alias that was taken back, NULL: a claim's.
 * counts: seen; filed: at another contract; revised: wait.
 */
bool rematch_without_alias(const struct matcher *matcher, const char *contract_id, const char *key,
			   struct rematch_counts *counts, struct err *e);

/* The same of all documents that the matcher filed to a contract that is gone. */
bool rematch_without_contract(const struct matcher *matcher, const char *contract_id,
			      struct rematch_counts *counts, struct err *e);

/*
 * A document left its contracts: its duplicates there are decided on their own, and the first of those that stay is the
 * news. first as it was before; nothing to do if it was filed nowhere, or was a duplicate itself.
 */
bool rematch_duplicates(const struct matcher *matcher, const struct stored *first, struct err *e);

/*
 * Documents that the matcher filed, decided by today's rules and stock: decided is called for those that would be filed elsewhere
 * or not at all. Nothing is written. counts: seen; filed: elsewhere; revised: not at all.
 */
bool rematch_check_filed(const struct matcher *matcher, const struct rematch_order *order,
			 struct rematch_counts *counts, struct err *e);

/* One document decided again, in the form of change_row; nothing is written. A new reference, NULL on error. */
json_t *rematch_one(const struct matcher *matcher, struct stored *document, TALLOC_CTX *mem,
		    struct err *e);

#endif
