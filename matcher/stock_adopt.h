/*
 * stock_adopt.h -- contracts that a person made for a document (matcher/queue_create.c), when the stock brings them. The contract
 * stays the one that it was, with its id, its documents and what was decided; its fields and its names become the stock's, and
 * contract_adopted remembers what the stock calls it.
 *
 * A contract of the file adopts the one made by hand if both have a number in common at one insurer, neither lines nor times
 * contradict, and the person is known to be the same: nobody is joined to another silently. It must be the only one on both sides.
 * Otherwise both stand, documents of the number wait for a person, and the import says so.
 *
 * Which is the only one is known at the end of a file, so contracts that come into question are held back until then.
 */
#ifndef MATCHER_STOCK_ADOPT_H
#define MATCHER_STOCK_ADOPT_H

#include "matcher/contract_names.h"
#include "matcher/stock.h"
#include "store/db.h"

struct stock_adopt;

/* Two statements. Child of mem; memory grows with the contracts made by hand. NULL on error; fails as db_run. */
struct stock_adopt *stock_adopt_load(struct db *db, const char *broker, TALLOC_CTX *mem,
				     struct err *e);

/* Our id for a contract of the stock: its own, if it was not adopted. */
const char *stock_adopt_id(const struct stock_adopt *adopt, const char *stock_id);

/* May it be one that a person made? Then a copy is held back. */
bool stock_adopt_hold(struct stock_adopt *adopt, const struct contract *contract,
		      enum stock_format format, const struct contract_names *names);

/* Whether a contract made by hand and one of the stock are one. */
enum sameness { SAME_NOT, SAME_UNSURE, SAME_YES };
enum sameness stock_adopt_same(const struct contract *made, const struct contract *stock,
			       const char *stock_end);

/* Decide about all that were held back and write it down, two statements; stock_adopt_id knows it from then on. Fails as db_run. */
bool stock_adopt_settle(struct stock_adopt *adopt, struct err *e);

/* Was this contract of ours adopted by the last settling? */
bool stock_adopt_took(const struct stock_adopt *adopt, const char *contract_id);

/* Each that was held back, in the order they came, and then they are forgotten. beside: a contract made by hand that has its number and
 * is not known to be the same, NULL: none; several: because more than one came into question. */
typedef bool stock_adopt_take(void *self, const struct contract *contract, enum stock_format format,
			      const char *beside, bool several, struct err *e);
bool stock_adopt_each(struct stock_adopt *adopt, stock_adopt_take *take, void *self, struct err *e);

#endif
