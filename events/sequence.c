#include "events/sequence.h"

#include "base/crash.h"
#include "events/release.h"
#include "model/event.h"

/* Of numbering in one transaction; what is left then comes in the next one. */
#define ROUNDS_MOST 8
#define BATCH       1000 /* the limit in sequence_number.sql */

/* One batch under the lock: a transaction. */
struct turn {
	struct db *db;
	const char *broker;
	const char *customer_types; /* text[] */
	int64_t numbered;
	int64_t head; /* the last position */
	bool done;    /* the last round found less than a batch and wrote nothing */
	TALLOC_CTX *mem;
};

static bool events_wait(bool *waiting, const struct turn *t, struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(t->db, SQL_event_unsequenced, &rows, t->mem, e, t->broker))
		return false;
	*waiting = rows_bool(rows, 0, "waiting");
	return true;
}

/* The lock is a statement of its own: the next one then sees what the sequencer before us
 * committed. */
static bool head_lock(const struct turn *t, struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(t->db, SQL_sequence_lock, &rows, t->mem, e, t->broker))
		return false;
	if (rows_count(rows) == 1)
		return true;
	return db_call(t->db, SQL_sequence_make, NULL, t->mem, e, t->broker) &&
	       db_call(t->db, SQL_sequence_lock, NULL, t->mem, e, t->broker);
}

/* What is committed gets its numbers, and the releaser hears of it; again = it wrote events in
 * turn, which shall become visible with what they follow from. */
static bool round_number(struct turn *t, bool *again, struct err *e)
{
	struct rows *rows = NULL;
	int64_t numbered;
	int wrote = 0;

	if (!db_call(t->db, SQL_sequence_number, &rows, t->mem, e, t->broker, t->customer_types))
		return false;
	numbered = rows_int(rows, 0, "numbered");
	t->head = rows_int(rows, 0, "position");
	t->numbered += numbered;
	CRASH_POINT("sequence.numbered");
	if (!release_step(t->db, t->broker, t->head - numbered + 1, t->head, &wrote, e))
		return false;
	*again = wrote > 0;
	t->done = !*again && numbered < BATCH;
	return true;
}

static bool turn_inside(struct turn *t, struct err *e)
{
	bool again = true;

	if (!head_lock(t, e))
		return false;
	for (int i = 0; i < ROUNDS_MOST && again; i++)
		if (!round_number(t, &again, e))
			return false;
	return !t->numbered || db_call(t->db, SQL_sequence_tell, NULL, t->mem, e,
				       talloc_asprintf(t->mem, "%lld", (long long)t->head));
}

static bool turn_take(struct turn *t, struct err *e)
{
	t->numbered = 0;
	if (!db_begin(t->db, e))
		return false;
	if (!turn_inside(t, e)) {
		db_rollback(t->db);
		return false;
	}
	CRASH_POINT("sequence.before");
	if (!db_commit(t->db, e))
		return false;
	CRASH_POINT("sequence.committed");
	return true;
}

bool sequence_run(struct db *db, const char *broker, int64_t *assigned, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct turn turn = { .db = db, .broker = broker };
	bool waiting = false;
	int64_t total = 0;
	char *types = NULL;
	bool ok = event_types_array(&types, "customer", mem, e);

	turn.customer_types = types;
	while (ok) {
		turn.mem = talloc_new(mem);
		if ((ok = events_wait(&waiting, &turn, e)) && waiting && (ok = turn_take(&turn, e)))
			total += turn.numbered;
		talloc_free(turn.mem);
		if (!waiting || turn.done)
			break;
	}
	if (assigned)
		*assigned = total;
	talloc_free(mem);
	return ok;
}
