#include "review/queue_filter.h"

#include <string.h>

#include "api/problem.h"
#include "base/text.h"
#include "model/business_case.h"
#include "model/verdict.h"
#include "review/search.h"

static bool reason_known(const char *reason)
{
	for (int i = REASON_NONE + 1; i < REASONS; i++)
		if (!strcmp(reason_text((enum reason)i), reason))
			return true;
	return false;
}

static bool class_known(const char *class)
{
	for (int i = 0; i < CLASSES; i++)
		if (!strcmp(business_class_text((enum business_class)i), class))
			return true;
	return false;
}

static const char *assignee_of(const struct request *request)
{
	const char *assignee = request_argument(request, "assignee");

	if (!assignee)
		return NULL;
	if (!strcmp(assignee, "none"))
		return "";
	return strcmp(assignee, "me") ? assignee : request->caller.by;
}

static bool search_terms(struct queue_filter *filter, struct request *request)
{
	const char *typed = request_argument(request, "q");
	struct err e = { 0 };
	struct rows *rows;

	if (!typed || text_empty(typed))
		return true;
	if (!search_fits(request, typed))
		return false;
	if (!api_call(request->api, SQL_search_terms, &rows, request, &e, typed,
		      search_day(typed, request)))
		return problem_of(request, &e);
	filter->patterns = rows_text(rows, 0, "patterns");
	filter->words = rows_text(rows, 0, "words");
	return true;
}

bool queue_filter_read(struct queue_filter *filter, struct request *request)
{
	*filter = (struct queue_filter){
		.reason = request_argument(request, "reason"),
		.issuer = request_argument(request, "insurer"),
		.class = request_argument(request, "business_class"),
		.line = request_argument(request, "line"),
		.assignee = assignee_of(request),
		.state = request_argument(request, "state"),
	};
	if (!filter->state)
		filter->state = "queued";
	if (filter->reason && !reason_known(filter->reason))
		return problem(request, PROBLEM_ARGUMENT, "reason is none of the list");
	if (filter->class && !class_known(filter->class))
		return problem(request, PROBLEM_ARGUMENT, "business_class is none of the list");
	if (strcmp(filter->state, "queued") && strcmp(filter->state, "postponed"))
		return problem(request, PROBLEM_ARGUMENT, "state is queued or postponed");
	return search_terms(filter, request);
}
