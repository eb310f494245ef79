#include "matcher/queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/text.h"
#include "base/uuid7.h"
#include "matcher/candidates.h"
#include "matcher/change.h"
#include "matcher/notice.h"
#include "matcher/rematch.h"
#include "matcher/rematch_due.h"

/* A shortened id as the lowest and the highest id that begins so. */
struct id_range {
	char low[UUID_TEXT_SIZE], high[UUID_TEXT_SIZE];
};

static bool id_range_of(struct id_range *range, const char *id, struct err *e)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t len = strlen(id);

	if (len < DOCUMENT_PREFIX_LEAST || len >= sizeof shape)
		return err_set(e, ERR_USAGE,
			       "a document id has 36 characters; a shortened one at least %d",
			       DOCUMENT_PREFIX_LEAST);
	for (size_t i = 0; i < sizeof shape - 1; i++) {
		bool dash = shape[i] == '-';

		if (i < len && (dash ? id[i] != '-' : !strchr("0123456789abcdefABCDEF", id[i])))
			return err_set(e, ERR_USAGE,
				       "this is no document id: hexadecimal digits are expected");
		range->low[i] = i < len ? id[i] : dash ? '-' : '0';
		range->high[i] = i < len ? id[i] : dash ? '-' : 'f';
	}
	range->low[sizeof shape - 1] = range->high[sizeof shape - 1] = '\0';
	return true;
}

struct stored *queue_document(const struct matcher *matcher, const char *id, TALLOC_CTX *mem,
			      struct err *e)
{
	struct id_range range;
	struct rows *rows;

	if (!id_range_of(&range, id, e) || !db_call(matcher->db, SQL_document_find, &rows, mem, e,
						    matcher->broker, range.low, range.high))
		return NULL;
	if (rows_count(rows) == 1)
		return stored_read(rows, 0, mem, e);
	if (rows_count(rows) == 0)
		err_set(e, ERR_MISSING, "there is no document %s", id);
	else
		err_set(e, ERR_USAGE, "several documents begin with %s: give more of the id", id);
	return NULL;
}

/* One decision on its way. */
struct deciding {
	const struct matcher *matcher;
	const struct decision *decision;
	struct decided *decided;
	const struct asked *alias; /* the name to remember, NULL: none */
	const char
		*issuer; /* whose queue the number may solve; NULL: it is no name of the contract */
	TALLOC_CTX *mem;
};

/* Find it, open the transaction, hold it. */
static bool document_hold(struct deciding *d, struct err *e)
{
	struct db *db = d->matcher->db;
	struct stored *found = queue_document(d->matcher, d->decision->document, d->mem, e);
	struct rows *rows;

	if (!found)
		return false;
	if (!db_begin(db, e) || !db_call(db, SQL_document_lock, &rows, d->mem, e,
					 d->matcher->broker, found->document_id))
		return false;
	if (rows_count(rows) != 1)
		return err_set(e, ERR_MISSING, "the document is gone");
	d->decided->document = stored_read(rows, 0, d->mem, e);
	return d->decided->document != NULL;
}

/* verdict is stolen */
static bool document_change(struct deciding *d, json_t *verdict, struct err *e)
{
	json_t *rows = json_array();
	int changed = 0;

	json_array_append_new(rows, change_row(d->decided->document, verdict, d->matcher));
	if (!change_write(d->matcher, rows, &changed, e))
		return false;
	return changed == 1 || err_set(e, ERR_CONFLICT, "somebody decided at the same moment");
}

/* The canonical form, where there is one: other spellings of the same number lead to it too. */
static const char *alias_key(const struct asked *asked)
{
	return asked->key->canonical ? asked->key->canonical : asked->key->plain;
}

static bool decision_add(struct deciding *d, const char *action, const char *contract,
			 struct err *e)
{
	const struct asked *alias = d->alias;
	json_t *verdict = stored_verdict(d->decided->document);
	char *before = json_dumps(verdict, JSON_COMPACT);
	char id[UUID_TEXT_SIZE];
	bool ok = db_call(d->matcher->db, SQL_decision_add, NULL, d->mem, e, d->matcher->broker,
			  uuid7_text(id), d->decided->document->document_id, action, contract,
			  alias ? alias->issuer : NULL, alias ? alias_key(alias) : NULL,
			  d->decision->note, before, d->decision->by);

