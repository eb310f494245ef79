/*
 * weigh.h -- how much it says that a detail agrees or differs, in bits, after Fellegi and Sunter (1969):
 *
 *	agrees   log2( m / u )             m: how often the detail agrees where it is the holder's document
 *	differs  log2( (1-m) / (1-u) )     u: how often it agrees by chance, the share of the value in the stock (terms.h)
 *
 * 10 bits make a holder a thousand times likelier than the number alone left him. Details are taken as independent, which
 * members of a family are not: surname and postcode together count at most HOUSEHOLD_BITS unless something tells the
 * members apart. The m are estimates (marriages, moves, new cars, typing), not counted from a sample.
 */
#ifndef MATCHER_WEIGH_H
#define MATCHER_WEIGH_H

#include "matcher/terms.h"

/* Set in the configuration (base/conf.h); these are its defaults. */
#define SECOND_BITS 13 /* a second signal under the strict gate */
#define REPAIR_BITS 13 /* what confirms a number that had to be repaired */
#define APART_BITS                                                                                 \
	14 /* by how much one of several contracts of a number must stand above the next */

#define FIELD_BITS_MOST 14 /* no single detail is surer than this: records are mixed up, too */
#define SURNAME_BITS    12 /* the rarest surname is still a family's */
#define HOUSEHOLD_BITS  14

struct weighing {
	const struct terms *terms; /* NULL: what is usual in the country */
	int second_bits, repair_bits, apart_bits;
};

extern const struct weighing weighing_usual;

enum detail {
	DETAIL_SURNAME,
	DETAIL_FIRST_NAME,
	DETAIL_BIRTH_DATE,
	DETAIL_POSTCODE,
	DETAIL_PLATE,
	DETAIL_LINE,
	DETAIL_OTHER_NUMBER, /* another number of the document leads to the contract */
	DETAILS
};

const char *detail_text(enum detail detail); /* "surname", "birth date", ... */

/* value: the document's, whose rarity counts; unused for plates and numbers. */
double weigh_agreement(const struct weighing *weighing, enum detail detail, const char *value);
double weigh_difference(enum detail detail);

/* In place of the difference, for birth dates that differ by no more than somebody mistypes. */
double weigh_slip(void);

#endif
