#include "matcher/rematch.h"

#include <stdlib.h>

#include "base/text.h"
#include "matcher/candidates.h"
#include "matcher/change.h"
#include "matcher/decide.h"
#include "matcher/stored.h"

#define BATCH_TEXT "200"

/* One batch of stored documents and what is decided about them. */
struct batch {
	const struct matcher *matcher;
	struct stored **documents;
	struct verdict **verdicts;
	int count;
	TALLOC_CTX *mem;
};

static bool batch_read(struct batch *b, const struct rows *rows, struct err *e)
{
	b->count = rows_count(rows);
	b->documents = talloc_array(b->mem, struct stored *, (size_t)b->count);
	for (int i = 0; i < b->count; i++) {
		b->documents[i] = stored_read(rows, i, b->mem, e);
		if (!b->documents[i])
			return false;
	}
	return true;
}

static bool batch_decide(struct batch *b, struct err *e)
{
	const struct facts **facts = talloc_array(b->mem, const struct facts *, (size_t)b->count);
	struct candidates candidates;

	b->verdicts = talloc_array(b->mem, struct verdict *, (size_t)b->count);
	for (int i = 0; i < b->count; i++)
		facts[i] = stored_facts(b->documents[i], b->matcher);
	if (!candidates_find(&candidates, b->matcher->db, b->matcher->broker, facts,
			     (size_t)b->count, b->mem, e))
		return false;
	for (int i = 0; i < b->count; i++)
		b->verdicts[i] = decide(facts[i], &candidates, b->mem);
	return true;
}

static const char *batch_last(const struct batch *b)
{
	return b->documents[b->count - 1]->document_id;
}

/* Does the queue say the same already? Key order and spacing of jsonb are the database's: compare values. */
static bool same_verdict(const struct stored *stored, const json_t *row)
{
	json_t *candidates = json_loads(stored->candidates, 0, NULL);
	json_t *evidence = json_loads(stored->evidence, 0, NULL);
	bool same = json_equal(candidates, json_object_get(row, "candidates")) &&
		    json_equal(evidence, json_object_get(row, "evidence")) &&
		    text_equal(stored->reason, json_string_value(json_object_get(row, "reason")));

	json_decref(candidates);
	json_decref(evidence);
	return same;
}

/* What the order asks for: only what goes to one contract, or everything. */
static bool wanted(const struct rematch_order *order, const struct verdict *verdict)
{
	return !order->contract ||
	       (verdict->filed && text_equal(verdict->contract_id, order->contract));
}

static json_t *batch_changes(struct batch *b, const struct rematch_order *order,
			     struct rematch_counts *counts)
{
	json_t *changes = json_array();

	for (int i = 0; i < b->count; i++) {
		json_t *row;

		counts->seen++;
		if (!wanted(order, b->verdicts[i]))
			continue;
		row = change_verdict(b->verdicts[i]);
		if (!b->verdicts[i]->filed && same_verdict(b->documents[i], row)) {
			json_decref(row);
			continue;
		}
		if (b->verdicts[i]->filed)
			counts->filed++;
		else
			counts->revised++;
		json_array_append_new(changes, change_row(b->documents[i], row, b->matcher));
	}
	return changes;
}

static bool changes_write(const struct matcher *matcher, json_t *changes, struct err *e)
{
	int changed;

	if (json_array_size(changes))
		return change_write(matcher, changes, &changed, e);
	json_decref(changes);
	return true;
}

static bool queue_batch(struct batch *b, const struct rematch_order *order, const char *after,
			struct rematch_counts *counts, struct err *e)
{
	struct rows *rows;
	json_t *changes;

	if (!db_call(b->matcher->db, SQL_match_batch, &rows, b->mem, e, b->matcher->broker, after,
		     BATCH_TEXT, order->issuer) ||
	    !batch_read(b, rows, e) || !batch_decide(b, e))
		return false;
	changes = batch_changes(b, order, counts);
	if (!order->dry_run)
		return changes_write(b->matcher, changes, e);
	json_decref(changes);
	return true;
}

bool rematch_all(const struct matcher *matcher, const struct rematch_order *order,
		 struct rematch_counts *counts, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *after = NULL;
	bool ok = true, more = true;

	*counts = (struct rematch_counts){ 0 };
	while (ok && more) {
		struct batch b = { .matcher = matcher, .mem = talloc_new(mem) };

		ok = queue_batch(&b, order, after, counts, e);
		more = ok && b.count;
		if (more)
			after = talloc_strdup(mem, batch_last(&b));
		if (more && order->progress)
			order->progress(order->self, counts);
		talloc_free(b.mem);
	}
	talloc_free(mem);
	return ok;
}

/* Back to the queue, or to another contract, what does not come to the same one any more. */
static json_t *alias_changes(struct batch *b, const char *contract_id,
			     struct rematch_counts *counts)
{
	json_t *changes = json_array();

	for (int i = 0; i < b->count; i++) {
		const struct verdict *verdict = b->verdicts[i];

		counts->seen++;
		if (verdict->filed && text_equal(verdict->contract_id, contract_id))
			continue;
		counts->revised++;
		json_array_append_new(
			changes, change_row(b->documents[i], change_verdict(verdict), b->matcher));
	}
	return changes;
}

static bool alias_batch(struct batch *b, const char *contract_id, const char *after,
			struct rematch_counts *counts, struct err *e)
{
	struct rows *rows;

	return db_call(b->matcher->db, SQL_match_by_alias, &rows, b->mem, e, b->matcher->broker,
		       contract_id, after, BATCH_TEXT) &&
	       batch_read(b, rows, e) && batch_decide(b, e) &&
	       changes_write(b->matcher, alias_changes(b, contract_id, counts), e);
}

bool rematch_without_alias(const struct matcher *matcher, const char *contract_id,
			   struct rematch_counts *counts, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *after = NULL;
	bool ok = true, more = true;

	*counts = (struct rematch_counts){ 0 };
	while (ok && more) {
		struct batch b = { .matcher = matcher, .mem = talloc_new(mem) };

		ok = alias_batch(&b, contract_id, after, counts, e);
		more = ok && b.count;
		if (more)
			after = talloc_strdup(mem, batch_last(&b));
		talloc_free(b.mem);
	}
	talloc_free(mem);
	return ok;
}
