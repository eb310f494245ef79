/*
 * clues.h -- the contracts that the text of a document speaks of: a number in it is a contract's name at the document's insurer,
 * or one slip from one; or its address names a customer. Shown to a person behind what the delivery itself led to. No
 * decision is ever made of it: nothing here is below this room, and the matcher does not know it.
 *
 * A text that speaks of many customers (a settlement, somebody's list of numbers) is no clue to any of them.
 */
#ifndef REVIEW_CLUES_H
#define REVIEW_CLUES_H

#include <jansson.h>

#include "matcher/candidates.h"
#include "matcher/matcher.h"
#include "matcher/why.h"

#define CLUES_MOST          3  /* contracts that are shown */
#define CLUE_CUSTOMERS_MOST 3  /* of whom a text may speak */
#define CLUE_CONTRACTS_MOST 20 /* more contracts of one number or name say nothing */
#define CLUE_KEY_LEAST      6  /* characters; fewer are many contracts' */
#define CLUE_DIGITS_LEAST   4
#define CLUE_WORDS          5000 /* of the text that are searched for numbers */
#define CLUE_KEYS_MOST      2000
#define CLUE_NEAR_LEAST     8   /* characters of a number of which slips are looked for */
#define CLUE_NEAR_MOST      60  /* such numbers */
#define CLUE_NAME_WORDS     250 /* of the first page: where the addressee stands */
#define CLUE_NAMES_MOST     500

/* Best first. */
enum clue_by { CLUE_NUMBER, CLUE_NEAR, CLUE_NAME };

struct clue {
	const struct contract *contract;
	enum clue_by by;
	int page;
	char *spelling; /* as it stands there, fit to be shown */
	char *holder;   /* its holder's name as it stands there, too; NULL: it does not */
	json_t *box;    /* around it, a child of the clues; NULL: it has none */
};

struct clues {
	struct clue *items; /* each contract once */
	size_t count;
	bool many; /* it speaks of too many customers: no items */
};

/* pages: of document_text. Three statements at most; none without a number or a name. *clues is a child of mem. Fails as db_run. */
bool clues_find(struct clues **clues, const struct matcher *matcher, const struct facts *facts,
		const json_t *pages, TALLOC_CTX *mem, struct err *e);

/* The pages that lie in the database, a new reference; NULL without a text. Fails as db_run. */
bool clues_pages(json_t **pages, const struct matcher *matcher, const struct stored *document,
		 TALLOC_CTX *mem, struct err *e);

/* Both in one. */
bool clues_of_document(struct clues **clues, const struct matcher *matcher, struct stored *document,
		       TALLOC_CTX *mem, struct err *e);

/*
 * Of the contracts that the matcher thought of, the one that the letter itself names where what was delivered does not tell it from
 * the best: by its number, where no delivered number leads to any of them; by its holder, where a number leads to several
 * and no holder was delivered. NULL: the best stays the best.
 */
const char *clues_first(const struct whys *whys, const struct clues *clues,
			const struct facts *facts);

/* Behind what the matcher thought of, but the one of clues_first in front; where it thought of the same contract, one more
 * sentence for it. */
void clues_join(struct whys *whys, const struct clues *clues, const struct facts *facts,
		TALLOC_CTX *mem);

/* What the text has of this contract; NULL: nothing. */
const struct clue *clues_of_contract(const struct clues *clues, const char *contract_id);

/* Whom the text names, if it names customers and this contract's holder is none of them: as it stands there; else NULL. */
const char *clues_other_holder(const struct clues *clues, const struct contract *contract);

/* "on page 1 of the text stands the number AS-12 3456789"; child of mem. */
char *clue_in_words(const struct clue *clue, TALLOC_CTX *mem);

/*
 * Keep for the list which contracts the texts of waiting documents speak of: of at most `most` that nobody looked at, or not
 * since a day. done: how many. Fails as db_run; what is done stays done.
 */
bool clues_keep(int *done, const struct matcher *matcher, int most, struct err *e);

#endif
