/*
 * diff.h -- two spellings of a number side by side, for eyes: which characters are the same, and which are not.
 *
 * Aligned by edit distance over characters, two neighbours that are changed over counting as one slip. Separators and case
 * are no difference: nobody reads them.
 */
#ifndef REVIEW_DIFF_H
#define REVIEW_DIFF_H

#include <jansson.h>
#include <stdbool.h>

#define DIFF_MOST 64 /* characters; longer ones are compared as a whole */

/* Each side as [{"text", "same"}], new references. Either may be NULL: then everything on the other side is new. Returns how
 * far apart they are: 0 the same. */
int diff_json(json_t **left, json_t **right, const char *left_text, const char *right_text);

/* Could one be a spelling of the other? At least seven tenths of the letters and digits of the shorter one are in the other; of two
 * numbers that have nothing to do with each other it is about half. false if either is NULL. */
bool diff_alike(const char *left, const char *right);

#endif
