#include "matcher/rematch_due.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/crash.h"
#include "matcher/candidates.h"
#include "matcher/stock_names.h"

bool rematch_due_add(const struct matcher *matcher, const char *issuer, const char *why, int own_s,
		     struct err *e)
{
	char seconds[16];

	snprintf(seconds, sizeof seconds, "%d", own_s);
	return db_call(matcher->db, SQL_rematch_due_add, NULL, NULL, e, matcher->broker, issuer,
		       why, seconds);
}

/* The row that is worked at. */
struct due {
	const char *due_id, *issuer;
	bool rekey;
	char *contract, *document; /* cursors, NULL: from the first */
	bool done;
	TALLOC_CTX *mem;
};

/* Whose documents a change at this issuer may decide: its own, and those of whom an edge joins with it. NULL: all. */
static const char *issuers_of(const struct due *due, const struct insurers *all)
{
	const struct insurer *insurer = insurers_by_issuer(all, due->issuer);
	const char **items = talloc_array(due->mem, const char *, insurers_count(all) + 1);
	size_t count = 0;

	if (strcmp(due->issuer, REMATCH_ALL) == 0)
		return NULL;
	items[count++] = due->issuer;
	for (size_t i = 0; insurer && i < insurers_count(all); i++) {
		const struct insurer *other = insurers_at(all, i);

		if (other != insurer && insurers_kinship(all, insurer, other) != KIN_OTHER)
			items[count++] = other->issuer;
	}
	return text_array(items, count, due->mem);
}

static bool rekey_do(struct due *due, const struct matcher *matcher, struct err *e)
{
	struct rekey_counts counts = { 0 };

	if (!stock_names_rekey_page(matcher, due->issuer, &due->contract, &counts, due->mem, e))
		return false;
	due->rekey = due->contract != NULL;
	if (!due->rekey)
		due->contract = talloc_strdup(due->mem, ""); /* begun: nothing joins it any more */
	return true;
}

static bool documents_do(struct due *due, const struct matcher *matcher,
			 struct rematch_counts *counts, struct err *e)
{
	if (!rematch_page(matcher, issuers_of(due, matcher->insurers), &due->document, counts,
			  due->mem, e))
		return false;
	due->done = !due->document;
	return true;
}

static bool due_move(const struct due *due, const struct matcher *matcher, struct err *e)
{
	return db_call(matcher->db, SQL_rematch_move, NULL, due->mem, e, matcher->broker,
		       due->due_id, due->rekey ? "t" : "f", due->contract, due->document,
		       due->done ? "t" : "f");
}

static bool due_claim(struct due *due, struct rematch_step *step, const struct matcher *matcher,
		      const char *digest, bool now, struct err *e)
{
	struct rows *rows;

	if (!db_call(matcher->db, SQL_rematch_claim, &rows, due->mem, e, matcher->broker, digest,
		     now ? "t" : "f"))
		return false;
	step->worked = rows_count(rows) == 1;
	if (!step->worked)
		return true;
	due->due_id = rows_text(rows, 0, "due_id");
	due->issuer = rows_text(rows, 0, "issuer");
	due->rekey = rows_bool(rows, 0, "rekey");
	due->contract = talloc_strdup(due->mem, rows_text(rows, 0, "contract_after"));
	due->document = talloc_strdup(due->mem, rows_text(rows, 0, "document_after"));
	snprintf(step->issuer, sizeof step->issuer, "%s", due->issuer);
	snprintf(step->why, sizeof step->why, "%s", rows_text(rows, 0, "why"));
	return true;
}

static bool work(struct due *due, struct rematch_step *step, const struct matcher *matcher,
		 const char *digest, bool now, struct err *e)
{
	if (!due_claim(due, step, matcher, digest, now, e))
		return false;
	if (!step->worked)
		return true;
	if (!(due->rekey ? rekey_do(due, matcher, e)
			 : documents_do(due, matcher, &step->counts, e)) ||
	    !due_move(due, matcher, e))
		return false;
	step->finished = due->done;
	return true;
}

/* The usual case, nothing to do, costs one statement. */
static bool something_waits(bool *waits, const struct matcher *matcher, bool now, struct err *e)
{
	struct rows *rows;

	*waits = false;
	if (!db_call(matcher->db, SQL_rematch_waits, &rows, NULL, e, matcher->broker))
		return false;
	*waits = rows_int(rows, 0, now ? "all" : "due") > 0;
	talloc_free(rows);
	return true;
}

/* What cannot be read or decided must not keep the others: a database that was away is no fault of it. */
static void due_failed(const struct due *due, const struct matcher *matcher, const struct err *e)
{
	if (due->due_id && e->kind != ERR_RETRY)
		db_call(matcher->db, SQL_rematch_failed, NULL, due->mem, NULL, matcher->broker,
			due->due_id);
}

bool rematch_step(struct rematch_step *step, const struct matcher *matcher, const char *digest,
		  bool now, struct err *e)
{
	struct due due = { 0 };
	bool waits, ok;

	step->worked = step->finished = false;
	if (!something_waits(&waits, matcher, now, e))
		return false;
	if (!waits)
		return true;
	due.mem = talloc_new(NULL);
	ok = db_begin(matcher->db, e) && work(&due, step, matcher, digest, now, e) &&
	     db_commit(matcher->db, e);
	if (!ok) {
		db_rollback(matcher->db);
		due_failed(&due, matcher, e);
	}
	talloc_free(due.mem);
	return ok;
}

bool rematch_now(struct rematch_counts *counts, const struct matcher *matcher,
		 const struct rematch_order *order, struct err *e)
{
	struct rematch_step step = { .worked = true };
	char digest[RULES_DIGEST_SIZE];
	bool ok = rules_notice(digest, matcher, e);

	while (ok && step.worked) {
		ok = rematch_step(&step, matcher, digest, true, e);
		if (ok && step.worked && order->progress)
			order->progress(order->self, &step.counts);
	}
	*counts = step.counts;
	return ok;
}
