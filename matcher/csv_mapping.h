/*
 * csv_mapping.h -- which columns of somebody else's CSV are ours: a YAML file, ours on the left, so
 * that a word of ours that does not exist is an error with its line.
 *
 *	number: Vertragsnummer
 *	vu: Gesellschaft-Nr
 *	name: Nachname
 */
#ifndef MATCHER_CSV_MAPPING_H
#define MATCHER_CSV_MAPPING_H

#include <talloc.h>

#include "base/err.h"

struct csv_mapping;

/* Child of mem. Fails ERR_SETUP: the file, and what was found and expected. */
struct csv_mapping *csv_mapping_load(const char *path, TALLOC_CTX *mem, struct err *e);

/* What their file calls a column of ours; NULL if the mapping is silent or there is none. */
const char *csv_mapping_theirs(const struct csv_mapping *mapping, const char *ours);

#endif
