/*
 * learn_history.c -- the documents that came so far, decided twice: by the rules of today, and by those with one picture more.
 * Both over the same stock; what the picture would add to the contracts' names is laid beside it in memory.
 */
#include <string.h>

#include "base/text.h"
#include "matcher/decide_all.h"
#include "matcher/learn_stock.h"
#include "matcher/stock_names.h"
#include "matcher/stored.h"

#define BATCH_TEXT "200"

struct trial {
	const struct matcher *today;
	struct matcher tried;
	struct stock_source database; /* of tried */
	struct names_to_come coming;
	const char *issuer;
};

/* ---- the stock with the names to come ---- */

static bool found_already(const struct candidates *all, const struct found *row)
{
	size_t count;
	const struct found *found = candidates_of(all, row->issuer, row->key, BY_NAME, &count);

	for (size_t i = 0; i < count; i++) {
		if (text_equal(found[i].contract.contract_id, row->contract.contract_id))
			return true;
	}
	return false;
}

/* The rows of one key; each contract once, although two of its spellings may give the key. */
static void coming_append(struct candidates *more, const struct candidates *all,
			  const struct trial *trial, const char *issuer, const char *key,
			  TALLOC_CTX *mem)
{
	const struct candidates coming = { trial->coming.rows, trial->coming.count };
	size_t count;
	const struct found *rows = candidates_of(&coming, issuer, key, BY_NAME, &count);

	for (size_t i = 0; i < count; i++) {
		if (found_already(all, &rows[i]) ||
		    (i &&
		     text_equal(rows[i].contract.contract_id, rows[i - 1].contract.contract_id)))
			continue;
		more->rows =
			talloc_realloc(mem, more->rows, struct found, (unsigned)more->count + 1);
		more->rows[more->count++] = rows[i];
	}
}

/* Is this key the first of its kind in what is asked so far? A second document must not bring its rows twice. */
static bool asked_before(const struct facts *const *facts, size_t document, size_t number)
{
	const struct asked *mine = &facts[document]->asked[number];

	for (size_t i = 0; i <= document; i++) {
		for (size_t k = 0; k < facts[i]->asked_count; k++) {
			const struct asked *its = &facts[i]->asked[k];

			if (i == document && k == number)
				return false;
			if (text_equal(its->issuer, mine->issuer) &&
			    text_equal(its->key->canonical, mine->key->canonical))
				return true;
		}
	}
	return false;
}

static bool trial_find(void *self, struct candidates *all, const struct facts *const *facts,
		       size_t count, TALLOC_CTX *mem, struct err *e)
{
	const struct trial *trial = self;
	struct candidates more = { 0 };

	if (!trial->database.find(trial->database.self, all, facts, count, mem, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < facts[i]->asked_count; k++) {
			const struct asked *asked = &facts[i]->asked[k];

			if (asked->key->canonical && !asked_before(facts, i, k))
				coming_append(&more, all, trial, asked->issuer,
					      asked->key->canonical, mem);
		}
	}
	if (!more.count)
		return true;
	all->rows =
		talloc_realloc(mem, all->rows, struct found, (unsigned)(all->count + more.count));
	memcpy(all->rows + all->count, more.rows, more.count * sizeof(*more.rows));
	all->count += more.count;
	candidates_sort(all);
	return true;
}

static bool trial_find_names_near(void *self, struct near_names *near, struct err *e)
{
	const struct trial *trial = self;

	return trial->database.find_names_near(trial->database.self, near, e);
}

static bool trial_find_nearby(void *self, struct candidates *all, struct wanted *wanted,
			      TALLOC_CTX *mem, struct err *e)
{
	const struct trial *trial = self;

	return trial->database.find_nearby(trial->database.self, all, wanted, mem, e);
}

static bool trial_find_twins(void *self, struct candidates *all, const struct wanted *wanted,
			     TALLOC_CTX *mem, struct err *e)
{
	const struct trial *trial = self;

	return trial->database.find_twins(trial->database.self, all, wanted, mem, e);
}

/* ---- one batch ---- */

struct batch {
	struct stored **documents;
	size_t count;
	TALLOC_CTX *mem;
};

static bool batch_decide(struct batch *b, struct verdict **verdicts, const struct matcher *matcher,
			 const struct stock_source *stock, struct err *e)
{
	const struct facts **facts = talloc_array(b->mem, const struct facts *, b->count);

	for (size_t i = 0; i < b->count; i++) {
		b->documents[i]->facts = NULL; /* those of other rules */
		facts[i] = stored_facts(b->documents[i], matcher);
	}
	return decide_all(verdicts, facts, b->count, stock, matcher->insurers, b->mem, e);
}

static bool same_outcome(const struct verdict *a, const struct verdict *b)
{
	return a->filed == b->filed && text_equal(a->contract_id, b->contract_id);
}

/* Only what the picture changes counts: a document may stand elsewhere for other reasons. */
static void compare(struct learn_history *h, const struct stored *document,
		    const struct verdict *today, const struct verdict *tried)
{
	bool stands = text_equal(document->state, "filed");

	h->seen++;
	if (same_outcome(today, tried))
		return;
	if (!stands)
		h->filed += tried->filed;
	else if (!tried->filed)
		h->unsettled += !document->decided_by;
	else if (!text_equal(tried->contract_id, document->contract_id))
		h->conflicts++;
	else
		h->confirmed += document->decided_by != NULL;
}

static bool batch_run(struct trial *trial, struct batch *b, struct learn_history *h, struct err *e)
{
	struct verdict **today = talloc_array(b->mem, struct verdict *, b->count);
	struct verdict **tried = talloc_array(b->mem, struct verdict *, b->count);
	struct stock_source stock = stock_of_database(trial->today);
	struct stock_source with = { trial, trial_find, trial_find_names_near, trial_find_nearby,
				     trial_find_twins };

	if (!batch_decide(b, today, trial->today, &stock, e) ||
	    !batch_decide(b, tried, &trial->tried, &with, e))
		return false;
	for (size_t i = 0; i < b->count; i++)
		compare(h, b->documents[i], today[i], tried[i]);
	return true;
}

static bool batch_read(struct batch *b, const struct trial *trial, const char *after, struct err *e)
{
	struct rows *rows;

	if (!db_call(trial->today->db, SQL_match_history, &rows, b->mem, e, trial->today->broker,
		     after, BATCH_TEXT, trial->issuer))
		return false;
	b->count = (size_t)rows_count(rows);
	b->documents = talloc_array(b->mem, struct stored *, b->count);
	for (size_t i = 0; i < b->count; i++) {
		b->documents[i] = stored_read(rows, (int)i, b->mem, e);
		if (!b->documents[i])
			return false;
	}
	return true;
}

bool learn_history_of(struct learn_history *history, const struct matcher *matcher,
		      const struct insurers *tried, const char *issuer, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trial trial = { .today = matcher, .tried = *matcher, .issuer = issuer };
	char *after = NULL;
	bool more = true, ok;

	*history = (struct learn_history){ 0 };
	trial.tried.insurers = tried;
	trial.database = stock_of_database(&trial.tried);
	ok = stock_names_to_come(&trial.coming, matcher, tried, issuer, mem, e);
	while (ok && more) {
		struct batch b = { .mem = talloc_new(mem) };

		ok = batch_read(&b, &trial, after, e);
		more = ok && b.count > 0;
		ok = ok && (!more || batch_run(&trial, &b, history, e));
		if (more)
			after = talloc_strdup(mem, b.documents[b.count - 1]->document_id);
		talloc_free(b.mem);
	}
	talloc_free(mem);
	return ok;
}
