/*
 * wire_words.h -- how an insurer will be asked, in a sentence for each of his services.
 */
#ifndef CMD_WIRE_WORDS_H
#define CMD_WIRE_WORDS_H

#include <talloc.h>

#include "model/profile.h"

/* Both are children of mem. */
char *wire_transfer_words(const struct profile *profile, TALLOC_CTX *mem);
char *wire_sts_words(const struct profile *profile, TALLOC_CTX *mem);

#endif
