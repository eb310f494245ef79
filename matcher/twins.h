/*
 * twins.h -- contracts of other customers whose number is a document's but for a part at one end: its letters in front, a
 * line's code, zeros, a part behind. One of the two stands in the stock in full and the other as somebody typed it, and the
 * number alone cannot tell which of them is meant.
 *
 * Looked up only for documents that would be filed by a number and name nobody whom it could be held against
 * (verdict->number_alone), so that the others cost nothing more.
 */
#ifndef MATCHER_TWINS_H
#define MATCHER_TWINS_H

#include "matcher/facts.h"
#include "matcher/wanted.h"

#define TWIN_LEAST 6 /* characters that both have in common; fewer are many contracts' */
#define TWIN_FRONT 4 /* characters more or less in front */
#define TWIN_TAIL  3 /* ... behind */

/* Add the numbers of the document whose twins are wanted, as BY_TWIN. */
void twin_keys(const struct facts *facts, struct wanted *wanted);

/* What a key may be with a part less, and with zeros behind its letters more or less; what it may be with more at an end is for
 * whoever has the stock. Some may come twice, none is the key. */
typedef void twin_take(void *self, const char *key, const char *part);
void twin_parts(const char *key, twin_take *take, void *self);

#endif
