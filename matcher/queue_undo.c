/* queue_undo.c -- the last decision about a document is taken back, with what followed from it. */
#include <string.h>

#include "base/text.h"
#include "matcher/candidates.h"
#include "matcher/queue_inside.h"
#include "matcher/rematch.h"
#include "matcher/rematch_due.h"

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
static bool alias_withdraw(struct handling *d, const struct rows *rows, int row, struct err *e)
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
	       handling_names_left(d, key, e);
}

/*
 * Where the document goes now. An earlier decision of a person still holds; what the matcher had decided may rest on
 * names that are gone, and is decided again. NULL on error; else a new reference.
 */
static json_t *verdict_after_undo(struct handling *d, const struct rows *rows, int row,
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

/* A contract that was made by hand goes with the last document that a person filed there, and before the matcher looks again: it
 * would find the document there. */
static bool contracts_undo(struct handling *d, struct err *e)
{
	size_t count;
	const char **ids = handling_contracts(d, &count);
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++)
		ok = contract_unmake(d, ids[i], e);
	return ok;
}

/* The contracts of a verdict; NULL: none. */
static const char **places_of(const json_t *verdict, size_t *count, TALLOC_CTX *mem)
{
	const json_t *more = json_object_get(verdict, "more");
	const char **ids = talloc_array(mem, const char *, json_array_size(more) + 1);
	const char *first = json_string_value(json_object_get(verdict, "contract_id"));

	*count = 0;
	if (first)
		ids[(*count)++] = first;
	for (size_t i = 0; i < json_array_size(more); i++)
		ids[(*count)++] =
			json_string_value(json_object_get(json_array_get(more, i), "contract_id"));
	return ids;
}

bool handling_take_back(struct handling *d, const json_t *verdict, const json_t *again,
			struct err *e)
{
	struct stored *s = d->decided->document;
	struct rows *rows;
	size_t count, stay_count, again_count, left = 0;
	const char **ids = handling_contracts(d, &count);
	const char **stay = places_of(verdict, &stay_count, d->mem);
	const char **back = places_of(again, &again_count, d->mem);

	for (size_t i = 0; i < count; i++) {
		bool stays = false;

		for (size_t k = 0; k < stay_count; k++)
			stays |= text_equal(stay[k], ids[i]);
		if (!stays)
			ids[left++] = ids[i];
	}
	if (!left && !again_count)
		return true;
	if (!db_call(d->matcher->db, SQL_document_take_back, &rows, d->mem, e, d->matcher->broker,
		     s->document_id, text_array(ids, left, d->mem),
		     text_array(back, again_count, d->mem)))
		return false;
	s->taken_back = talloc_strdup(s, rows_text(rows, 0, "taken_back"));
	return true;
}

/* Where the decision had brought it, the matcher does not bring it back, whatever led the two there. Where it had lain before, its
 * copies may wait because of the decision. */
static bool taken_back(struct handling *d, const struct rows *rows, int row, struct err *e)
{
	json_t *before = json_loads(rows_text(rows, row, "before"), 0, NULL);
	bool moved = json_is_string(json_object_get(before, "contract_id"));
	bool ok = handling_take_back(d, before, before, e) &&
		  (!moved ||
		   rematch_due_add(d->matcher, d->decided->document->issuer, "moved back", 0, e));

	json_decref(before);
	return ok;
}

/* The verdict of before, or what the matcher says now. */
static bool verdict_undo(struct handling *d, const struct rows *rows, int row, struct err *e)
{
	const char *contract = rows_text(rows, row, "contract_id");
	json_t *verdict;

	if (!taken_back(d, rows, row, e) || !alias_withdraw(d, rows, row, e) ||
	    !contracts_undo(d, e))
		return false;
	verdict = verdict_after_undo(d, rows, row, e);
	return verdict && handling_change(d, verdict, e) && handling_note(d, "undo", contract, e) &&
	       rematch_duplicates(d->matcher, d->decided->document, e);
}

/* Back on the desk as it lay there before; its verdict was never touched. */
static bool desk_undo(struct handling *d, const struct rows *rows, int row, struct err *e)
{
	json_t *before = json_loads(rows_text(rows, row, "before"), 0, NULL);
	bool ok = false;

	if (handling_waits(d, e) && (d->desk = desk_now(d, e)))
		ok = desk_put(d, json_object_get(before, "desk"), e) && desk_turn(d, e) &&
		     handling_note(d, "undo", NULL, e);
	json_decref(before);
	return ok;
}

static bool undo(struct handling *d, struct err *e)
{
	struct rows *rows;
	int row;

	if (!handling_hold(d, e) || !db_call(d->matcher->db, SQL_decision_list, &rows, d->mem, e,
					     d->matcher->broker, d->decided->document->document_id))
		return false;
	row = decision_to_undo(rows, d->mem);
	if (row < 0)
		return err_set(e, ERR_REFUSED, "there is no decision to take back");
	d->decided->action = rows_text(rows, row, "action");
	if (!strcmp(d->decided->action, "postpone") || !strcmp(d->decided->action, "hand_over"))
		return desk_undo(d, rows, row, e);
	return verdict_undo(d, rows, row, e);
}

bool queue_undo(const struct matcher *matcher, const struct decision *decision,
		struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	return handling_run(matcher, decision, decided, undo, mem, e);
}
