/* insurers.c -- how the insurers' connections do; pause, resume, ask now. */
#include <string.h>

#include "api/audit.h"
#include "api/problem.h"
#include "ingest/connection.h"
#include "model/german.h"
#include "review/answer.h"
#include "review/review.h"

#define BODY_MOST   4096
#define REASON_MOST 500

static json_t *connection_item(struct request *request, const struct rows *rows, int row)
{
	json_t *item = item_of(rows, row);
	const char *error = json_string_value(json_object_get(item, "error"));
	char *german = error ? german_of(error, request) : NULL;

	json_object_set_new(item, "error_de",
			    error ? json_string(german ? german : error) : json_null());
	return item;
}

/* Rows come by issuer; the connections of one stand together. */
static json_t *insurers_json(struct request *request, const struct rows *rows)
{
	json_t *items = json_array(), *connections = NULL;
	const char *before = NULL;

	for (int i = 0; i < rows_count(rows); i++) {
		const char *issuer = rows_text(rows, i, "issuer");

		if (!before || strcmp(before, issuer) != 0) {
			json_t *insurer = insurer_json(request, issuer);

			connections = json_array();
			json_object_set_new(insurer, "connections", connections);
			json_array_append_new(items, insurer);
		}
		before = issuer;
		json_array_append_new(connections, connection_item(request, rows, i));
	}
	return items;
}

static bool connections_load(struct rows **rows, struct request *request, const char *connection)
{
	struct err e = { 0 };

	return api_call(request->api, SQL_insurer_connections, rows, request, &e,
			request->caller.broker, connection) ||
	       problem_of(request, &e);
}

static enum handled insurers_show(struct request *request)
{
	struct rows *rows = NULL;

	if (connections_load(&rows, request, NULL))
		reply_json(request, 200, json_pack("{s:o}", "items", insurers_json(request, rows)));
	return HANDLED;
}

/* ---- what can be done ---- */

/* The connection as it is after the change, or the refusal. */
static enum handled changed(struct request *request, bool ok, const struct err *e)
{
	struct rows *rows = NULL;

	if (!ok && e->kind == ERR_MISSING)
		problem(request, PROBLEM_MISSING, "there is no connection of this name");
	else if (!ok && e->kind == ERR_REFUSED)
		problem_german(request, PROBLEM_CONFLICT, NULL,
			       "Die Anbindung ist angehalten. Bitte zuerst fortsetzen.", "%s",
			       e->text);
	else if (!ok)
		problem_of(request, e);
	else if (connections_load(&rows, request, request->param))
		reply_json(request, 200, connection_item(request, rows, 0));
	return HANDLED;
}

struct act {
	struct request *request;
	bool (*change)(struct db *db, const struct act *act, struct err *e);
	const char *action; /* of the audit log */
	const char *reason; /* of a pause */
};

static bool pause_do(struct db *db, const struct act *act, struct err *e)
{
	const struct request *request = act->request;

	return connection_pause(db, request->caller.broker, request->param, act->reason, e);
}

static bool resume_do(struct db *db, const struct act *act, struct err *e)
{
	struct resumed resumed;

	return connection_resume(&resumed, db, act->request->caller.broker, act->request->param,
				 act->request, e);
}

static bool poll_do(struct db *db, const struct act *act, struct err *e)
{
	return connection_soon(db, act->request->caller.broker, act->request->param, e);
}

static bool act_work(struct db *db, void *arg, struct err *e)
{
	const struct act *act = arg;

	return act->change(db, act, e) &&
	       audit_note_with(db, act->request, act->action, act->request->param, e);
}

static enum handled act_do(struct act *act)
{
	struct err e = { 0 };
	bool ok = api_together(act->request->api, act_work, act, &e);

	return changed(act->request, ok, &e);
}

static enum handled connection_pauses(struct request *request)
{
	struct act act = { request, pause_do, "connection.pause", NULL };

	if (!request_json(request, "reason") ||
	    !json_take_text(&act.reason, request, "reason", MAY, REASON_MOST))
		return HANDLED;
	if (!act.reason)
		act.reason = talloc_asprintf(request, "paused by %s", request->caller.by);
	return act_do(&act);
}

static enum handled connection_resumes(struct request *request)
{
	return act_do(&(struct act){ request, resume_do, "connection.resume", NULL });
}

static enum handled connection_polls(struct request *request)
{
	return act_do(&(struct act){ request, poll_do, "connection.poll", NULL });
}

static const struct route routes[] = {
	{ "GET", "/api/v1/insurers", SCOPE_INSURERS | SCOPE_STATISTICS, "", 0, insurers_show },
	{ "POST", "/api/v1/connections/{connection}/pause", SCOPE_INSURERS, "", BODY_MOST,
	  connection_pauses },
	{ "POST", "/api/v1/connections/{connection}/resume", SCOPE_INSURERS, "", BODY_MOST,
	  connection_resumes },
	{ "POST", "/api/v1/connections/{connection}/poll", SCOPE_INSURERS, "", BODY_MOST,
	  connection_polls },
};

const struct route_table route_insurers = { routes, sizeof routes / sizeof *routes };
