#include "events/sequence.h"

#include "base/crash.h"

#define SEQUENCE_BATCH "1000"

static bool events_wait(bool *waiting, struct db *db, const char *broker, TALLOC_CTX *mem,
			struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(db, SQL_event_unsequenced, &rows, mem, e, broker))
		return false;
	*waiting = rows_bool(rows, 0, "waiting");
	return true;
}

/* The lock is a statement of its own: the next one then sees what the sequencer before us
 * committed. */
static bool head_lock(struct db *db, const char *broker, TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(db, SQL_sequence_lock, &rows, mem, e, broker))
		return false;
	if (rows_count(rows) == 1)
		return true;
	return db_call(db, SQL_sequence_make, NULL, mem, e, broker) &&
	       db_call(db, SQL_sequence_lock, NULL, mem, e, broker);
}

static bool batch_number(int64_t *numbered, struct db *db, const char *broker, TALLOC_CTX *mem,
			 struct err *e)
{
	struct rows *rows = NULL;

	if (!db_begin(db, e))
		return false;
	if (!head_lock(db, broker, mem, e) ||
	    !db_call(db, SQL_sequence_number, &rows, mem, e, broker, SEQUENCE_BATCH)) {
		db_rollback(db);
		return false;
	}
	*numbered = rows_int(rows, 0, "numbered");
	CRASH_POINT("sequence.before");
	if (!db_commit(db, e))
		return false;
	CRASH_POINT("sequence.committed");
	return true;
}

bool sequence_run(struct db *db, const char *broker, int64_t *assigned, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool waiting = false;
	int64_t total = 0, numbered = 0;
	bool ok;

	while ((ok = events_wait(&waiting, db, broker, mem, e)) && waiting) {
		if (!(ok = batch_number(&numbered, db, broker, mem, e)))
			break;
		total += numbered;
		talloc_free_children(mem);
	}
	if (assigned)
		*assigned = total;
	talloc_free(mem);
	return ok;
}
