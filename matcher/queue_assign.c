/* queue_assign.c -- a person files a document: where to, what is remembered, what else that solves. */
#include <string.h>

#include "base/text.h"
#include "matcher/candidates.h"
#include "matcher/objections.h"
#include "matcher/queue_alias.h"
#include "matcher/queue_inside.h"
#include "matcher/rematch.h"
#include "matcher/rematch_due.h"

/* Its number becomes a name of the contract, if it may; else decided->no_alias says why not. */
static bool alias_write(struct handling *d, struct err *e)
{
	struct alias_word word;

	if (d->decision->no_alias || d->decision->more_count) {
		d->decided->no_alias = d->decision->no_alias
					       ? "as asked for"
					       : "the document is of several contracts";
		return true;
	}
	if (!alias_ask(&word, d->matcher, d->decided->document, d->decision->contract, e))
		return false;
	if (d->elsewhere && !d->decision->alias_across) {
		word.possible = false;
		word.why_not = "the contract is at another insurer than the document";
	}
	d->decided->no_alias = word.why_not;
	if (word.possible || word.known)
		d->solves = word.asked;
	if (!word.possible)
		return true;
	d->alias = word.asked;
	d->decided->alias = true;
	d->decided->pattern = d->decision->as_pattern;
	return db_call(d->matcher->db, SQL_queue_name_confirm, NULL, d->mem, e, d->matcher->broker,
		       word.asked->issuer, word.key, d->decision->contract, word.spelling,
		       d->decision->by, d->decision->as_pattern ? "true" : "false") &&
	       rematch_due_add(d->matcher, word.asked->issuer, "alias", 0, e);
}

/* ---- where to ---- */

/* All contracts of the decision, in their order; each once. */
static const char **contracts_of(const struct handling *d, struct err *e)
{
	const struct decision *want = d->decision;
	size_t count = 1 + want->more_count;
	const char **ids = talloc_array(d->mem, const char *, count);

	for (size_t i = 0; i < count; i++) {
		ids[i] = i ? want->more[i - 1] : want->contract;
		for (size_t k = 0; k < i; k++)
			if (!strcmp(ids[i], ids[k])) {
				err_set(e, ERR_USAGE, "a contract is named twice");
				return NULL;
			}
	}
	return ids;
}

/* A document that shows one customer the affairs of another is a person's word, with the reason why. */
static bool customers_check(const struct handling *d, const struct rows *rows, struct err *e)
{
	const char *first = rows_text(rows, 0, "customer_id");
	bool one = true;

	for (int i = 1; i < rows_count(rows); i++)
		one = one && first && text_equal(first, rows_text(rows, i, "customer_id"));
	if (one || (d->decision->several_customers && !text_empty(d->decision->note)))
		return true;
	if (d->decision->several_customers)
		return err_set(e, ERR_USAGE,
			       "a document for several customers needs a note that says why");
	return err_set(
		e, ERR_REFUSED,
		"the contracts are not one customer's, and each of them would see what is the "
		"others'; say that several customers are meant, and in a note why");
}

/* What speaks against it was seen, or nothing is done. */
static bool objections_check(struct handling *d, const struct rows *rows, struct err *e)
{
	unsigned confirmed = d->decision->confirmed, against;
	struct objecting objecting;

	if (!objecting_load(&objecting, d->matcher, d->decided->document, d->mem, e))
		return false;
	if (d->decision->several_customers)
		confirmed |= OBJECTION_SEVERAL_CUSTOMERS; /* the note says why */
	against = objections_to(&objecting, rows, 0, rows_count(rows)) | d->against;
	d->elsewhere = against & OBJECTION_OTHER_INSURER;
	d->decided->objections = against & ~confirmed;
	return !d->decided->objections ||
	       err_set(e, ERR_REFUSED, "this needs to be confirmed: %s",
		       objections_join(d->decided->objections, objection_in_words, "; ", d->mem));
}

