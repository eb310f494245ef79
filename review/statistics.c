/* statistics.c -- what came in some days, where it went, how sure the matcher was and how often a person put it right. */
#include "review/statistics.h"

#include <stdlib.h>
#include <string.h>

#include "api/problem.h"
#include "base/clock.h"
#include "events/calendar.h"
#include "review/answer.h"
#include "review/review.h"

#define WEEKS_DEFAULT 12
#define DAYS_MOST     3700
#define YEAR_LEAST    1900
#define YEAR_MOST     9998 /* the day after is of four digits, too */

/* ---- the days ---- */

struct span {
	int from, to;        /* days, both included */
	char *since, *until; /* moments, for statements */
};

static bool day_read(int *day, struct request *request, const char *name)
{
	const char *given = request_argument(request, name);

	return !given ||
	       (day_parse(day, given) && day_year(*day) >= YEAR_LEAST &&
		day_year(*day) <= YEAR_MOST) ||
	       problem(request, PROBLEM_ARGUMENT, "%s is no day, expected YYYY-MM-DD from %d to %d",
		       name, YEAR_LEAST, YEAR_MOST);
}

static char *moment_of(int day, TALLOC_CTX *mem)
{
	char text[CLOCK_TEXT_SIZE];

	return talloc_strdup(mem, clock_text(text, day_moment(day, 0, 0)));
}

static bool span_read(struct span *span, struct request *request)
{
	span->to = day_local(clock_wall_ms());
	if (!day_read(&span->to, request, "to"))
		return false;
	span->from = span->to - 7 * WEEKS_DEFAULT + 1;
	if (!day_read(&span->from, request, "from"))
		return false;
	if (span->from > span->to || span->to - span->from > DAYS_MOST)
		return problem(request, PROBLEM_ARGUMENT,
			       "from must not be after to, nor more than %d days before it",
			       DAYS_MOST);
	span->since = moment_of(span->from, request);
	span->until = moment_of(span->to + 1, request);
	return true;
}

static json_t *day_json(int day)
{
	char text[DAY_TEXT_SIZE];

	return json_string(day_text(text, day));
}

/* ---- reading ---- */

struct read {
	struct rows *documents, *corrected, *told, *leads, *decisions;
};

static bool figures_read(struct read *read, struct request *request, const struct span *span)
{
	const char *values[] = { request->caller.broker, span->since, span->until,
				 request_argument(request, "insurer") };
	struct api *api = request->api;
	struct err e = { 0 };

	return (api_run(api, SQL_statistics_documents, 4, values, &read->documents, request, &e) &&
		api_run(api, SQL_statistics_corrected, 4, values, &read->corrected, request, &e) &&
		api_run(api, SQL_statistics_told, 4, values, &read->told, request, &e) &&
		api_run(api, SQL_statistics_leads, 4, values, &read->leads, request, &e) &&
		api_run(api, SQL_statistics_decisions, 4, values, &read->decisions, request, &e)) ||
	       problem_of(request, &e);
}

/* ---- answering ---- */

static json_t *funnel_json(const struct figures *figures, const struct rows *told)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "fetched", (json_int_t)figures->all.documents,
			 "filed", (json_int_t)(figures->all.filed + figures->all.by_person),
			 "released", (json_int_t)rows_int(told, 0, "released"), "delivered",
			 (json_int_t)rows_int(told, 0, "delivered"));
}

static json_t *seconds_json(const struct rows *rows, const char *column)
{
	const char *text = rows_text(rows, 0, column);

	return text ? json_real(strtod(text, NULL)) : json_null();
}

static enum handled statistics_show(struct request *request)
{
	struct span span;
	struct read read;
	struct figures *figures;
	json_t *answer;

	if (!span_read(&span, request) || !figures_read(&read, request, &span))
		return HANDLED;
	figures = figures_of(read.documents, read.corrected, request);
	answer = json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o}, s:I}", "from",
		day_json(span.from), "to", day_json(span.to), "filed_by_week",
		figures_weeks(figures), "funnel", funnel_json(figures, read.told), "reasons",
		figures_reasons(figures), "lead_histogram", figures_leads(read.leads), "by_insurer",
		figures_insurers(figures, request), "by_tier", figures_tiers(figures),
		"decision_seconds", "median", seconds_json(read.decisions, "median"), "p95",
		seconds_json(read.decisions, "p95"), "alias_hits", (json_int_t)figures->alias);
	json_object_set_new(answer, "oldest_queue_s",
			    rows_text(read.told, 0, "oldest_s")
				    ? json_integer(rows_int(read.told, 0, "oldest_s"))
				    : json_null());
	reply_json(request, 200, answer);
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/statistics", SCOPE_STATISTICS | WEIGHS(10), "from,to,insurer", 0,
	  statistics_show },
};

const struct route_table route_statistics = { routes, sizeof routes / sizeof *routes };
