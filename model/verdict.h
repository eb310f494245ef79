/*
 * verdict.h -- what the matcher decided about one document, with the evidence that a person can
 * read.
 */
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/* How sure: the tier that filed the document. Lower tiers never file by themselves. */
enum tier {
	TIER_NONE,
	TIER_EXACT,    /* a known name of exactly one contract */
	TIER_PICTURE,  /* a confirmed picture leads to exactly one contract */
	TIER_CLAIM,    /* a claim number that only this contract has, and something agrees */
	TIER_REPAIRED, /* one typed mistake explains the number, and a second signal agrees */
	TIER_ALIAS,    /* a name that a person confirmed */
	TIER_PERSON,   /* a person decided about this document */
	TIERS
};
const char *tier_text(enum tier tier); /* "exact", "picture", ... */

/* Why a document waits for a person: a closed list, statistics hang on it. */
enum reason {
	REASON_NONE,
	REASON_NO_NUMBER,        /* nothing delivered, or empty */
	REASON_NUMBER_MALFORMED, /* does not fit any number of this insurer */
	REASON_NUMBER_UNKNOWN,   /* well-formed, not in the stock */
	REASON_SEVERAL_CONTRACTS,
	REASON_OTHER_HOLDER, /* surname and birth date both contradict */
	REASON_LINE_CONTRADICTS,
	REASON_CONTRACT_ENDED, /* ended before the document was made */
	REASON_ISSUER_UNKNOWN,
	REASON_CLAIM_NUMBER_ONLY,
	REASON_COLLECTIVE_DOCUMENT,     /* several contracts named in one transfer */
	REASON_NOT_A_CUSTOMER_DOCUMENT, /* settlement, GDV file, circular */
	REASON_UNREADABLE,
	REASON_NEEDS_SECOND_SIGNAL, /* health, life, accident under the strict gate */
	REASON_LINK_ONLY,           /* Datenlink instead of bytes: never followed */
	REASONS
};
const char *reason_text(enum reason reason);     /* "no_number", ... as stored */
const char *reason_in_words(enum reason reason); /* for people, German */

struct evidence {
	char *says; /* one sentence, no personal data */
	bool against;
};

/* A further contract of a collective document. */
struct filed_at {
	char *contract_id, *customer_id;
};

struct verdict {
	bool filed;
	char *contract_id; /* set if filed */
	char *customer_id;
	struct filed_at *more; /* the others, if it was filed to several */
	size_t more_count;
	enum tier tier;
	enum reason reason; /* set if not filed */
	struct evidence *evidence;
	size_t evidence_count;
	char **candidates; /* contract ids, best first, at most 10 */
	size_t candidate_count;
};

#endif
