/* matcher.h -- what every part of the matcher that touches the database stands on. */
#ifndef MATCHER_MATCHER_H
#define MATCHER_MATCHER_H

#include <stdbool.h>

#include "matcher/weigh.h"
#include "normalizers/insurer.h"
#include "store/db.h"

struct matcher {
	struct db *db;
	const struct insurers *insurers;
	const char *broker;
	bool strict_lines; /* health, life and accident need a second signal */
	bool shadow;       /* watch only: what would be filed waits, and nothing is told */
	const struct weighing *weighing; /* NULL: weighing_usual */
};

#endif
