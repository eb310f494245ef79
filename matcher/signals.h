/*
 * signals.h -- what a document says about its holder, beside the contract's: to forbid, to confirm and to rank. Never to
 * find a contract that is then filed.
 */
#ifndef MATCHER_SIGNALS_H
#define MATCHER_SIGNALS_H

#include <stdbool.h>

#include "matcher/facts.h"
#include "matcher/holder.h"
#include "model/contract.h"

struct signals {
	enum agreement surname, first_name, birth_date, postcode, plate;
	bool slip; /* the birth dates differ by no more than somebody mistypes */
	bool rare; /* the document's surname is none of the common ones */
};

struct signals signals_of(const struct facts *facts, const struct contract *contract);

/*
 * Another person, as far as anybody can tell. With both birth dates: they differ, and so does the surname, or the first
 * name (the family has the surname in common), or they differ by more than a slip and the plate does not outweigh it
 * (father and son of one name). Without: the first name or the plate differs, or surname and postcode do, and neither
 * plate nor first name agrees. People marry, move, mistype a date and buy a car: one of these alone is nothing if the
 * birth date agrees.
 */
bool signals_other_holder(const struct signals *s);

/* Something independent of the number says that it is this contract: birth date, plate, or surname and postcode. */
bool signals_second(const struct signals *s);

/* The same for a number that had to be repaired: the surname must be a rare one, and nothing may contradict. */
bool signals_confirm_repair(const struct signals *s);

/* Could the document be this holder's, judged without any number? */
bool signals_name_holder(const struct signals *s);

/* The more, the likelier; negative if they speak against it. */
int signals_weight(const struct signals *s);

/* Among the most frequent surnames of the country: it says little, and a family shares it with strangers. */
bool surname_common(const char *surname);

#endif
