#include "review/colleague.h"

#include "api/problem.h"
#include "api/user.h"
#include "review/review.h"

/* A broker has a handful; whoever has more types the name. */
#define COLLEAGUES_MOST "500"

static bool may_decide(const struct rows *rows, int i)
{
	return !rows_bool(rows, i, "disabled") &&
	       role_scopes(role_read(rows_text(rows, i, "role"))) & SCOPE_DECISIONS;
}

bool colleague_check(struct request *request, const char *name)
{
	struct err e = { 0 };
	struct rows *rows;

	if (!name)
		return true;
	if (!api_call(request->api, SQL_user_list, &rows, request, &e, request->caller.broker, name,
		      "", "1"))
		return problem_of(request, &e);
	return (rows_count(rows) && may_decide(rows, 0)) ||
	       problem_german(request, PROBLEM_CONTENT, json_pack("{s:s}", "member", "to"),
			      "Unter diesem Namen gibt es niemanden, der entscheiden darf.",
			      "to: nobody of this name may decide about documents");
}

/* Names only: roles, logins and who is locked are the lead's business. */
static enum handled colleagues_list(struct request *request)
{
	json_t *items = json_array();
	struct err e = { 0 };
	struct rows *rows;

	if (!api_call(request->api, SQL_user_list, &rows, request, &e, request->caller.broker, NULL,
		      "", COLLEAGUES_MOST)) {
		json_decref(items);
		problem_of(request, &e);
		return HANDLED;
	}
	for (int i = 0; i < rows_count(rows); i++)
		if (may_decide(rows, i))
			json_array_append_new(items, json_pack("{s:s, s:s}", "user",
							       rows_text(rows, i, "name"), "name",
							       rows_text(rows, i, "shown")));
	reply_json(request, 200, json_pack("{s:o}", "items", items));
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/colleagues", SCOPE_DECISIONS, "", 0, colleagues_list },
};

const struct route_table route_colleagues = { routes, sizeof routes / sizeof *routes };
