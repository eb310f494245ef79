#include "matcher/queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/text.h"
#include "base/uuid7.h"
#include "matcher/candidates.h"
#include "matcher/change.h"
#include "matcher/notice.h"
#include "matcher/queue_alias.h"
#include "matcher/queue_inside.h"
#include "matcher/rematch.h"

#define HANDLING_ATTEMPTS 3 /* each was somebody else's success */

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

/* ---- what every decision does ---- */

static bool version_check(const struct handling *d, struct err *e)
{
	int wanted = d->decision->version;

	return !wanted || wanted == d->decided->document->version ||
	       err_set(e, ERR_CONFLICT, "somebody decided about this document meanwhile");
}

bool handling_begin(struct handling *d, struct err *e)
{
	d->decided->document = queue_document(d->matcher, d->decision->document, d->mem, e);
	return d->decided->document && db_begin(d->matcher->db, e);
}

bool handling_numbers(const struct handling *d, const char *one, const char *other, struct err *e)
{
	const char *issuers[] = { one ? one : other, other };
	size_t count = one && other ? 2 : one || other ? 1 : 0;

	return !count || db_call(d->matcher->db, SQL_number_lock, NULL, d->mem, e,
				 d->matcher->broker, text_array(issuers, count, d->mem));
}

const char **handling_contracts(const struct handling *d, size_t *count)
{
	const struct stored *s = d->decided->document;
	json_t *more = s->more ? json_loads(s->more, 0, NULL) : NULL;
	const char **ids = talloc_array(d->mem, const char *, json_array_size(more) + 1);

	*count = 0;
	if (s->contract_id)
		ids[(*count)++] = s->contract_id;
	for (size_t i = 0; s->contract_id && i < json_array_size(more); i++)
		ids[(*count)++] = talloc_strdup(
			d->mem,
			json_string_value(json_object_get(json_array_get(more, i), "contract_id")));
	json_decref(more);
	return ids;
}

/* Where it lies, nobody files until it is settled what else is there because of it. */
static bool contracts_leave(const struct handling *d, struct err *e)
{
	size_t count;
	const char **ids = handling_contracts(d, &count);

	return !count || db_call(d->matcher->db, SQL_contract_leave, NULL, d->mem, e,
				 d->matcher->broker, text_array(ids, count, d->mem));
}

static bool document_lock(const struct handling *d, const char *id, struct err *e)
{
	struct rows *rows;

	return db_call(d->matcher->db, SQL_document_lock, &rows, d->mem, e, d->matcher->broker,
		       id) &&
	       (rows_count(rows) == 1 || err_set(e, ERR_MISSING, "the document is gone"));
}

bool handling_take(struct handling *d, struct err *e)
{
	const struct stored *seen = d->decided->document;

	if (!contracts_leave(d, e) || !document_lock(d, seen->document_id, e))
		return false;
	d->decided->document = queue_document(d->matcher, seen->document_id, d->mem, e);
	if (!d->decided->document || !version_check(d, e))
		return false;
	return seen->version == d->decided->document->version ||
	       err_set(e, ERR_CONFLICT, "somebody decided about this document meanwhile");
}

bool handling_hold(struct handling *d, struct err *e)
{
	return handling_begin(d, e) && handling_take(d, e);
}

bool handling_change(struct handling *d, json_t *verdict, struct err *e)
{
	json_t *rows = json_array(), *missed;
	bool whole;

	json_array_append_new(rows, change_row(d->decided->document, verdict, d->matcher));
	if (!change_write(d->matcher, rows, &missed, e))
		return false;
	whole = json_array_size(missed) == 0;
	json_decref(missed);
	return whole || err_set(e, ERR_CONFLICT,
				"somebody changed where it would be filed at the same moment");
}

bool handling_note(struct handling *d, const char *action, const char *contract, struct err *e)
{
	const struct decision *want = d->decision;
	const struct asked *alias = d->alias;
	json_t *verdict = stored_verdict(d->decided->document);
	char *before;
	bool ok;

	if (d->desk)
		json_object_set(verdict, "desk", d->desk);
	before = json_dumps(verdict, JSON_COMPACT);
	ok = db_call(d->matcher->db, SQL_decision_add, NULL, d->mem, e, d->matcher->broker,
		     uuid7_text(d->decided->decision_id), d->decided->document->document_id, action,
		     contract, alias ? alias->issuer : NULL, alias ? alias_key(alias) : NULL,
		     want->note, before, want->by, want->reason);
	free(before);
	json_decref(verdict);
	return ok;
}

