/*
 * comparison.h -- what the delivery, the letter and the contract say, side by side, for eyes: who decides sees at once in what they
 * agree. Persons and lines are judged by the matcher's signals, numbers by the pictures; that two numbers are alike is for eyes only.
 */
#ifndef REVIEW_COMPARISON_H
#define REVIEW_COMPARISON_H

#include <jansson.h>

#include "matcher/facts.h"
#include "model/contract.h"
#include "review/clues.h"
#include "review/highlight.h"

struct comparing {
	const struct facts *facts;
	const struct clues *clues;
	struct highlight letter;      /* the delivered number that the letter has */
	const struct insurer *issuer; /* whose document it is; NULL: nobody's that is known */
	const char *issuer_name;
};

/* One contract of them. */
struct compared {
	const struct contract *contract;
	const char *issuer, *issuer_name;
	const char *delivered; /* the delivered number that comes nearest to its own; NULL: none */
	bool named;            /* a delivered number leads to it */
	bool other_insurer;    /* it is objected so */
};

/*
 * [{what, delivery, letter, contract, verdict, letter_verdict}] with the rows that somebody says something of; a new reference.
 *   what     number, holder, birth_date, postcode, plate, line, insurer
 *   verdict  of the delivery against the contract, letter_verdict of the letter: same, alike (a number that may be a spelling of the other), differs,
 *            open (one side says nothing)
 */
json_t *comparison_json(const struct comparing *comparing, const struct compared *compared);

#endif