	free(before);
	json_decref(verdict);
	return ok;
}

/* The end of every decision. A failed commit leaves nothing. */
static bool decision_close(struct deciding *d, bool ok, struct err *e)
{
	CRASH_POINT("assign.before");
	if (ok && db_commit(d->matcher->db, e)) {
		CRASH_POINT("assign.committed");
		return true;
	}
	db_rollback(d->matcher->db);
	return false;
}

/* May the number become a name of the contract? If not, decided->no_alias says why. */
static bool alias_check(struct deciding *d, const struct asked *asked, bool *free_name,
			struct err *e)
{
	struct rows *rows;

	*free_name = false;
	if (!db_call(d->matcher->db, SQL_queue_name_owners, &rows, d->mem, e, d->matcher->broker,
		     asked->issuer, alias_key(asked)))
		return false;
	if (rows_count(rows) == 0)
		*free_name = true;
	else if (rows_count(rows) == 1 &&
		 text_equal(rows_text(rows, 0, "contract_id"), d->decision->contract)) {
		d->decided->no_alias = "the number is already a name of this contract";
		d->issuer = asked->issuer;
	} else
		d->decided->no_alias = "the number is already a name of another contract";
	return true;
}

static const char *spelling(const struct deciding *d, const struct asked *asked)
{
	return d->decided->document->transfer.numbers[asked->number].value;
}

static bool alias_write(struct deciding *d, struct err *e)
{
	const struct facts *facts = stored_facts(d->decided->document, d->matcher);
	const struct asked *asked = facts_alias(facts);
	bool free_name;

	if (d->decision->no_alias || d->decision->more_count) {
		d->decided->no_alias = d->decision->no_alias
					       ? "as asked for"
					       : "the document is of several contracts";
		return true;
	}
	if (!business_class_for_customers(facts->class) || facts->document->data ||
	    facts->document->orphan || !asked) {
		d->decided->no_alias = "the document has no single number of a contract";
		return true;
	}
	if (!alias_check(d, asked, &free_name, e))
		return false;
	if (!free_name)
		return true;
	d->alias = asked;
	d->issuer = asked->issuer;
	d->decided->alias = true;
	return db_call(d->matcher->db, SQL_queue_name_confirm, NULL, d->mem, e, d->matcher->broker,
		       asked->issuer, alias_key(asked), d->decision->contract, spelling(d, asked),
		       d->decision->by) &&
	       rematch_due_add(d->matcher, asked->issuer, "alias", 0, e);
}

static json_t *person_verdict(const struct deciding *d, const char *state, const char *contract,
			      const char *customer)
{
	const struct stored *s = d->decided->document;
	json_t *verdict = stored_verdict(s);

	json_object_set_new(verdict, "state", json_string(state));
	json_object_set_new(verdict, "contract_id", json_outside(contract));
	json_object_set_new(verdict, "customer_id", json_outside(customer));
	json_object_set_new(verdict, "more", json_array());
	json_object_set_new(verdict, "remembered", json_boolean(!d->decision->no_alias));
	json_object_set_new(verdict, "tier",
			    json_string(tier_text(contract ? TIER_PERSON : TIER_NONE)));
	if (contract)
		json_object_set_new(verdict, "reason", json_string(reason_text(REASON_NONE)));
	json_object_set_new(verdict, "decided_by", json_outside(d->decision->by));
	return verdict;
}

/* ---- where to ---- */

/* All contracts of the decision, in their order; each once. */
static const char **contracts_of(const struct deciding *d, struct err *e)
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
static bool customers_check(const struct deciding *d, const struct rows *rows, struct err *e)
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
	return err_set(e, ERR_REFUSED,
		       "the contracts are not one customer's: each of them would see the others' "
		       "document");
}

