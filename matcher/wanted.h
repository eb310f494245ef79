/*
 * wanted.h -- what is to be looked up for documents, wherever the stock lies: in the database (candidates.h) or in
 * memory (memory_stock.h).
 */
#ifndef MATCHER_WANTED_H
#define MATCHER_WANTED_H

#include <stddef.h>
#include <talloc.h>

#include "matcher/facts.h"

/* What a key is. Plates are as plate_key makes them. */
enum wanted_by {
	BY_NAME,
	BY_CLAIM,
	BY_BIRTH_DATE,
	BY_PLATE,
	BY_POSTCODE,
	BY_PREFIX, /* a name that begins with the key, and has one to three characters more */
	BY_HOLDER, /* beyond_holder's */
	BY_CUSTOMER,
	BY_TWIN, /* another's number but for a part at one end (twins.h) */
	BY_BYTES /* a document's SHA-256, of issuer "": a person took these bytes away from there */
};

struct wanted_key {
	const char *issuer, *key; /* belong to whoever added them */
	enum wanted_by by;
};

struct wanted {
	struct wanted_key *items;
	size_t count;
};

struct wanted *wanted_new(TALLOC_CTX *mem);
void wanted_add(struct wanted *wanted, const char *issuer, const char *key, enum wanted_by by);
void wanted_close(struct wanted *wanted); /* sorted, each once */

/* Every usable key of every number, plain and canonical, every claim number, the plate, and where there is any the bytes; closed. */
struct wanted *wanted_by_facts(const struct facts *const *facts, size_t count, TALLOC_CTX *mem);

/* Upper case without blanks, dashes and full stops, as the index of contracts has it; child of mem. */
char *plate_key(const char *plate, TALLOC_CTX *mem);

#endif
