/*
 * objections.h -- what speaks so strongly against filing a document at a contract that a person has to say it twice: one rule
 * for the page, for broker software and for `vorpost queue assign`. It never keeps a document from where a person wants it;
 * it keeps a slip of the finger from reaching a customer.
 */
#ifndef MATCHER_OBJECTIONS_H
#define MATCHER_OBJECTIONS_H

#include <stdbool.h>

#include "matcher/candidates.h"
#include "matcher/matcher.h"
#include "matcher/stored.h"
#include "store/rows.h"

/* A set is their sum. */
enum objection {
	OBJECTION_SEVERAL_CUSTOMERS =
		1, /* it names contracts that are not known to be this customer's */
	OBJECTION_OTHER_HOLDER = 2,  /* signals_other_holder, signals_only_surname */
	OBJECTION_OTHER_INSURER = 4, /* no number of the document is this insurer's */
	OBJECTION_STRICT_LINE = 8,   /* strict_lines: nothing but the number says so */
	OBJECTION_SAME_NUMBER =
		16, /* of one to be made: its number is a contract's of another line, or stands beside another's own */
	OBJECTION_OTHER_CUSTOMER =
		32, /* of one to be made: its customer is somebody else in the stock */
};
#define OBJECTIONS 6

/* The words by which they are confirmed: "several_customers", "other_holder", "other_insurer", "strict_line", "same_number",
 * "other_customer". */
const char *objection_text(enum objection objection);
const char *objection_in_words(enum objection objection); /* a sentence */

/* Add the one of this word to the set; false: there is none. */
bool objection_read(unsigned *set, const char *text);

/* All words, or all sentences, of a set with something between them. Child of mem. */
char *objections_join(unsigned set, const char *(*one)(enum objection), const char *between,
		      TALLOC_CTX *mem);

/* What is the same for every contract. */
struct objecting {
	const struct facts *facts;
	struct candidates found; /* what its policy numbers lead to, where it has several */
};

/* One statement, if the document names several contracts; else none. found hangs on mem. Fails as db_run. */
bool objecting_load(struct objecting *objecting, const struct matcher *matcher,
		    struct stored *document, TALLOC_CTX *mem, struct err *e);

/* Against filing it at these contracts together: `count` rows of queue_candidates.sql from `first` on. */
unsigned objections_to(const struct objecting *objecting, const struct rows *contracts, int first,
		       int count);

/* Is the document, by what it says of its holder, somebody else's than this contract's? */
bool objects_to_holder(const struct facts *facts, const struct contract *contract);

/* A row of queue_candidates.sql as far as it is judged; it points into the rows. */
struct contract candidate_contract(const struct rows *rows, int i);

#endif
