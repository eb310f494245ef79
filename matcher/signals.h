/*
 * signals.h -- what a document says about its holder, beside the contract's: to forbid, to confirm and to rank. Never to
 * find a contract that is then filed. How much a detail says is weighed in bits (matcher/weigh.h).
 */
#ifndef MATCHER_SIGNALS_H
#define MATCHER_SIGNALS_H

#include <stdbool.h>

#include "matcher/facts.h"
#include "matcher/holder.h"
#include "matcher/weigh.h"
#include "model/contract.h"

struct signals {
	enum agreement said[DETAILS];
	double bits[DETAILS];  /* 0 where nothing is said */
	bool slip;             /* the birth dates differ by no more than somebody mistypes */
	bool whole_first_name; /* it agrees, and not only a part of it */
};

struct signals signals_of(const struct facts *facts, const struct contract *contract);

/* Another number of the document (claim, the broker's own) leads to the contract, too. */
void signals_other_number(struct signals *s, const struct facts *facts);

/* Everything together, details of a household not twice. */
double signals_bits(const struct signals *s);

/*
 * Another person, as far as anybody can tell. With both birth dates: they differ, and so does the surname, or the first
 * name (the family has the surname in common), or they differ by more than a slip and the plate does not outweigh it
 * (father and son of one name); or they agree and the first name differs, and neither the plate nor another number speaks
 * for the holder (twins). Without: the first name or the plate differs, or surname and postcode do (or the surname, no
 * postcode is said, and the first name agrees), and neither the plate nor the whole first name agrees; a first name that is common here needs another number beside it. People marry, move,
 * mistype a date and buy a car: one of these alone is nothing if the birth date agrees.
 */
bool signals_other_holder(const struct signals *s);

/* The surname differs, and of all that is said of the holder nothing agrees: marriage explains it, a mistyped number that is
 * a neighbour's does, too. */
bool signals_only_surname(const struct signals *s);

/* Something independent of the number says that it is this contract: what agrees weighs second_bits, whatever differs. */
bool signals_second(const struct signals *s, const struct weighing *weighing);

/* The same for a number that had to be repaired: repair_bits, and nothing contradicts. */
bool signals_confirm_repair(const struct signals *s, const struct weighing *weighing);

/* Could the document be this holder's, judged without any number? */
bool signals_name_holder(const struct signals *s);

/* "surname agrees (rare here)", "birth date differs"; the detail must have said something. Child of mem. */
char *signal_in_words(const struct signals *s, enum detail detail, TALLOC_CTX *mem);

/* All of them, "surname (rare here) and postcode agree; plate differs"; empty if nothing is said. Child of mem. */
char *signals_in_words(const struct signals *s, TALLOC_CTX *mem);

#endif
