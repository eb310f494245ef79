/* locks.c -- who looks at a document right now: a courtesy of two minutes that others see; it stops nobody. */
#include "api/problem.h"
#include "review/document.h"
#include "review/news.h"

#define LOCK_SECONDS "120"

static json_t *lock_json(const struct rows *rows)
{
	return json_pack("{s:s, s:s, s:s}", "user", rows_text(rows, 0, "locked_by"), "name",
			 rows_text(rows, 0, "name"), "until", rows_text(rows, 0, "until"));
}

static enum handled lock(struct request *request)
{
	struct opened opened;
	struct err e = { 0 };
	struct rows *rows;

	if (!document_open(&opened, request))
		return HANDLED;
	if (!api_call(request->api, SQL_desk_lock_take, &rows, request, &e, request->caller.broker,
		      opened.document->document_id, request->caller.by, request->caller.shown,
		      LOCK_SECONDS)) {
		problem_of(request, &e);
		return HANDLED;
	}
	if (rows_bool(rows, 0, "taken"))
		news_tell(request, "locked", opened.document->document_id);
	reply_json(request, 200,
		   json_pack("{s:o, s:b}", "lock", lock_json(rows), "mine",
			     rows_bool(rows, 0, "taken")));
	return HANDLED;
}

static enum handled unlock(struct request *request)
{
	struct opened opened;
	struct err e = { 0 };
	struct rows *rows;

	if (!document_open(&opened, request))
		return HANDLED;
	if (!api_call(request->api, SQL_desk_lock_leave, &rows, request, &e, request->caller.broker,
		      opened.document->document_id, request->caller.by)) {
		problem_of(request, &e);
		return HANDLED;
	}
	if (rows_bool(rows, 0, "gone"))
		news_tell(request, "unlocked", opened.document->document_id);
	reply_json(request, 200,
		   json_pack("{s:o}", "lock",
			     rows_text(rows, 0, "locked_by") ? lock_json(rows) : json_null()));
	return HANDLED;
}

#define PATH "/api/v1/documents/{document}/lock"

static const struct route routes[] = {
	{ "POST", PATH, SCOPE_DECISIONS, "", 256, lock },
	{ "DELETE", PATH, SCOPE_DECISIONS, "", 0, unlock },
};

const struct route_table route_locks = { routes, sizeof routes / sizeof *routes };
