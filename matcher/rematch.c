#include "matcher/rematch.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "matcher/change.h"
#include "matcher/decide_all.h"
#include "matcher/stored.h"

#define TEXT_OF(n) #n
#define AS_TEXT(n) TEXT_OF(n)
#define BATCH_TEXT AS_TEXT(REMATCH_PAGE)

#define WALK_ATTEMPTS 5 /* each was somebody else's success */

/* One batch of stored documents and what is decided about them. */
struct batch {
	const struct matcher *matcher;
	struct stored **documents;
	struct verdict **verdicts;
	int count;
	const char *end; /* the last id of the first reading; NULL: it found nothing */
	bool full;       /* the first reading found as many as it asked for */
	TALLOC_CTX *mem;
};

static const char *batch_last(const struct batch *b)
{
	return b->documents[b->count - 1]->document_id;
}

/* What is read anew goes no farther than the first reading: the documents that follow may be another's next batch, and the
 * two would meet there again and again. */
static void batch_bound(struct batch *b)
{
	if (!b->end && b->count) {
		b->end = batch_last(b);
		b->full = b->count == REMATCH_PAGE;
	}
	while (b->count && strcmp(batch_last(b), b->end) > 0)
		b->count--;
}

static bool batch_read(struct batch *b, const struct rows *rows, struct err *e)
{
	b->count = rows_count(rows);
	b->documents = talloc_array(b->mem, struct stored *, (size_t)b->count);
	for (int i = 0; i < b->count; i++) {
		b->documents[i] = stored_read(rows, i, b->mem, e);
		if (!b->documents[i])
			return false;
	}
	batch_bound(b);
	return true;
}

static bool batch_decide(struct batch *b, struct err *e)
{
	const struct facts **facts = talloc_array(b->mem, const struct facts *, (size_t)b->count);
	struct stock_source stock = stock_of_database(b->matcher);

	b->verdicts = talloc_array(b->mem, struct verdict *, (size_t)b->count);
	for (int i = 0; i < b->count; i++)
		facts[i] = stored_facts(b->documents[i], b->matcher);
	return decide_all(b->verdicts, facts, (size_t)b->count, &stock, b->matcher->insurers,
			  b->mem, e);
}

/* What to do with the batches of documents that are decided again. */
struct walk {
	const struct matcher *matcher;
	const struct rematch_order *order; /* of the queue; NULL: documents of an alias */
	const char *contract;              /* of the alias */
	const char *key;                   /* of the alias; NULL: a claim's */
	const char *first;                 /* of duplicates */
	const char *issuers;               /* of a page: an array, or NULL */
	struct rematch_counts *counts;
	/* The rows after one id. */
	bool (*read)(const struct walk *walk, const char *after, struct rows **rows,
		     TALLOC_CTX *mem, struct err *e);
	/* The changes of a batch; a new reference. */
	json_t *(*changes)(struct batch *b, const struct walk *walk);
	/* What follows when they are written; may be NULL. */
	bool (*then)(const struct batch *b, const struct walk *walk, struct err *e);
};

/* whole: nobody came between. What was not written is not counted. */
static bool walk_write(bool *whole, const struct walk *walk, json_t *changes, struct err *e)
{
	json_t *missed, *row;
	size_t i;

	*whole = true;
	if (!json_array_size(changes) || (walk->order && walk->order->dry_run)) {
		json_decref(changes);
		return true;
	}
	if (!change_write(walk->matcher, changes, &missed, e))
		return false;
	*whole = json_array_size(missed) == 0;
	json_array_foreach(missed, i, row)
	{
		if (text_equal(json_string_value(json_object_get(row, "state")), "filed"))
			walk->counts->filed--;
		else
			walk->counts->revised--;
	}
	json_decref(missed);
	return true;
}

static bool walk_once(bool *whole, const struct walk *walk, struct batch *b, const char *after,
		      struct err *e)
{
	struct rows *rows;

	return walk->read(walk, after, &rows, b->mem, e) && batch_read(b, rows, e) &&
	       batch_decide(b, e) && walk_write(whole, walk, walk->changes(b, walk), e) &&
	       (!walk->then || walk->then(b, walk, e));
}

/* Where somebody came between, the batch is read and decided anew: what he left behind must not be missed. */
static bool walk_batch(const struct walk *walk, struct batch *b, const char *after, struct err *e)
{
	for (int i = 0; i < WALK_ATTEMPTS; i++) {
		bool whole;

		if (!walk_once(&whole, walk, b, after, e))
			return false;
		if (whole)
			return true;
		walk->counts->seen -= b->count;
	}
	return err_set(e, ERR_CONFLICT, "others change the same documents again and again");
}

