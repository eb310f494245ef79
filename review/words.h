/* words.h -- neighbouring words of a page as one line, and the box around them. */
#ifndef REVIEW_WORDS_H
#define REVIEW_WORDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define WORDS_SPAN   6   /* neighbouring words that may be one number */
#define WORDS_SPELLS 128 /* bytes of words together: no number is written longer */

/* Words from..from+count-1 of a page (as document_text keeps them) in one line; false: too long, or no words. */
bool words_join(char line[WORDS_SPELLS], const json_t *words, size_t from, size_t count);

/* [x0, y0, x1, y1] around all of them, a new reference; NULL if one has no box. */
json_t *words_box(const json_t *words, size_t from, size_t count);

#endif
