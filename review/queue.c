/* queue.c -- what waits for a person: the list with its filters, and how much there is of it. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "api/problem.h"
#include "base/clock.h"
#include "base/text.h"
#include "events/letter_place.h"
#include "matcher/candidates.h"
#include "review/answer.h"
#include "review/queue_filter.h"
#include "review/review.h"
#include "review/row.h"

#define NO_ID      "00000000-0000-0000-0000-000000000000"
#define PLACE_MOST 2000 /* documents that a list places itself; upkeep does the rest */
#define FEW        2000 /* documents that a search may find to be put in order by themselves */
#define KEYS       4
#define BEGAN_MOST INT64_C(253402300799999) /* ms: the end of the year 9999 */

static const struct page_key by_moment[KEYS] = {
	{ "began", 'n', "0" },
	{ "lane", 'n', "-1" },
	{ "place", 'n', "0" },
	{ "document_id", 't', NO_ID },
};

static const struct page_key by_name[KEYS] = {
	{ "began", 'n', "0" },
	{ "lane", 'n', "-1" },
	{ "place", 't', "" },
	{ "document_id", 't', NO_ID },
};

/* The orders in which the queue is shown; the first is what counts if nobody says. lanes: of its cursors. */
static const struct order {
	const char *name;
	enum sql statement;
	enum sql found;     /* the same for what a search found */
	const char *sorted; /* takes one value more: by age? */
	const struct page_key *keys;
	int first_lane, last_lane;
} orders[] = {
	{ "lead", SQL_queue_by_lead, SQL_queue_found, "false", by_moment, 0, 2 },
	{ "age", SQL_queue_by_age, SQL_queue_found, "true", by_moment, 3, 3 },
	{ "insurer", SQL_queue_by_insurer, SQL_queue_found_insurer, NULL, by_name, 4, 4 },
};

#define ORDERS (sizeof orders / sizeof *orders)

static const struct order *order_read(struct request *request)
{
	const char *sort = request_argument(request, "sort");

	for (size_t i = 0; i < ORDERS; i++)
		if (!sort || !strcmp(orders[i].name, sort))
			return &orders[i];
	problem(request, PROBLEM_ARGUMENT, "sort is lead, age or insurer");
	return NULL;
}

/* ---- the list ---- */

/* What came just now gets its place, so that no list passes it over. */
static bool queue_place(struct row_set *set, struct request *request)
{
	struct err e = { 0 };
	int placed;

	return row_set_begin(set, request) &&
	       (letter_place(&placed, set->matcher.db, set->matcher.broker, set->rules, PLACE_MOST,
			     &e) ||
		problem_of(request, &e));
}

static bool is_uuid(const char *text)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (strlen(text) != strlen(shape))
		return false;
	for (int i = 0; shape[i]; i++)
		if (shape[i] == '-' ? text[i] != '-' : !strchr("0123456789abcdef", text[i]))
			return false;
	return true;
}

/* A cursor goes on in the order that gave it out; the first page begins now. */
static bool cursor_fits(struct page *page, struct request *request, const struct order *order)
{
	int64_t began = strtoll(page->key[0], NULL, 10), lane = strtoll(page->key[1], NULL, 10);

	if (!request_argument(request, "cursor")) {
		page->key[0] = talloc_asprintf(request, "%" PRId64, clock_wall_ms());
		return true;
	}
	return (began >= 0 && began <= BEGAN_MOST && lane >= order->first_lane &&
		lane <= order->last_lane && is_uuid(page->key[3])) ||
	       problem(request, PROBLEM_ARGUMENT, "cursor is none that this order gave out");
}

static bool page_load(struct rows **rows, struct request *request, const struct order *order,
		      const struct page *page, const struct queue_filter *f)
{
	struct err e = { 0 };

	return api_call(request->api, order->statement, rows, request, &e, request->caller.broker,
			page->key[0], page->key[1], page->key[2], page->key[3], f->reason,
			f->issuer, f->class, f->line, f->patterns, f->assignee, f->state,
			page->limit, f->words) ||
	       problem_of(request, &e);
}

static const char *ids_of(const struct rows *rows, TALLOC_CTX *mem)
{
	int count = rows_count(rows);
	const char **ids = talloc_array(mem, const char *, (size_t)count + 1);

	for (int i = 0; i < count; i++)
		ids[i] = rows_text(rows, i, "document_id");
	return text_array(ids, (size_t)count, mem);
}