static bool walk_all(const struct walk *walk, struct err *e)
{
	const struct rematch_order *order = walk->order;
	TALLOC_CTX *mem = talloc_new(NULL);
	char *after = NULL;
	bool ok = true, more = true;

	*walk->counts = (struct rematch_counts){ 0 };
	while (ok && more) {
		struct batch b = { .matcher = walk->matcher, .mem = talloc_new(mem) };

		ok = walk_batch(walk, &b, after, e);
		more = ok && b.end;
		if (more)
			after = talloc_strdup(mem, b.end);
		if (more && order && order->progress)
			order->progress(order->self, walk->counts);
		talloc_free(b.mem);
	}
	talloc_free(mem);
	return ok;
}

/* ---- the queue ---- */

static bool queue_read(const struct walk *walk, const char *after, struct rows **rows,
		       TALLOC_CTX *mem, struct err *e)
{
	const struct rematch_order *order = walk->order;

	if (order->key)
		return db_call(walk->matcher->db, SQL_match_by_key, rows, mem, e,
			       walk->matcher->broker, after, BATCH_TEXT, order->issuer, order->key);
	return db_call(walk->matcher->db, SQL_match_batch, rows, mem, e, walk->matcher->broker,
		       after, BATCH_TEXT, order->issuer);
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
	       (verdict->filed && text_equal(verdict->contract_id, order->contract) &&
		(!order->by_alias || verdict->tier == TIER_ALIAS));
}

static json_t *queue_changes(struct batch *b, const struct walk *walk)
{
	json_t *changes = json_array();

	for (int i = 0; i < b->count; i++) {
		json_t *row;
		bool filed;

		walk->counts->seen++;
		if (!wanted(walk->order, b->verdicts[i]))
			continue;
		row = change_verdict(b->verdicts[i], b->matcher);
		filed = b->verdicts[i]->filed && !b->matcher->shadow;
		if (!filed && same_verdict(b->documents[i], row)) {
			json_decref(row);
			continue;
		}
		if (filed)
			walk->counts->filed++;
		else
			walk->counts->revised++;
		if (walk->order->decided)
			walk->order->decided(walk->order->self, b->documents[i], b->verdicts[i]);
		json_array_append_new(changes, change_row(b->documents[i], row, b->matcher));
	}
	return changes;
}

bool rematch_all(const struct matcher *matcher, const struct rematch_order *order,
		 struct rematch_counts *counts, struct err *e)
{
	const struct walk walk = { .matcher = matcher,
				   .order = order,
				   .counts = counts,
				   .read = queue_read,
				   .changes = queue_changes };

	return walk_all(&walk, e);
}

/* ---- a page ---- */

static bool page_read(const struct walk *walk, const char *after, struct rows **rows,
		      TALLOC_CTX *mem, struct err *e)
{
	return db_call(walk->matcher->db, SQL_rematch_documents, rows, mem, e,
		       walk->matcher->broker, after, BATCH_TEXT, walk->issuers);
}

bool rematch_page(const struct matcher *matcher, const char *issuers, char **after,
		  struct rematch_counts *counts, TALLOC_CTX *mem, struct err *e)
{
	const struct rematch_order everything = { 0 };
	const struct walk walk = { .matcher = matcher,
				   .order = &everything,
				   .issuers = issuers,
				   .counts = counts,
				   .read = page_read,
				   .changes = queue_changes };
	struct batch b = { .matcher = matcher, .mem = talloc_new(mem) };
	bool ok = walk_batch(&walk, &b, *after, e);

	*after = ok && b.full ? talloc_strdup(mem, b.end) : NULL;
	talloc_free(b.mem);
	return ok;
}

/* ---- what stands filed ---- */

static bool filed_read(const struct walk *walk, const char *after, struct rows **rows,
		       TALLOC_CTX *mem, struct err *e)
{
	return db_call(walk->matcher->db, SQL_match_filed, rows, mem, e, walk->matcher->broker,
		       after, BATCH_TEXT, walk->order->issuer);
}

/* Only looked at: there is never anything to write. */
static json_t *filed_compare(struct batch *b, const struct walk *walk)
{
	for (int i = 0; i < b->count; i++) {
		const struct verdict *verdict = b->verdicts[i];

		walk->counts->seen++;
		if (verdict->filed &&
		    text_equal(verdict->contract_id, b->documents[i]->contract_id))
			continue;
		if (verdict->filed)
			walk->counts->filed++;
		else
			walk->counts->revised++;
		if (walk->order->decided)
			walk->order->decided(walk->order->self, b->documents[i], verdict);
	}
	return json_array();
}

bool rematch_check_filed(const struct matcher *matcher, const struct rematch_order *order,
			 struct rematch_counts *counts, struct err *e)
{
	const struct walk walk = { .matcher = matcher,
				   .order = order,
				   .counts = counts,
				   .read = filed_read,
				   .changes = filed_compare };

	return walk_all(&walk, e);
}

/* ---- what an alias had filed ---- */

static bool alias_read(const struct walk *walk, const char *after, struct rows **rows,
		       TALLOC_CTX *mem, struct err *e)
{
	return db_call(walk->matcher->db, SQL_match_by_alias, rows, mem, e, walk->matcher->broker,
		       walk->contract, after, BATCH_TEXT, walk->key);
}

