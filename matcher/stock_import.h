/*
 * stock_import.h -- the stock into the database: contracts and every name they answer to, in
 * batches.
 *
 * Names are written under the keys of normalizers/key.h: the plain form, and the picture's system
 * form where one accepts the number. The issuer of an insurer without a file is "vu:5438".
 * Contracts that a file does not mention stay as they are; matcher/stock_vanish.h marks them. The caller
 * opens and ends the transaction, and runs nothing else on the connection between begin and end.
 */
#ifndef MATCHER_STOCK_IMPORT_H
#define MATCHER_STOCK_IMPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "matcher/stock.h"
#include "normalizers/insurer.h"
#include "store/db.h"

struct import_counts {
	int64_t added, changed, unchanged;
	int64_t ended;    /* of the changed ones: cancelled since the last import */
	int64_t returned; /* of the changed ones: had vanished */
	int64_t adopted; /* of the changed and unchanged ones: a person had made them (stock_adopt.h) */
	int64_t beside; /* of the new ones: one that a person made has their number, and may be another */
	int64_t not_a_number; /* names that the insurer's rules refuse; the contract is kept without them */
	int64_t without_names; /* contracts that no number leads to */
	int64_t of_unknown; /* contracts of insurers that no insurer file names: theirs are matched by the register number alone */
};

struct stock_import;

struct stock_import *stock_import_begin(struct db *db, const char *broker,
					const struct insurers *insurers, TALLOC_CTX *mem);

/* Where the contracts come from ('gdv', or a name), and the import that remembers them (stock_vanish.h; 0: none does). */
void stock_import_source(struct stock_import *import, const char *source, int64_t number);

/* A contract that was known before and is not as it was. */
struct contract_change {
	const char *contract_id;
	const char *fields; /* what changed: "end cancelled names" */
	bool ended, returned, adopted;
};
void stock_import_watch(struct stock_import *import,
			void (*changed)(void *self, const struct contract_change *change),
			void *self);

/*
 * Contracts that people made are adopted (stock_adopt.h): load which there are. beside: is told of each that is not, NULL or not; made:
 * its contract_id, several: more than one came into question. Without this call nothing is adopted. Fails as db_run.
 */
bool stock_import_adopts(struct stock_import *import,
			 void (*beside)(void *self, const char *made, bool several), void *self,
			 struct err *e);

/* Take one contract; written at once when a batch is full. A contract_id that comes again replaces what came before. */
bool stock_import_add(struct stock_import *import, const struct contract *contract,
		      enum stock_format format, struct err *e);

/* Write the rest; the counts are those of everything since begin. */
bool stock_import_end(struct stock_import *import, struct import_counts *counts, struct err *e);

#endif
