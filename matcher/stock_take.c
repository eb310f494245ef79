#include "matcher/stock_take.h"

#include <inttypes.h>

#include "matcher/rematch_due.h"

#define BESIDE_SEVERAL                                                                             \
	"contract %s, which a person made, may be more than one contract of this number: all stand, and documents wait for a person"
#define BESIDE_OTHER                                                                               \
	"contract %s, which a person made, has the number of one of these, but its holder is not known to be the same: both stand, and documents wait for a person"

struct stock_take {
	const struct stock_order *order;
	struct stock_import *import; /* of the file at hand */
	struct stock_counts counts;
	struct stock_cover *cover; /* GDV: whose contracts the files bring */
	int64_t round;             /* 0: nothing can vanish */
	bool open, changed, skipped, incomplete;
	bool gdv, csv; /* files of the kind were read */
};

void stock_take_drop(struct stock_take *take)
{
	if (take->open)
		db_rollback(take->order->db);
	take->open = false;
}

static int take_destroy(struct stock_take *take)
{
	stock_take_drop(take);
	return 0;
}

/* One import at a time. */
static bool stock_hold(const struct stock_order *order, TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows;

	if (!db_run(order->db, SQL_stock_patience, 0, NULL, NULL, mem, e) ||
	    !db_call(order->db, SQL_stock_lock_try, &rows, mem, e, order->broker))
		return false;
	if (rows_bool(rows, 0, "got"))
		return true;
	if (order->waits)
		order->waits(order->self);
	return db_call(order->db, SQL_stock_lock, NULL, mem, e, order->broker);
}

struct stock_take *stock_take_begin(const struct stock_order *order, TALLOC_CTX *mem, struct err *e)
{
	struct stock_take *take = talloc_zero(mem, struct stock_take);

	take->order = order;
	take->cover = stock_cover_new(take);
	if (!db_begin(order->db, e)) {
		talloc_free(take);
		return NULL;
	}
	take->open = true;
	talloc_set_destructor(take, take_destroy);
	if (stock_hold(order, take, e) &&
	    (order->partial || stock_round_begin(&take->round, order->db, e)))
		return take;
	talloc_free(take);
	return NULL;
}

/* ---- a file ---- */

/* GDV says by itself whose contracts it brings; of a CSV only the operator knows. */
static const char *source_of(const struct stock_take *take)
{
	return take->counts.format == STOCK_GDV ? SOURCE_GDV : take->order->source;
}

static bool take_contract(void *self, const struct contract *contract, struct err *e)
{
	struct stock_take *take = self;

	if (take->order->progress)
		take->order->progress(take->order->self, &take->counts);
	if (take->counts.contracts == 1)
		stock_import_source(take->import, source_of(take), take->round);
	if (take->counts.format == STOCK_GDV)
		stock_cover_add(take->cover, contract);
	return stock_import_add(take->import, contract, take->counts.format, e);
}

static void take_problem(void *self, uint64_t record, bool skipped, const char *sentence)
{
	struct stock_take *take = self;

	if (take->order->problem)
		take->order->problem(take->order->self, &take->counts, record, skipped, sentence);
}

/* In the report's words; what holds it up stands in the queue. */
static void take_beside(void *self, const char *made, bool several)
{
	struct stock_take *take = self;
	char *sentence = talloc_asprintf(take, several ? BESIDE_SEVERAL : BESIDE_OTHER, made);

	take->counts.problems++;
	take_problem(take, 0, false, sentence);
	talloc_free(sentence);
}

static void take_change(void *self, const struct contract_change *change)
{
	struct stock_take *take = self;

	if (take->order->change)
		take->order->change(take->order->self, change);
}

bool stock_take_file(struct stock_take *take, FILE *file, struct stock_counts *read,
		     struct import_counts *counts, struct err *e)
{
	const struct stock_order *order = take->order;
	struct stock_sink sink = { take, take_contract, take_problem };
	bool ok;

	take->import = stock_import_begin(order->db, order->broker, order->insurers, take);
	stock_import_watch(take->import, take_change, take);
	ok = stock_import_adopts(take->import, take_beside, take, e) &&
	     stock_read(file, order->mapping, &sink, &take->counts, e) &&
	     stock_import_end(take->import, counts, e);
	TALLOC_FREE(take->import);
	*read = take->counts;
	take->skipped = take->skipped || take->counts.skipped > 0;
	take->incomplete = take->incomplete || take->counts.incomplete > 0;
	take->gdv = take->gdv || take->counts.format == STOCK_GDV;
	take->csv = take->csv || take->counts.format == STOCK_CSV;
	take->changed =
		take->changed || (ok && counts->added + counts->changed + counts->adopted > 0);
	return ok;
}

/* ---- the end ---- */

/* Only what was delivered whole can say that something is missing. */
static bool is_full(const struct stock_take *take)
{
	if (!take->round)
		return false;
	if (!take->skipped && !take->incomplete)
		return true;
	if (take->order->unmarked)
		take->order->unmarked(take->order->self, take->skipped
								 ? "records were skipped"
								 : "a delivery is incomplete");
	return false;
}

static bool too_many(const struct vanished *vanished)
{
	return vanished->count * 100 > vanished->covered * VANISH_PERCENT;
}

static bool mark(struct stock_take *take, const char *source, const struct stock_cover *cover,
		 struct err *e)
{
	const struct stock_order *order = take->order;
	struct vanished vanished;

	if (!stock_vanish(&vanished, order->db, order->broker, take->round, source, cover, take, e))
		return false;
	if (order->vanished)
		order->vanished(order->self, &vanished);
	take->changed = take->changed || vanished.count > 0;
	return order->many_vanished || !too_many(&vanished) ||
	       err_set(e, ERR_REFUSED,
		       "%" PRId64 " of the %" PRId64
		       " contracts known of this source would vanish, more than %d %%; nothing is imported",
		       vanished.count, vanished.covered, VANISH_PERCENT);
}

static bool mark_vanished(struct stock_take *take, struct err *e)
{
	const char *source = take->order->source;

	if (source && !take->csv)
		return err_set(e, ERR_USAGE,
			       "a source is named for CSV; GDV says itself where it is from");
	if (!is_full(take))
		return true;
	return (!take->gdv || mark(take, SOURCE_GDV, take->cover, e)) &&
	       (!take->csv || !source || mark(take, source, NULL, e));
}

/* In the transaction of the import: if whoever imports is killed before it has matched again, the daemon does it. */
static bool mark_due(const struct stock_take *take, struct err *e)
{
	const struct matcher matcher = { .db = take->order->db, .broker = take->order->broker };

	return !take->changed ||
	       rematch_due_add(&matcher, REMATCH_ALL, "import", take->order->own_s, e);
}

bool stock_take_end(struct stock_take *take, bool *changed, struct err *e)
{
	const struct stock_order *order = take->order;
	bool ok = mark_vanished(take, e) &&
		  (!take->round || stock_round_end(order->db, take->round, e)) && mark_due(take, e);

	*changed = take->changed;
	if (!ok || order->dry_run) {
		stock_take_drop(take);
		return ok;
	}
	ok = db_commit(order->db, e);
	take->open = !ok;
	if (!ok)
		stock_take_drop(take);
	return ok;
}
