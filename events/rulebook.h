/*
 * rulebook.h -- the broker changes who decides about releases: rules, and the hold-backs of tiers.
 *
 * Each change is one transaction in turn with the sequencer: the rule, and everything that waits or that a rule withholds put
 * where the rules now want it. What was released stays released, and what a person decided stays decided.
 */
#ifndef EVENTS_RULEBOOK_H
#define EVENTS_RULEBOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "events/attachment.h"
#include "store/db.h"

/* An attachment that a change moves. */
struct rule_effect {
	const char *document_id, *contract_id, *customer_id; /* customer: may be NULL */
	const char *insurer, *category, *tier;               /* may be NULL */
	enum attachment_state before, after;
	int64_t due_before_ms, due_after_ms; /* NEVER_DUE: nobody knows when */
};

struct rule_effects {
	struct rule_effect *row; /* child of the effects */
	int count;
	int64_t rule_id; /* of the rule that was added */
	int64_t now_ms;  /* the database's clock */
};

/*
 * Add a rule (its id is given), remove one, or set what a tier holds back (seconds). With dry_run nothing is
 * changed, and the effects are those that there would be. Child of mem; NULL on error: ERR_USAGE (a category or tier that there
 * is not, a rule that names nothing, a hold-back over HOLD_MOST_S), ERR_REFUSED (there is a rule for just that; categories that
 * are not for customers), ERR_MISSING, and as db_run.
 */
struct rule_effects *rule_add(struct db *db, const char *broker, const struct release_rule *rule,
			      const char *note, const char *by, bool dry_run, TALLOC_CTX *mem,
			      struct err *e);
struct rule_effects *rule_remove(struct db *db, const char *broker, int64_t rule_id, bool dry_run,
				 TALLOC_CTX *mem, struct err *e);
struct rule_effects *hold_set(struct db *db, const char *broker, const char *tier, int hold_s,
			      bool dry_run, TALLOC_CTX *mem, struct err *e);

#endif
