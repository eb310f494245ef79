/* customers.c -- who holds the contracts: search by the beginning of a name or by id; one customer. */
#include "api/problem.h"
#include "base/text.h"
#include "review/answer.h"
#include "review/review.h"
#include "review/search.h"

static json_t *customer_item(struct request *request, const struct rows *rows, int row)
{
	(void)request;
	return item_of(rows, row);
}

static enum handled customers_search(struct request *request)
{
	static const struct page_key keys[] = { { "folded", 't', "" }, { "customer_id", 't', "" } };
	const char *q = request_argument(request, "q");
	struct rows *rows = NULL;
	struct search search;
	struct err e = { 0 };
	struct page page;

	if (!q || text_empty(q))
		return problem(request, PROBLEM_ARGUMENT,
			       "q is missing: the beginning of a name, or an id"),
		       HANDLED;
	if (!search_read(&search, request, q) || !page_read(&page, request, keys, 2))
		return HANDLED;
	if (!api_call(request->api, SQL_customer_search, &rows, request, &e, request->caller.broker,
		      search.text, search.text, search.surname, search.first_name, page.key[0],
		      page.key[1], page.limit))
		problem_of(request, &e);
	else
		page_answer(request, &page, rows, customer_item);
	return HANDLED;
}

static enum handled customer_show(struct request *request)
{
	struct rows *rows = NULL;
	struct err e = { 0 };
	json_t *item, *contract;
	size_t i;

	if (!api_call(request->api, SQL_customer_detail, &rows, request, &e, request->caller.broker,
		      request->param))
		return problem_of(request, &e), HANDLED;
	if (!rows_count(rows))
		return problem(request, PROBLEM_MISSING, "no contract names a customer of this id"),
		       HANDLED;
	item = item_of(rows, 0);
	json_array_foreach(json_object_get(item, "contracts"), i, contract)
	{
		insurer_named(contract, request);
		line_named(contract);
	}
	reply_json(request, 200, item);
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/customers", SCOPE_DOCUMENTS | WEIGHS(1), "q," PAGE_TAKES, 0,
	  customers_search },
	{ "GET", "/api/v1/customers/{customer}", SCOPE_DOCUMENTS, "", 0, customer_show },
};

const struct route_table route_customers = { routes, sizeof routes / sizeof *routes };