/* Does the document lie at just these contracts? */
static bool lies_there(const struct stored *s, const char *const *ids, size_t count)
{
	json_t *more = s->more ? json_loads(s->more, 0, NULL) : NULL;
	bool same = s->contract_id && json_array_size(more) + 1 == count;

	for (size_t i = 0; same && i < count; i++) {
		bool found = text_equal(ids[i], s->contract_id);

		for (size_t k = 0; !found && k < json_array_size(more); k++)
			found = text_equal(
				ids[i], json_string_value(json_object_get(json_array_get(more, k),
									  "contract_id")));
		same = found;
	}
	json_decref(more);
	return same;
}

/* What a person says about the document, with the customers that the stock names; NULL on error, else a new reference. */
static json_t *assignment(struct deciding *d, struct err *e)
{
	const struct stored *s = d->decided->document;
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
	if (lies_there(s, ids, count)) {
		err_set(e, ERR_REFUSED, "the document is already filed to %s",
			count > 1 ? "these contracts" : "this contract");
		return NULL;
	}
	if (!customers_check(d, rows, e))
		return NULL;
	verdict = person_verdict(d, "filed", ids[0], rows_text(rows, 0, "customer_id"));
	more = json_object_get(verdict, "more");
	for (size_t i = 1; i < count; i++)
		json_array_append_new(more,
				      json_pack("{s:s, s:s?}", "contract_id", ids[i], "customer_id",
						rows_text(rows, (int)i, "customer_id")));
	return verdict;
}

/* How many others wait for the same answer? With also they get it at once, as filed by the alias. */
static bool others_find(struct deciding *d, struct err *e)
{
	struct rematch_order order = { .contract = d->decision->contract,
				       .dry_run = !d->decision->also };
	struct rematch_counts counts;

	if (!d->issuer)
		return true;
	order.issuer = d->issuer;
	if (!rematch_all(d->matcher, &order, &counts, e))
		return false;
	d->decided->others = counts.filed;
	return true;
}

/* A person's decision is taken back, not overwritten: its alias must go with it. */
static bool not_decided_by_person(const struct deciding *d, struct err *e)
{
	if (strcmp(d->decided->document->tier, tier_text(TIER_PERSON)) != 0)
		return true;
	return err_set(e, ERR_REFUSED, "a person filed this document: take that back first (undo)");
}

/* ---- what follows when a document leaves its contracts ---- */

static bool claim_of(const struct deciding *d)
{
	const struct facts *facts = stored_facts(d->decided->document, d->matcher);

	for (size_t i = 0; i < facts->asked_count; i++)
		if (facts->asked[i].use == USE_CLAIM && key_usable(facts->asked[i].key))
			return true;
	return false;
}

static bool contract_left(struct deciding *d, const char *contract, struct err *e)
{
	struct rematch_counts counts = { 0 };

	if (!rematch_without_alias(d->matcher, contract, &counts, e))
		return false;
	d->decided->withdrawn += counts.revised;
	return true;
}

/* The names by which it drew others to its contracts are gone: its alias, its claim number. */
static bool names_left(struct deciding *d, bool alias, struct err *e)
{
	const struct stored *s = d->decided->document;
	json_t *more;
	bool ok = true;

	if (!s->contract_id || (!alias && !claim_of(d)))
		return true;
	more = s->more ? json_loads(s->more, 0, NULL) : NULL;
	ok = contract_left(d, s->contract_id, e);
	for (size_t i = 0; ok && i < json_array_size(more); i++)
		ok = contract_left(
			d,
			json_string_value(json_object_get(json_array_get(more, i), "contract_id")),
			e);
	json_decref(more);
	return ok;
}

static bool assign(struct deciding *d, struct err *e)
{
	json_t *verdict;

	return document_hold(d, e) && not_decided_by_person(d, e) && (verdict = assignment(d, e)) &&
	       document_change(d, verdict, e) && alias_write(d, e) &&
	       decision_add(d, "assign", d->decision->contract, e) && names_left(d, false, e) &&
	       rematch_duplicates(d->matcher, d->decided->document, e) && others_find(d, e);
}

bool queue_assign(const struct matcher *matcher, const struct decision *decision,
		  struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	struct deciding d = { matcher, decision, decided, NULL, NULL, mem };

	*decided = (struct decided){ 0 };
	return decision_close(&d, assign(&d, e), e);
}

