#include "events/weeks.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_S      86400
#define TEXT_OF(n) #n
#define AS_TEXT(n) TEXT_OF(n)

bool weeks_make(struct db *db, int *made, struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(db, SQL_partition_make, &rows, NULL, e, AS_TEXT(WEEKS_AHEAD)))
		return false;
	if (made)
		*made = (int)rows_int(rows, 0, "made");
	talloc_free(rows);
	return true;
}

static struct week week_of(const struct rows *rows, int row)
{
	struct week week = {
		.partition = rows_text(rows, row, "partition"),
		.since = rows_text(rows, row, "since"),
		.until = rows_text(rows, row, "until"),
		.events = rows_int(rows, row, "events"),
		.bytes = rows_int(rows, row, "bytes"),
		.holder = rows_text(rows, row, "holder"),
	};

	if (!rows_bool(rows, row, "old"))
		week.state = WEEK_KEPT;
	else
		week.state = week.holder ? WEEK_HELD : WEEK_TO_GO;
	return week;
}

/* The last look is under the lock: somebody may have come to need it. */
static bool week_drop(struct week *week, struct db *db, TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(db, SQL_partition_drop, &rows, mem, e, week->partition))
		return false;
	week->holder = rows_text(rows, 0, "holder");
	week->state = week->holder ? WEEK_HELD : WEEK_GONE;
	return week->holder || db_call(db, SQL_partition_accepted, NULL, mem, e, week->partition);
}

bool weeks_prune(struct week **weeks, int *count, struct db *db, int keep_days, bool dry_run,
		 TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows = NULL;
	char keep_s[24];
	bool ok = true;

	snprintf(keep_s, sizeof keep_s, "%" PRId64, (int64_t)keep_days * DAY_S);
	if (!db_call(db, SQL_partition_list, &rows, mem, e, keep_s))
		return false;
	*count = rows_count(rows);
	*weeks = talloc_array(mem, struct week, *count);
	for (int i = 0; i < *count; i++)
		(*weeks)[i] = week_of(rows, i);
	for (int i = 0; ok && !dry_run && i < *count; i++)
		if ((*weeks)[i].state == WEEK_TO_GO)
			ok = week_drop(&(*weeks)[i], db, mem, e);
	return ok;
}
