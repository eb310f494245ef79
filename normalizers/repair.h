/*
 * repair.h -- what a number may have been before somebody wrote it down wrongly: by one typed mistake of those that
 * people and scanners really make. A reading licenses nothing by itself: it counts only if it is the only one that the
 * stock knows and something independent of the number agrees (matcher/decide.h).
 */
#ifndef NORMALIZERS_REPAIR_H
#define NORMALIZERS_REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "normalizers/key.h"

enum repair {
	REPAIR_LOOK_ALIKE, /* a letter that looks like a digit at a digit place, or the other way round */
	REPAIR_PREFIX, /* a constant at the front was left out */
	REPAIR_ZEROS,  /* zeros in front of the first digits were lost or added */
	REPAIR_PART,   /* a part that does not belong to the number is not set apart */
	REPAIRS
};
const char *repair_in_words(enum repair repair);

struct repaired {
	char key[KEY_MOST + 1];
	enum repair how;
};

struct repairs {
	struct repaired *items; /* each key once; never the number's own keys */
	size_t count;
};

/*
 * By the issuer's pictures for the line and by the general rule. A number that a picture accepts is sound: of it only
 * what the stock may have lost counts, letters and zeros in front. None for a number that is refused or too short to say
 * something. issuer may be NULL.
 */
void repair_readings(struct repairs *repairs, const struct insurer *issuer, const char *line,
		     const struct key *key, TALLOC_CTX *mem);

#endif