static bool ignore(struct deciding *d, struct err *e)
{
	if (!document_hold(d, e) || !not_decided_by_person(d, e))
		return false;
	if (!strcmp(d->decided->document->state, "ignored"))
		return err_set(e, ERR_REFUSED, "the document is already ignored");
	return document_change(d, person_verdict(d, "ignored", NULL, NULL), e) &&
	       decision_add(d, "ignore", NULL, e) && names_left(d, false, e) &&
	       rematch_duplicates(d->matcher, d->decided->document, e);
}

bool queue_ignore(const struct matcher *matcher, const struct decision *decision,
		  struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	struct deciding d = { matcher, decision, decided, NULL, NULL, mem };

	*decided = (struct decided){ 0 };
	return decision_close(&d, ignore(&d, e), e);
}

/* Decisions are a stack: an undo takes the one above which no other stands. -1: nothing left. */
static int decision_to_undo(const struct rows *rows, TALLOC_CTX *mem)
{
	int *stack = talloc_array(mem, int, (size_t)rows_count(rows) + 1);
	int depth = 0;

	for (int i = 0; i < rows_count(rows); i++) {
		if (strcmp(rows_text(rows, i, "action"), "undo") != 0)
			stack[depth++] = i;
		else if (depth)
			depth--;
	}
	return depth ? stack[depth - 1] : -1;
}

/* The name goes, and with it what it filed: a wrong alias must not leave documents at a stranger's. */
static bool alias_withdraw(struct deciding *d, const struct rows *rows, int row, struct err *e)
{
	const char *key = rows_text(rows, row, "key");

	if (key &&
	    (!db_call(d->matcher->db, SQL_queue_name_withdraw, NULL, d->mem, e, d->matcher->broker,
		      rows_text(rows, row, "issuer"), key, rows_text(rows, row, "contract_id")) ||
	     !rematch_due_add(d->matcher, rows_text(rows, row, "issuer"), "alias taken back", 0,
			      e)))
		return false;
	d->decided->alias = key != NULL;
	return db_call(d->matcher->db, SQL_document_release, NULL, d->mem, e, d->matcher->broker,
		       d->decided->document->document_id) &&
	       names_left(d, key != NULL, e);
}

/*
 * Where the document goes now. An earlier decision of a person still holds; what the matcher had decided may rest on
 * names that are gone, and is decided again. NULL on error; else a new reference.
 */
static json_t *verdict_after_undo(struct deciding *d, const struct rows *rows, int row,
				  struct err *e)
{
	json_t *before = json_loads(rows_text(rows, row, "before"), 0, NULL);

	if (!before)
		err_set(e, ERR_BUG, "the verdict before the decision cannot be read");
	if (!before || json_is_string(json_object_get(before, "decided_by")))
		return before;
	json_decref(before);
	return rematch_one(d->matcher, d->decided->document, d->mem, e);
}

static bool undo(struct deciding *d, struct err *e)
{
	struct rows *rows;
	json_t *verdict;
	int row;

	if (!document_hold(d, e) || !db_call(d->matcher->db, SQL_decision_list, &rows, d->mem, e,
					     d->matcher->broker, d->decided->document->document_id))
		return false;
	row = decision_to_undo(rows, d->mem);
	if (row < 0)
		return err_set(e, ERR_REFUSED, "there is no decision to take back");
	d->decided->action = rows_text(rows, row, "action");
	if (!alias_withdraw(d, rows, row, e))
		return false;
	verdict = verdict_after_undo(d, rows, row, e);
	return verdict && document_change(d, verdict, e) &&
	       decision_add(d, "undo", rows_text(rows, row, "contract_id"), e) &&
	       rematch_duplicates(d->matcher, d->decided->document, e);
}

bool queue_undo(const struct matcher *matcher, const struct decision *decision,
		struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	struct deciding d = { matcher, decision, decided, NULL, NULL, mem };

	*decided = (struct decided){ 0 };
	return decision_close(&d, undo(&d, e), e);
}