/* A failed commit leaves nothing. */
bool handling_close(struct handling *d, bool ok, struct err *e)
{
	json_decref(d->desk);
	if (ok && d->decision->dry_run) {
		db_rollback(d->matcher->db);
		return true;
	}
	if (ok && d->decision->with)
		ok = d->decision->with(d->matcher->db, d->decided->document->document_id,
				       d->decision->with_arg, e);
	CRASH_POINT("assign.before");
	if (ok && db_commit(d->matcher->db, e)) {
		CRASH_POINT("assign.committed");
		return true;
	}
	db_rollback(d->matcher->db);
	return false;
}

/* He saw another version than there is: no attempt makes that better. */
static bool stale(const struct handling *d)
{
	const struct stored *s = d->decided->document;

	return d->decision->version && s && d->decision->version != s->version;
}

bool handling_run(const struct matcher *matcher, const struct decision *decision,
		  struct decided *decided, handling_steps *steps, TALLOC_CTX *mem, struct err *e)
{
	struct err why;

	for (int i = 0; i < HANDLING_ATTEMPTS; i++) {
		struct handling d = {
			.matcher = matcher, .decision = decision, .decided = decided, .mem = mem
		};

		why = (struct err){ 0 };
		*decided = (struct decided){ 0 };
		if (handling_close(&d, steps(&d, &why), &why))
			return true;
		if ((why.kind != ERR_CONFLICT && !why.outrun) || stale(&d))
			return err_set(e, why.kind, "%s", why.text);
	}
	return err_set(e, ERR_CONFLICT, "%s",
		       why.outrun ? "somebody decided about the same documents at the same moment"
				  : why.text);
}

json_t *handling_verdict(const struct handling *d, const char *state, const char *contract,
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

bool handling_open(const struct handling *d, struct err *e)
{
	if (strcmp(d->decided->document->tier, tier_text(TIER_PERSON)) != 0)
		return true;
	return err_set(e, ERR_REFUSED, "a person filed this document: take that back first (undo)");
}

/* ---- what follows when a document leaves its contracts ---- */

static bool claim_of(const struct handling *d)
{
	const struct facts *facts = stored_facts(d->decided->document, d->matcher);

	for (size_t i = 0; i < facts->asked_count; i++)
		if (facts->asked[i].use == USE_CLAIM && key_usable(facts->asked[i].key))
			return true;
	return false;
}

static bool contract_left(struct handling *d, const char *contract, const char *key, struct err *e)
{
	struct rematch_counts counts = { 0 };

	if (!rematch_without_alias(d->matcher, contract, key, &counts, e))
		return false;
	d->decided->withdrawn += counts.filed + counts.revised;
	return true;
}

bool handling_names_left(struct handling *d, const char *key, struct err *e)
{
	size_t count;
	const char **ids = handling_contracts(d, &count);
	bool ok = true;

	if (!key && !claim_of(d))
		return true;
	for (size_t i = 0; ok && i < count; i++)
		ok = contract_left(d, ids[i], key, e);
	return ok;
}

static bool reason_check(const char *reason, struct err *e)
{
	for (int i = 0; i < IGNORED_AS; i++)
		if (text_equal(reason, ignored_text((enum ignored)i)))
			return true;
	return err_set(e, ERR_USAGE, "say why it is ignored, with a word of the list");
}

/* A letter of somebody else's is no news for the customer in a copy either. */
static bool is_strangers(const char *reason)
{
	return text_equal(reason, ignored_text(IGNORED_NOT_OURS));
}

static bool ignore(struct handling *d, struct err *e)
{
	if (!reason_check(d->decision->reason, e) || !handling_hold(d, e) || !handling_open(d, e))
		return false;
	if (!strcmp(d->decided->document->state, "ignored"))
		return err_set(e, ERR_REFUSED, "the document is already ignored");
	return (!is_strangers(d->decision->reason) || handling_take_back(d, NULL, NULL, e)) &&
	       handling_change(d, handling_verdict(d, "ignored", NULL, NULL), e) &&
	       handling_note(d, "ignore", NULL, e) && handling_names_left(d, NULL, e) &&
	       rematch_duplicates(d->matcher, d->decided->document, e);
}

bool queue_ignore(const struct matcher *matcher, const struct decision *decision,
		  struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	return handling_run(matcher, decision, decided, ignore, mem, e);
}

/* ---- why documents are ignored ---- */

static const char *const ignored[IGNORED_AS] = {
	[IGNORED_ADVERTISING] = "advertising",
	[IGNORED_CIRCULAR] = "circular",
	[IGNORED_SETTLEMENT] = "settlement",
	[IGNORED_DATA] = "data",
	[IGNORED_NOT_OURS] = "not_ours",
	[IGNORED_DUPLICATE] = "duplicate",
	[IGNORED_OTHER] = "other",
};

const char *ignored_text(enum ignored why)
{
	return ignored[why];
}
