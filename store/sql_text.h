/*
 * sql_text.h -- what the build embeds: the statements of store/sql/ and the steps of
 * store/migrations/.
 *
 * A statement file begins with its contract: what it does, $n name type, -> columns. The line
 * "-- durability: relaxed" there says that its effect may be lost in a power cut (never half of
 * it), so that its commit need not wait for the disk.
 */
#ifndef STORE_SQL_TEXT_H
#define STORE_SQL_TEXT_H

#include <stdbool.h>

#include "sql_list.h"

struct sql_text {
	const char *name;
	bool relaxed;
	const char *text;
};

struct migration_text {
	int version; /* 1, 2, 3, ... without a gap */
	const char *name;
	const char *checksum;
	const char *text;
};

extern const struct sql_text sql_texts[SQL_COUNT];
extern const struct migration_text migration_texts[];
extern const int migration_count;

#endif
