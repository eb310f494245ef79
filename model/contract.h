/*
 * contract.h -- one contract of the broker's stock, and the names (numbers) it answers to.
 * Strings are UTF-8, NULL if unknown; dates are ISO "2004-05-01".
 */
#ifndef MODEL_CONTRACT_H
#define MODEL_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/* Where a name of a contract came from. */
enum name_origin {
	NAME_SYSTEM,      /* GDV 0200 field 5 / CSV number */
	NAME_PRINTED,     /* GDV 0200 part 2 field 13 */
	NAME_OTHER,       /* other_numbers */
	NAME_APPLICATION, /* application number */
	NAME_PERSON,      /* confirmed by a clerk */
	NAME_FORMER,      /* what it was called before a renumbering */
	NAME_BROKER,      /* the broker's own number of it, GDV 0200 part 2 field 9 */
	NAME_CLAIM,       /* a claim number that was seen with the contract */
	NAME_ORIGINS
};

struct contract {
	char *contract_id;
	char *vu;                        /* BaFin register number, without padding ("5438") */
	char *issuer;                    /* key of the insurer file, filled by the normalizers */
	char *number;                    /* system form */
	char *printed_number;            /* with separators, as on the policy */
	char **other_numbers;            /* old numbers, the broker's spellings */
	enum name_origin *other_origins; /* what each of them is; NULL: NAME_OTHER, all */
	size_t other_count;
	char *line; /* Sparte, three digits */
	char *start, *end;
	bool cancelled;
	char *customer_id;
	char *name, *first_name, *birth_date, *postcode, *plate;
	char *broker_number; /* the broker's at this insurer (Vermittlernummer) */
	char *application_number;
	int revision; /* counts what was taken from it, as the database says; 0 elsewhere */
};

/* A copy with everything that it points to; child of mem. */
struct contract *contract_copy(const struct contract *contract, TALLOC_CTX *mem);

const char *name_origin_text(enum name_origin origin); /* "system", "printed", "other", ... */
bool name_origin_parse(enum name_origin *origin, const char *text);

#endif
