/* db_inside.h -- inside the room and for its tests: the same with lists other than the embedded
 * ones. */
#ifndef STORE_DB_INSIDE_H
#define STORE_DB_INSIDE_H

#include "store/db.h"
#include "store/sql_text.h"

struct db *db_open_list(const char *conninfo, const struct sql_text *texts, int count, int version,
			TALLOC_CTX *mem, struct err *e);

bool db_migrate_list(const char *conninfo, const struct migration_text *steps, int count,
		     int *applied, struct err *e);

/* Fails ERR_SETUP unless the schema that the database has is the one that the program expects. */
bool schema_check(int found, int expected, struct err *e);

#endif
