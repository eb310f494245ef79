/*
 * stock_vanish.h -- contracts that a full delivery does not mention any more. They are marked (contract.vanished_at),
 * never deleted, keep their names, and are unmarked by the import that mentions them again.
 *
 * An import round has a number, under which contract_seen collects what its files mentioned. What a round covers: of a
 * source with a name of the broker's, everything; of GDV, the insurers and broker's numbers that the files
 * mentioned, because nobody delivers for others.
 */
#ifndef MATCHER_STOCK_VANISH_H
#define MATCHER_STOCK_VANISH_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "model/contract.h"
#include "store/db.h"

#define SOURCE_GDV "gdv"

struct stock_cover; /* pairs of insurer and broker's number */

struct stock_cover *stock_cover_new(TALLOC_CTX *mem);
void stock_cover_add(struct stock_cover *cover, const struct contract *contract);

struct vanished {
	int64_t covered,
		count; /* contracts of the source that had not vanished before, and those that have now */
	struct vanished_contract {
		const char *contract_id, *issuer, *number;
	} * named; /* the first of them; children of mem */
	int named_count;
};

/* Begin a round. */
bool stock_round_begin(int64_t *number, struct db *db, struct err *e);

/* Mark what the round did not see. cover: NULL: all of the source. */
bool stock_vanish(struct vanished *vanished, struct db *db, const char *broker, int64_t number,
		  const char *source, const struct stock_cover *cover, TALLOC_CTX *mem,
		  struct err *e);

/* Forget what the round saw. */
bool stock_round_end(struct db *db, int64_t number, struct err *e);

#endif
