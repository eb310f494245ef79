/*
 * naive.h -- the rules that are met in the field, as a measure to stand beside: a document is filed if exactly one
 * contract answers to its number. They know every number of a contract, and nothing of pictures, persons or lines.
 */
#ifndef MATCHER_NAIVE_H
#define MATCHER_NAIVE_H

#include "matcher/memory_stock.h"

enum naive_rule {
	NAIVE_STRIP,          /* separators off, upper case; the insurer is ignored */
	NAIVE_STRIP_VU,       /* the same, within one register number */
	NAIVE_DIGITS,         /* digits only, leading zeros off; the insurer is ignored */
	NAIVE_DIGITS_NO_ZERO, /* digits only, all zeros off; the insurer is ignored */
	NAIVE_EDIT_VU,        /* one character more, less or other, within one register number */
	NAIVE_RULES
};
const char *naive_in_words(enum naive_rule rule);

struct naive;

struct naive *naive_new(const struct memory_stock *stock, TALLOC_CTX *mem);

#define NAIVE_TOP 3

/* The contracts that answer to the number by this rule, at most NAIVE_TOP of them in top; returns how many there are, NAIVE_TOP + 1
 * for all above. vu and number may be NULL. */
size_t naive_found(const struct contract *top[NAIVE_TOP], const struct naive *naive,
		   enum naive_rule rule, const char *vu, const char *number);

/* The only one; NULL: none, or several. */
const struct contract *naive_file(const struct naive *naive, enum naive_rule rule, const char *vu,
				  const char *number);

#endif
