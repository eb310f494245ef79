/*
 * terms.h -- how often a surname, a first name, a postcode, a line or a broker number occurs in this broker's stock: a
 * common one says little about whose contract it is.
 *
 * Shares are of contracts. A stock is a sample, and a small one a bad one: every share leans on what is usual in the
 * country (for surnames a table of the common ones) as if TERMS_USUAL contracts had been counted there.
 */
#ifndef MATCHER_TERMS_H
#define MATCHER_TERMS_H

#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "model/contract.h"
#include "store/db.h"

#define TERMS_USUAL 1000

enum term_field { TERM_SURNAME, TERM_FIRST_NAME, TERM_POSTCODE, TERM_LINE, TERM_FIELDS };

struct terms;

struct terms *terms_new(TALLOC_CTX *mem);

/* Counted in: the contract's surname, first name, postcode and line. */
void terms_add(struct terms *terms, const struct contract *contract);

/* The share of contracts that have this value, above 0 and at most 1; of a name the most frequent of its words, so that
 * "Müller-Lüdenscheidt" is no rarer than "Müller". terms may be NULL: what is usual in the country. */
double terms_share(const struct terms *terms, enum term_field field, const char *value);

/* What the last import counted (terms_count); empty before the first one. Child of mem. */
struct terms *terms_load(struct db *db, const char *broker, TALLOC_CTX *mem, struct err *e);

/* Count the broker's stock anew: after an import, in its transaction. One pass over the contracts. */
bool terms_count(struct db *db, const char *broker, struct err *e);

#endif
