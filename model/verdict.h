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
const char *tier_text(enum tier tier);       /* "exact", "picture", ... */
const char *tier_in_words(enum tier tier);   /* for people, German */
const char *tier_in_english(enum tier tier); /* the same in English */

/* Why a document waits for a person: a closed list, statistics hang on it. */
enum reason {
	REASON_NONE,
	REASON_NO_NUMBER,        /* nothing delivered, or empty */
	REASON_NUMBER_MALFORMED, /* does not fit any number of this insurer */
	REASON_NUMBER_UNKNOWN,   /* well-formed, not in the stock */
	REASON_SEVERAL_CONTRACTS,
	REASON_OTHER_HOLDER, /* surname and birth date both contradict */
	REASON_LINE_CONTRADICTS,
	REASON_CONTRACT_ENDED,     /* ended before the document was made */
	REASON_CONTRACT_NOT_BEGUN, /* began long after it */
	REASON_ISSUER_UNKNOWN,
	REASON_CLAIM_NUMBER_ONLY,
	REASON_COLLECTIVE_DOCUMENT,     /* several contracts named in one transfer */
	REASON_NOT_A_CUSTOMER_DOCUMENT, /* settlement, GDV file, circular */
	REASON_UNREADABLE,
	REASON_NEEDS_SECOND_SIGNAL, /* health, life, accident under the strict gate */
	REASON_LINK_ONLY,           /* Datenlink instead of bytes: never followed */
	REASON_OTHER_PLATE, /* the plate is known at another living contract of the insurer */
	REASON_TAKEN_BACK,  /* it would be filed where a person took it back from */
	REASON_SHADOW,      /* it would be filed, but the matcher only watches */
	REASONS
};
const char *reason_text(enum reason reason);       /* "no_number", ... as stored */
const char *reason_in_words(enum reason reason);   /* for people, German */
const char *reason_in_english(enum reason reason); /* the same in English */

struct evidence {
	char *says; /* one sentence, no personal data */
	bool against;
};

/* A further contract of a collective document. */
struct filed_at {
	char *contract_id, *customer_id;
	int revision; /* of the contract, as it was decided by */
};

struct verdict {
	bool filed;
	char *contract_id; /* set if filed */
	char *customer_id;
	int revision;          /* of the contract, as it was decided by */
	struct filed_at *more; /* the others, if it was filed to several */
	size_t more_count;
	enum tier tier;
	enum reason reason; /* set if not filed */
	bool number_alone; /* filed by a number, and nothing that is said of the holder is one person's alone */
	struct evidence *evidence;
	size_t evidence_count;
	char **candidates; /* contract ids, best first, at most 10 */
	size_t candidate_count;
};

#endif
