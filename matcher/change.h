/*
 * change.h -- a document gets another verdict than it has: the row for document_change.sql with the events that
 * follow. Leaving a contract is document.detached in the lane of the old customer, reaching one is
 * document.attached in the lane of the new one; staying where it is says nothing. A document of several contracts leaves
 * and reaches each of them. A duplicate leaves silently what it reached silently.
 */
#ifndef MATCHER_CHANGE_H
#define MATCHER_CHANGE_H

#include <jansson.h>
#include <stdbool.h>

#include "matcher/matcher.h"
#include "matcher/stored.h"

/* verdict: {state, contract_id, customer_id, revision, more, tier, reason, evidence, candidates, decided_by}; stolen.
 * A new reference. */
json_t *change_row(struct stored *stored, json_t *verdict, const struct matcher *matcher);

/* The verdict of the matcher in that form, in shadow one that waits; a new reference. */
json_t *change_verdict(const struct verdict *verdict, const struct matcher *matcher);

/*
 * Write the rows (stolen) in one statement. missed: those that were not written, a new reference: somebody changed the document
 * meanwhile, or something was taken from a contract where it would be filed. Decide anew. NULL on error.
 */
bool change_write(const struct matcher *matcher, json_t *rows, json_t **missed, struct err *e);

#endif
