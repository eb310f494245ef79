/* clues_inside.h -- where in a text something stands that may be a number or a customer's name (review/clues.h). */
#ifndef REVIEW_CLUES_INSIDE_H
#define REVIEW_CLUES_INSIDE_H

#include <jansson.h>

#include "matcher/facts.h"
#include "normalizers/insurer.h"

struct spot {
	char *key; /* as names are keyed; of a name: beyond_holder's */
	int page;
	const json_t *words; /* of the page */
	size_t from, count;
};

/* Each key once, where it stands first. Children of mem; the pages must outlive them. */
struct spots {
	struct spot *items;
	size_t count;
};

/* Those of the document's insurer, as he writes them; at most CLUE_KEYS_MOST. */
void spots_of_numbers(struct spots *spots, const json_t *pages, const struct facts *facts,
		      const struct insurers *insurers, TALLOC_CTX *mem);

/* Words of the first page that may be a person or a company; at most CLUE_NAMES_MOST. */
void spots_of_names(struct spots *spots, const json_t *pages, TALLOC_CTX *mem);

#endif
