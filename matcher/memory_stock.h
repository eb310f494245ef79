/*
 * memory_stock.h -- a stock that is not in a database: the same contracts under the same names, asked in the same way.
 * For measuring (matcher/evaluate.h): 100,000 contracts take about 250 MB.
 */
#ifndef MATCHER_MEMORY_STOCK_H
#define MATCHER_MEMORY_STOCK_H

#include <talloc.h>

#include "matcher/decide_all.h"
#include "matcher/stock.h"
#include "model/verdict.h"
#include "normalizers/insurer.h"

struct memory_stock;

struct memory_stock *memory_stock_new(const struct insurers *insurers, TALLOC_CTX *mem);

/* A copy. A contract_id that comes again replaces what came before, as an import does. */
void memory_stock_add(struct memory_stock *stock, const struct contract *contract,
		      enum stock_format format);

/* NULL if there is none. */
const struct contract *memory_stock_contract(const struct memory_stock *stock,
					     const char *contract_id);

/* The only one with this contract_id or, as GDV has none, with this number of the broker's own (0200 part 2, field 9). */
const struct contract *memory_stock_meant(const struct memory_stock *stock, const char *name);

/* A person filed a document there: its number is a name of the contract since then, if it was nobody's. */
void memory_stock_confirmed(struct memory_stock *stock, const struct facts *facts,
			    const char *contract_id);

/* A document of this claim was filed to the contract by this tier, as the database remembers it. */
void memory_stock_filed(struct memory_stock *stock, const struct facts *facts,
			const char *contract_id, enum tier tier);

/* Each contract once, replaced ones not. */
void memory_stock_each(const struct memory_stock *stock,
		       void (*take)(void *self, const struct contract *contract), void *self);

/* Never fails. */
struct stock_source memory_stock_source(struct memory_stock *stock);

#endif
