/* queue_desk.c -- a document that waits is put off or handed to a colleague: where it waits changes, its verdict does not. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "matcher/queue_inside.h"

/* No queue is cleared by putting it off for ever. */
#define POSTPONE_MOST_DAYS 366

json_t *desk_now(const struct handling *d, struct err *e)
{
	struct rows *rows;

	if (!db_call(d->matcher->db, SQL_desk_find, &rows, d->mem, e, d->matcher->broker,
		     d->decided->document->document_id))
		return NULL;
	if (!rows_count(rows))
		return json_object();
	return json_pack("{s:s?, s:s?, s:s?}", "assignee", rows_text(rows, 0, "assignee"), "until",
			 rows_text(rows, 0, "until"), "note", rows_text(rows, 0, "note"));
}

static const char *member(const json_t *desk, const char *name)
{
	return json_string_value(json_object_get(desk, name));
}

bool desk_put(const struct handling *d, const json_t *desk, struct err *e)
{
	return db_call(d->matcher->db, SQL_desk_put, NULL, d->mem, e, d->matcher->broker,
		       d->decided->document->document_id, member(desk, "assignee"),
		       member(desk, "until"), member(desk, "note"), d->decision->by);
}

bool desk_turn(const struct handling *d, struct err *e)
{
	return db_call(d->matcher->db, SQL_document_turn, NULL, d->mem, e, d->matcher->broker,
		       d->decided->document->document_id);
}

static bool until_check(const char *until, struct err *e)
{
	int64_t at, now = clock_wall_ms();

	if (!until || !clock_parse(&at, until, NULL))
		return err_set(e, ERR_USAGE, "until when? A moment like 2025-03-03T08:00:00Z");
	if (at <= now)
		return err_set(e, ERR_USAGE, "it can be put off to a moment in the future only");
	return at - now <= POSTPONE_MOST_DAYS * (int64_t)86400000 ||
	       err_set(e, ERR_USAGE, "it can be put off for a year at most");
}

bool handling_waits(const struct handling *d, struct err *e)
{
	return !strcmp(d->decided->document->state, "queued") ||
	       err_set(e, ERR_REFUSED, "the document does not wait any more");
}

/* The members that the decision speaks of; the others stay. */
static bool desk_change(struct handling *d, const char *action, json_t *said, struct err *e)
{
	json_t *desk;
	bool ok = false;

	if (handling_hold(d, e) && handling_waits(d, e) && (d->desk = desk_now(d, e))) {
		desk = json_copy(d->desk);
		json_object_update(desk, said);
		ok = desk_put(d, desk, e) && desk_turn(d, e) && handling_note(d, action, NULL, e);
		json_decref(desk);
	}
	json_decref(said);
	return handling_close(d, ok, e);
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

bool queue_postpone(const struct matcher *matcher, const struct decision *decision,
		    struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	struct handling d = {
		.matcher = matcher, .decision = decision, .decided = decided, .mem = mem
	};

	*decided = (struct decided){ 0 };
	return until_check(decision->until, e) &&
	       desk_change(&d, "postpone",
			   json_pack("{s:s, s:o}", "until", decision->until, "note",
				     text_or_null(decision->note)),
			   e);
}

bool queue_hand_over(const struct matcher *matcher, const struct decision *decision,
		     struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	struct handling d = {
		.matcher = matcher, .decision = decision, .decided = decided, .mem = mem
	};

	*decided = (struct decided){ 0 };
	return desk_change(&d, "hand_over",
			   json_pack("{s:o, s:o}", "assignee", text_or_null(decision->to), "note",
				     text_or_null(decision->note)),
			   e);
}
