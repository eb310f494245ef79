#include "events/digest.h"

#include <stdio.h>

#include "base/uuid7.h"

bool digest_run(struct digest *digest, struct db *db, const char *broker, int hour, bool dry_run,
		TALLOC_CTX *mem, struct err *e)
{
	char id[UUID_TEXT_SIZE], from[12];
	struct rows *rows = NULL;

	*digest = (struct digest){ 0 };
	if (hour >= DIGEST_NEVER)
		return true;
	snprintf(from, sizeof from, "%d", hour);
	if (!db_call(db, SQL_digest_write, &rows, mem, e, broker, hour < 0 ? NULL : from,
		     uuid7_text(id), dry_run ? "false" : "true"))
		return false;
	if (rows_count(rows) == 1)
		*digest = (struct digest){ rows_text(rows, 0, "day"), rows_text(rows, 0, "payload"),
					   rows_bool(rows, 0, "written") };
	return true;
}
