/*
 * beyond.h -- where else a waiting document may belong, for a person to look at, never to file: the number with a part more or
 * less at one end, the number at any other insurer of the broker (a sister's or a mistyped register number, or none), the
 * holder's full name at this insurer, and his plate or birth date at any.
 */
#ifndef MATCHER_BEYOND_H
#define MATCHER_BEYOND_H

#include "matcher/candidates.h"
#include "matcher/facts.h"
#include "matcher/suggest.h"
#include "matcher/wanted.h"

#define BEYOND_PART_MOST 5  /* characters at one end: /2025 */
#define BEYOND_TAIL_MOST 3  /* characters that are missing at the end: -001 */
#define BEYOND_LEAST     6  /* characters that remain; fewer are many contracts' */
#define BEYOND_SAME_NAME 20 /* more contracts of one name say nothing */

/* Add what it wants; keys are children of wanted. */
void beyond_keys(const struct facts *facts, struct wanted *wanted);

/* Suggest what was found of it. */
void beyond_suggest(struct suggestions *suggestions, const struct facts *facts,
		    const struct candidates *found, TALLOC_CTX *mem);

/* A holder as he is looked up by name: "mueller|anna", "mueller|" without a first name; NULL without a surname. Child of mem. */
char *beyond_holder(const char *surname, const char *first_name, TALLOC_CTX *mem);

#endif
