/*
 * clean.h -- the general rule: what is left of a spelling when everything that carries no meaning is gone.
 *
 * NFKC, label words off the front, separators out, upper case. Every letter, digit and zero is kept, in its order.
 * What cannot be part of a number is never dropped silently: the spelling is malformed, a person looks at it.
 */
#ifndef NORMALIZERS_CLEAN_H
#define NORMALIZERS_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "normalizers/fold.h"

#define KEY_MOST      FOLD_MOST /* significant characters; longer numbers are refused, never cut */
#define SPELLING_MOST 512       /* bytes of a spelling with its labels and separators */

enum clean_state { CLEAN_OK, CLEAN_EMPTY, CLEAN_MALFORMED };

struct cleaned {
	enum clean_state state;
	unsigned len;
	char text[FOLD_ROOM]; /* A-Z and 0-9, at most KEY_MOST; "" unless CLEAN_OK */
	uint64_t gaps;        /* bit i: a separator stood before text[i]; pictures may ask for it */
	const char *label;    /* the label word taken off, folded ("vsnr"); NULL if none */
	const char *why_not;  /* CLEAN_MALFORMED: a constant sentence */
};

/* Is a cleaned text without a digit other than zero? "000", "folgt" and "unbekannt" stand where a number is still missing. */
bool number_is_placeholder(const char *text);

/* Never fails; len counts bytes, so that an embedded NUL is seen (and refused). */
void clean_number(struct cleaned *clean, const char *spelling, size_t len);

#endif
