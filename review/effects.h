/* effects.h -- what follows if a document is filed to a contract: told before a person decides, by the rules that act then. */
#ifndef REVIEW_EFFECTS_H
#define REVIEW_EFFECTS_H

#include <jansson.h>

#include "events/policy.h"
#include "matcher/matcher.h"
#include "matcher/stored.h"

/* What is the same for every contract. */
struct effects {
	const struct matcher *matcher;
	struct stored *document;
	struct policy *policy;
	int64_t others; /* documents that wait with the same number; -1: it has none */
};

/* Two statements. Children of mem; fails as db_run. */
bool effects_load(struct effects *effects, const struct matcher *matcher, struct stored *document,
		  TALLOC_CTX *mem, struct err *e);

/* The contract it would be filed at. */
struct effects_at {
	const char *contract_id, *customer_id; /* customer_id may be NULL */
	const char *number, *printed_number;   /* either may be NULL */
};

/* {files, releases, hold_until, rule, event, alias, also_solves}; a new reference, NULL on error. */
json_t *effects_json(const struct effects *effects, const struct effects_at *at, struct err *e);

/* When a release of a document of this class and customer would be due if a person filed it now: RFC 3339 into out, or NULL if
 * it would not be held. */
const char *effects_hold(char *out, const struct effects *effects, const char *customer_id);

#endif
