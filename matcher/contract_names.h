/*
 * contract_names.h -- the names a contract answers to: every number of it under its issuer, in the plain form and in
 * the picture's system form where one accepts it. The same for the database and for a stock in memory.
 */
#ifndef MATCHER_CONTRACT_NAMES_H
#define MATCHER_CONTRACT_NAMES_H

#include <stddef.h>
#include <talloc.h>

#include "model/contract.h"
#include "normalizers/insurer.h"

struct contract_name {
	const char *key;
	enum name_origin origin;
	const char *spelling; /* of the contract */
};

struct contract_names {
	const char *issuer;          /* key of the insurer file, or "vu:NNNN" without one */
	struct contract_name *items; /* each key once, with its first origin */
	size_t count;
	bool unknown; /* no insurer file names the contract's insurer */
	int refused;  /* numbers that the insurer's rules refuse */
};

/* Children of mem; spellings point into the contract. */
void contract_names_of(struct contract_names *names, const struct contract *contract,
		       const struct insurers *insurers, TALLOC_CTX *mem);

#endif