static bool contract_read(const struct walk *walk, const char *after, struct rows **rows,
			  TALLOC_CTX *mem, struct err *e)
{
	return db_call(walk->matcher->db, SQL_match_of_contract, rows, mem, e,
		       walk->matcher->broker, walk->contract, after, BATCH_TEXT);
}

/* Does it come to the contracts where it lies? */
static bool stays(const struct stored *stored, const struct verdict *verdict)
{
	json_t *more = stored->more ? json_loads(stored->more, 0, NULL) : NULL;
	bool same = verdict->filed && text_equal(verdict->contract_id, stored->contract_id) &&
		    json_array_size(more) == verdict->more_count;

	for (size_t i = 0; same && i < verdict->more_count; i++)
		same = text_equal(
			verdict->more[i].contract_id,
			json_string_value(json_object_get(json_array_get(more, i), "contract_id")));
	json_decref(more);
	return same;
}

/* Back to the queue, or to another contract, what does not come to the same one any more. */
static json_t *alias_changes(struct batch *b, const struct walk *walk)
{
	json_t *changes = json_array();

	for (int i = 0; i < b->count; i++) {
		const struct verdict *verdict = b->verdicts[i];

		walk->counts->seen++;
		if (stays(b->documents[i], verdict))
			continue;
		if (verdict->filed && !b->matcher->shadow)
			walk->counts->filed++;
		else
			walk->counts->revised++;
		json_array_append_new(changes,
				      change_row(b->documents[i],
						 change_verdict(verdict, b->matcher), b->matcher));
	}
	return changes;
}

static bool alias_then(const struct batch *b, const struct walk *walk, struct err *e)
{
	bool ok = true;

	for (int i = 0; ok && i < b->count; i++)
		ok = stays(b->documents[i], b->verdicts[i]) ||
		     rematch_duplicates(walk->matcher, b->documents[i], e);
	return ok;
}

/* A document that leaves may have spoken for the claim of another, which was decided before it left: until nobody leaves. */
static bool walk_settled(const struct walk *walk, struct err *e)
{
	struct rematch_counts all = { 0 };
	bool ok = true, left = true;

	while (ok && left) {
		ok = walk_all(walk, e);
		left = walk->counts->filed + walk->counts->revised > 0;
		all.seen += walk->counts->seen;
		all.filed += walk->counts->filed;
		all.revised += walk->counts->revised;
	}
	*walk->counts = all;
	return ok;
}

bool rematch_without_alias(const struct matcher *matcher, const char *contract_id, const char *key,
			   struct rematch_counts *counts, struct err *e)
{
	const struct walk walk = { .matcher = matcher,
				   .contract = contract_id,
				   .key = key,
				   .counts = counts,
				   .read = alias_read,
				   .changes = alias_changes,
				   .then = alias_then };

	return walk_settled(&walk, e);
}

bool rematch_without_contract(const struct matcher *matcher, const char *contract_id,
			      struct rematch_counts *counts, struct err *e)
{
	const struct walk walk = { .matcher = matcher,
				   .contract = contract_id,
				   .counts = counts,
				   .read = contract_read,
				   .changes = alias_changes,
				   .then = alias_then };

	return walk_settled(&walk, e);
}

/* ---- duplicates ---- */

static bool duplicates_read(const struct walk *walk, const char *after, struct rows **rows,
			    TALLOC_CTX *mem, struct err *e)
{
	return db_call(walk->matcher->db, SQL_match_duplicates, rows, mem, e, walk->matcher->broker,
		       walk->first, after, BATCH_TEXT);
}

/* Each on its own: what a person decided stays, the rest is decided by the names of now. The statement that writes it
 * finds out which of them is the news. */
static json_t *duplicate_changes(struct batch *b, const struct walk *walk)
{
	json_t *changes = json_array();

	for (int i = 0; i < b->count; i++) {
		struct stored *s = b->documents[i];
		json_t *verdict = s->decided_by ? stored_verdict(s)
						: change_verdict(b->verdicts[i], b->matcher);

		walk->counts->seen++;
		json_array_append_new(changes, change_row(s, verdict, b->matcher));
	}
	return changes;
}

bool rematch_duplicates(const struct matcher *matcher, const struct stored *first, struct err *e)
{
	struct rematch_counts counts;
	const struct walk walk = { .matcher = matcher,
				   .first = first->document_id,
				   .counts = &counts,
				   .read = duplicates_read,
				   .changes = duplicate_changes };

	return !first->contract_id || first->duplicate_of || walk_all(&walk, e);
}

/* ---- one document ---- */

json_t *rematch_one(const struct matcher *matcher, struct stored *document, TALLOC_CTX *mem,
		    struct err *e)
{
	struct batch b = { .matcher = matcher, .documents = &document, .count = 1, .mem = mem };

	return batch_decide(&b, e) ? change_verdict(b.verdicts[0], matcher) : NULL;
}
