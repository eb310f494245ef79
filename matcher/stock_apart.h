/*
 * stock_apart.h -- which rows of a table are the same contract, and what tells those apart that stand under one number.
 *
 * Rows come in any order, and whether a number is one customer's alone is known only when all were seen. So a table is looked at
 * before it is taken: once for the numbers that come again, and if there are any, once more at those. Fingerprints are kept, no
 * rows (stock_set): 11 to 22 bytes a row for the first look, and as much a row that comes again.
 *
 * A number is the same however it is spelled (normalizers/clean.h): its documents could not tell the spellings apart. A row
 * that brings its own contract_id is that contract, whatever its number.
 */
#ifndef MATCHER_STOCK_APART_H
#define MATCHER_STOCK_APART_H

#include <stdbool.h>
#include <talloc.h>

#include "matcher/stock_id.h"
#include "model/contract.h"

struct stock_apart;

struct stock_apart *stock_apart_new(TALLOC_CTX *mem);

/* The first look, at each row. A contract needs its vu, a contract_id or a number, and its customer_id only if the broker gave it. */
void stock_apart_note(struct stock_apart *apart, const struct contract *contract);

/* It is over; does anything come again? */
bool stock_apart_again(struct stock_apart *apart);

/* The second look, at each row. */
void stock_apart_compare(struct stock_apart *apart, const struct contract *contract);

/* Then each row, once: was the same contract (number, line and customer; or contract_id) asked for before? */
bool stock_apart_repeated(struct stock_apart *apart, const struct contract *contract);

/* Is the number (in its line), or the contract_id, that of rows of different customers? */
bool stock_apart_disputed(const struct stock_apart *apart, const struct contract *contract);

/* What the id of a contract without one of its own is made of. */
enum told_by stock_apart_told_by(const struct stock_apart *apart, const struct contract *contract);

#endif
