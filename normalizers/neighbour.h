/*
 * neighbour.h -- keys that lie one slip of the pen apart: one character more, less or other, or two neighbours changed
 * over; and two letters missing in front of a number of digits. Insurers issue numbers in runs, so that a neighbour is
 * often a real contract of somebody else's: for suggestions, never more.
 */
#ifndef NORMALIZERS_NEIGHBOUR_H
#define NORMALIZERS_NEIGHBOUR_H

#include <stdbool.h>
#include <stddef.h>

#define NEIGHBOUR_LEAST 5 /* characters; the neighbours of shorter keys say nothing */

/* What the neighbour is, seen from the key. */
enum neighbour {
	NEIGHBOUR_SWAPPED,
	NEIGHBOUR_SHORTER,
	NEIGHBOUR_LONGER,
	NEIGHBOUR_OTHER,
	NEIGHBOUR_LETTERED /* two letters in front of a number of digits: a prefix that nobody has drawn */
};

/* How many characters both begin with. */
size_t keys_common(const char *key, const char *name);

/* Is name a neighbour of key, and which? No key is its own. */
bool neighbour_is(enum neighbour *how, const char *key, const char *name);

/* All neighbours of a key, for a stock that can only be asked for whole names: about 1,300 of a number of ten digits.
 * letters: try them too, not only digits. Some may come twice. */
typedef void neighbour_take(void *self, const char *key, enum neighbour how);
void neighbours_of(const char *key, bool letters, neighbour_take *take, void *self);

#endif
