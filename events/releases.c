#include "events/releases.h"

#include <stdlib.h>
#include <string.h>

#include "events/release_lead.h"

bool releases_lock(struct db *db, const char *broker, TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows;

	if (!db_call(db, SQL_sequence_lock, &rows, mem, e, broker))
		return false;
	if (rows_count(rows) == 1)
		return true;
	return db_call(db, SQL_sequence_make, NULL, mem, e, broker) &&
	       db_call(db, SQL_sequence_lock, NULL, mem, e, broker);
}

/* ---- reading ---- */

static const char *column(const struct rows *rows, int row, const char *name, TALLOC_CTX *mem)
{
	return talloc_strdup(mem, rows_text(rows, row, name));
}

static void texts_read(struct attachment *a, const struct rows *rows, int row)
{
	a->contract_id = column(rows, row, "contract_id", a);
	a->customer_id = column(rows, row, "customer_id", a);
	a->recorded = column(rows, row, "recorded", a);
	a->document_line = column(rows, row, "document_line", a);
	a->contract_line = column(rows, row, "contract_line", a);
	a->vu = column(rows, row, "vu", a);
	a->contract_customer = column(rows, row, "contract_customer", a);
	a->rule = column(rows, row, "rule", a);
	a->decided_by = column(rows, row, "decided_by", a);
	a->note = column(rows, row, "note", a);
	a->collapse_key = column(rows, row, "collapse_key", a);
}

static struct attachment *attachment_read(const struct rows *rows, int row, TALLOC_CTX *mem,
					  struct err *e)
{
	json_t *notice = json_loads(rows_text(rows, row, "notice"), 0, NULL);
	struct attachment *a = attachment_new(rows_text(rows, row, "document_id"),
					      rows_text(rows, row, "attachment"), notice, mem);

	json_decref(notice);
	texts_read(a, rows, row);
	a->position = rows_int(rows, row, "position");
	a->attached_ms = rows_int(rows, row, "attached_ms");
	a->hold_s = (int)rows_int(rows, row, "hold_s");
	a->due_ms = rows_text(rows, row, "due_ms") ? rows_int(rows, row, "due_ms") : NEVER_DUE;
	a->released_ms = rows_int(rows, row, "released_ms");
	if (json_is_object(a->notice) &&
	    attachment_state_of(&a->state, rows_text(rows, row, "state")))
		return a;
	err_set(e, ERR_BUG, "the release of document %s cannot be read", a->document_id);
	return NULL;
}

bool releases_read(struct releasing *r, const struct rows *rows, struct err *e)
{
	for (int i = 0; i < rows_count(rows); i++) {
		struct attachment *a = attachment_read(rows, i, r, e);

		if (!a)
			return false;
		releasing_put(r, a);
	}
	return true;
}

/* ---- writing ---- */

static json_t *number_or_null(bool known, int64_t number)
{
	return known ? json_integer(number) : json_null();
}

static json_t *attachment_row(const struct attachment *a)
{
	return json_pack(
		"{s:s, s:s, s:o, s:I, s:s, s:s?, s:s?, s:O, s:s, s:s, s:i, s:o, s:s?, s:s?, s:s?, s:o}",
		"document_id", a->document_id, "attachment", a->id, "position",
		number_or_null(a->position > 0, a->position), "attached_ms",
		(json_int_t)a->attached_ms, "contract_id", a->contract_id, "customer_id",
		a->customer_id, "recorded", a->recorded, "notice", a->notice, "state",
		attachment_state_text(a->state), "rule", a->rule, "hold_s", a->hold_s, "due_ms",
		number_or_null(a->due_ms != NEVER_DUE, a->due_ms), "decided_by", a->decided_by,
		"note", a->note, "collapse_key", a->collapse_key, "released_ms",
		number_or_null(a->released_ms > 0, a->released_ms));
}

static char *json_text(const json_t *json, TALLOC_CTX *mem)
{
	char *dumped = json_dumps(json, JSON_COMPACT);
	char *text = talloc_strdup(mem, dumped);

	free(dumped);
	return text;
}

bool releases_write(struct releasing *r, struct db *db, int *wrote, struct err *e)
{
	json_t *rows;
	char *changed;

	if (!release_lead(r, db, e))
		return false;
	rows = json_array();
	for (int i = 0; i < r->count; i++)
		if (r->all[i]->changed)
			json_array_append_new(rows, attachment_row(r->all[i]));
	changed = json_array_size(rows) ? json_text(rows, r) : NULL;
	json_decref(rows);
	*wrote = (int)json_array_size(r->events);
	return !changed || db_call(db, SQL_release_write, NULL, r, e, r->broker, changed,
				   json_text(r->events, r));
}