/* A search that finds few: their ids as an array. NULL: walk the list; *failed: answered. */
static const char *few_found(bool *failed, struct request *request, const struct queue_filter *f)
{
	char *most = talloc_asprintf(request, "%d", FEW + 1);
	struct err e = { 0 };
	struct rows *rows;

	*failed = false;
	if (!f->patterns)
		return NULL;
	*failed = !api_call(request->api, SQL_queue_search, &rows, request, &e,
			    request->caller.broker, f->patterns, f->words, f->reason, f->issuer,
			    f->class, f->line, most);
	if (*failed)
		problem_of(request, &e);
	return *failed || rows_count(rows) > FEW ? NULL : ids_of(rows, request);
}

static bool found_load(struct rows **rows, struct request *request, const struct order *order,
		       const struct page *page, const struct queue_filter *f, const char *ids)
{
	const char *const values[] = { request->caller.broker,
				       page->key[0],
				       page->key[1],
				       page->key[2],
				       page->key[3],
				       f->reason,
				       f->issuer,
				       f->class,
				       f->line,
				       f->assignee,
				       f->state,
				       page->limit,
				       ids,
				       order->sorted };
	struct err e = { 0 };

	return api_run(request->api, order->found, order->sorted ? 14 : 13, values, rows, request,
		       &e) ||
	       problem_of(request, &e);
}

static bool list_load(struct rows **rows, struct request *request, const struct order *order,
		      const struct page *page, const struct queue_filter *filter)
{
	bool failed;
	const char *ids = few_found(&failed, request, filter);

	if (failed)
		return false;
	return ids ? found_load(rows, request, order, page, filter, ids)
		   : page_load(rows, request, order, page, filter);
}

static json_t *item(struct request *request, const struct rows *rows, int i)
{
	const struct row_set *set = request->state;
	struct stored *document = row_stored(set, i, request);
	json_t *row;

	(void)rows;
	row = document ? row_json(set, i, document, request) : json_object();
	talloc_free(document);
	return row;
}

static enum handled queue_list(struct request *request)
{
	const struct order *order = order_read(request);
	struct row_set set;
	struct queue_filter filter;
	struct page page;
	struct rows *rows;

	if (!order || !queue_filter_read(&filter, request) ||
	    !page_read(&page, request, order->keys, KEYS) || !cursor_fits(&page, request, order) ||
	    !queue_place(&set, request) || !list_load(&rows, request, order, &page, &filter) ||
	    !row_set_load(&set, request, ids_of(rows, request)))
		return HANDLED;
	request->state = &set;
	page_answer(request, &page, rows, item);
	request->state = NULL;
	return HANDLED;
}

/* ---- how much there is ---- */

static json_t *insurers_named(json_t *counts, const struct request *request)
{
	json_t *named = json_array(), *count;
	size_t i;

	json_array_foreach(counts, i, count)
	{
		json_t *insurer =
			insurer_json(request, json_string_value(json_object_get(count, "key")));

		json_object_set(insurer, "count", json_object_get(count, "count"));
		json_array_append_new(named, insurer);
	}
	return named;
}

json_t *queue_counts_json(const struct rows *rows, const struct request *request)
{
	json_t *counts = json_loads(rows_text(rows, 0, "counts"), 0, NULL);

	json_object_set_new(counts, "by_insurer",
			    insurers_named(json_object_get(counts, "by_insurer"), request));
	return counts;
}

/* A search and a colleague's desk are counted among the documents, all else out of the tally. */
static bool counts_load(struct rows **rows, struct request *request, const struct queue_filter *f,
			struct err *e)
{
	const char *broker = request->caller.broker, *by = request->caller.by;

	if (f->patterns || f->assignee)
		return api_call(request->api, SQL_queue_counts_among, rows, request, e, broker,
				f->reason, f->issuer, f->class, f->line, f->patterns, f->assignee,
				by, f->words);
	return api_call(request->api, SQL_queue_counts, rows, request, e, broker, f->reason,
			f->issuer, f->class, f->line, by);
}

static enum handled queue_counts(struct request *request)
{
	struct queue_filter filter;
	struct err e = { 0 };
	struct rows *rows;

	if (!queue_filter_read(&filter, request))
		return HANDLED;
	if (!counts_load(&rows, request, &filter, &e))
		problem_of(request, &e);
	else
		reply_json(request, 200, queue_counts_json(rows, request));
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/queue", SCOPE_DOCUMENTS, QUEUE_FILTERS ",sort," PAGE_TAKES, 0,
	  queue_list },
	{ "GET", "/api/v1/queue/counts", SCOPE_DOCUMENTS, QUEUE_FILTERS, 0, queue_counts },
};

const struct route_table route_queue = { routes, sizeof routes / sizeof *routes };
