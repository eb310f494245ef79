/*
 * evaluate.h -- how right the matcher is, measured on documents of which the truth is known: the same facts and the same
 * decisions as in the product, over a stock in memory.
 */
#ifndef MATCHER_EVALUATE_H
#define MATCHER_EVALUATE_H

#include <stdbool.h>
#include <stdint.h>

#include "matcher/labelled.h"
#include "matcher/memory_stock.h"
#include "matcher/naive.h"

/* Three errors, never mixed. */
struct tally {
	uint64_t filed, queued;
	uint64_t wrong_customer;  /* E1: another customer's, or a person had to look */
	uint64_t wrong_contract;  /* E2: the right customer, another contract */
	uint64_t needless_review; /* E3: queued, though its contract is in the stock */
	uint64_t in_top;          /* of those: it is among the first three suggestions */
};

/* Of one insurer; the queue stands under TIER_NONE. */
struct insurer_tally {
	char *issuer;
	struct tally tiers[TIERS];
	struct tally naive[NAIVE_RULES]; /* the same documents by the rules of naive.h */
};

struct evaluation {
	struct memory_stock *stock;
	const struct insurers *insurers;
	struct stock_source source;
	struct naive *naive;
	bool strict_lines;
	struct weighing weighing;    /* by the stock's own terms */
	struct insurer_tally *items; /* sorted by evaluation_sort */
	size_t count;
	struct tally before; /* of the documents that came before */
	uint64_t
		strange; /* documents whose truth is no contract of the stock: filed is wrong then */
	char *strange_one; /* the first of them, as it stands there; NULL: none */
};

/* The stock must be complete. Child of mem. */
struct evaluation *evaluation_new(struct memory_stock *stock, const struct insurers *insurers,
				  bool strict_lines, TALLOC_CTX *mem);

/* Decide one document and count it; the verdict is a child of mem. */
struct verdict *evaluate(struct evaluation *evaluation, const struct labelled *labelled,
			 TALLOC_CTX *mem);

/*
 * A document that came before those that are measured, with the decision that fell: filed as the matcher does; where it waits, filed
 * by a person to the contract that is the truth. Its number and its claim are remembered as then.
 */
void evaluate_before(struct evaluation *evaluation, const struct labelled *labelled);

void evaluation_sort(struct evaluation *evaluation); /* by issuer */

void tally_add(struct tally *sum, const struct tally *part);

/* The share of errors that a sample of n with so many errors does not exclude: the upper end at 95 %, by Poisson; 3/n
 * without an error. 1 if n is 0. */
double error_bound(uint64_t errors, uint64_t n);

#endif