/* Does the document lie at just these contracts? */
static bool lies_there(const struct handling *d, const char *const *ids, size_t count)
{
	size_t there_count;
	const char **there = handling_contracts(d, &there_count);
	bool same = there_count == count;

	for (size_t i = 0; same && i < count; i++) {
		bool found = false;

		for (size_t k = 0; !found && k < there_count; k++)
			found = text_equal(ids[i], there[k]);
		same = found;
	}
	return same;
}

/* What a person says about the document, with the customers that the stock names; NULL on error, else a new reference. */
static json_t *assignment(struct handling *d, struct err *e)
{
	const char **ids = contracts_of(d, e);
	size_t count = 1 + d->decision->more_count;
	json_t *verdict, *more;
	struct rows *rows;

	if (!ids || !db_call(d->matcher->db, SQL_queue_candidates, &rows, d->mem, e,
			     d->matcher->broker, text_array(ids, count, d->mem)))
		return NULL;
	if ((size_t)rows_count(rows) != count) {
		err_set(e, ERR_MISSING,
			count > 1 ? "not all of these contracts are there"
				  : "there is no contract with this id");
		return NULL;
	}
	if (lies_there(d, ids, count)) {
		err_set(e, ERR_REFUSED, "the document is already filed to %s",
			count > 1 ? "these contracts" : "this contract");
		return NULL;
	}
	if (!customers_check(d, rows, e) || !objections_check(d, rows, e))
		return NULL;
	verdict = handling_verdict(d, "filed", ids[0], rows_text(rows, 0, "customer_id"));
	more = json_object_get(verdict, "more");
	for (size_t i = 1; i < count; i++)
		json_array_append_new(more,
				      json_pack("{s:s, s:s?}", "contract_id", ids[i], "customer_id",
						rows_text(rows, (int)i, "customer_id")));
	return verdict;
}

/* How many others wait for the same answer? With also they get it at once, as filed by the alias. */
static bool others_find(struct handling *d, struct err *e)
{
	struct rematch_order order = { .contract = d->decision->contract,
				       .by_alias = d->matcher->shadow,
				       .dry_run = !d->decision->also };
	struct matcher person = *d->matcher;
	struct rematch_counts counts;

	if (!d->solves)
		return true;
	order.issuer = d->solves->issuer;
	order.key = alias_key(d->solves);
	person.shadow = false; /* whoever says "also" files them himself */
	if (!rematch_all(&person, &order, &counts, e))
		return false;
	d->decided->others = counts.filed;
	return true;
}

/* From where a person moves it away, a copy of it is no news. */
static bool moved(struct handling *d, json_t *verdict, struct err *e)
{
	if (handling_take_back(d, verdict, NULL, e))
		return true;
	json_decref(verdict);
	return false;
}

bool handling_assign(struct handling *d, const char *action, struct err *e)
{
	json_t *verdict;

	return (verdict = assignment(d, e)) && moved(d, verdict, e) &&
	       handling_change(d, verdict, e) && alias_write(d, e) &&
	       handling_note(d, action, d->decision->contract, e) &&
	       handling_names_left(d, NULL, e) &&
	       rematch_duplicates(d->matcher, d->decided->document, e) && others_find(d, e);
}

const char *handling_alias_issuer(const struct handling *d)
{
	const struct asked *asked = NULL;

	if (!d->decision->no_alias && !d->decision->more_count)
		asked = alias_asked(stored_facts(d->decided->document, d->matcher));
	return asked ? asked->issuer : NULL;
}

static bool assign(struct handling *d, struct err *e)
{
	return handling_begin(d, e) && handling_numbers(d, handling_alias_issuer(d), NULL, e) &&
	       handling_take(d, e) && handling_open(d, e) && handling_assign(d, "assign", e);
}

bool queue_assign(const struct matcher *matcher, const struct decision *decision,
		  struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	return handling_run(matcher, decision, decided, assign, mem, e);
}
