/* contracts.c -- the stock: search by number in any spelling, by plate, birth date, the beginning of a name, customer or insurer; one
 * contract. */
#include <string.h>

#include "api/problem.h"
#include "base/text.h"
#include "normalizers/key.h"
#include "review/answer.h"
#include "review/review.h"
#include "review/search.h"

static json_t *contract_item(struct request *request, const struct rows *rows, int row)
{
	json_t *item = item_of(rows, row);

	insurer_named(item, request);
	line_named(item);
	return item;
}

static const struct page_key by_key[] = { { "key", 't', "" }, { "contract_id", 't', "" } };
static const struct page_key by_name[] = { { "folded", 't', "" },
					   { "customer", 't', "" },
					   { "contract_id", 't', "" } };
static const struct page_key by_id[] = { { "contract_id", 't', "" } };

static enum handled page_of(struct request *request, const struct page *page, enum sql statement,
			    int count, const char *const *values)
{
	struct rows *rows = NULL;
	struct err e = { 0 };

	if (!api_run(request->api, statement, count, values, &rows, request, &e))
		problem_of(request, &e);
	else
		page_answer(request, page, rows, contract_item);
	return HANDLED;
}

static enum handled search_number(struct request *request, const struct search *search)
{
	struct page page;

	if (!page_read(&page, request, by_key, 2))
		return HANDLED;
	return page_of(request, &page, SQL_contract_search_number, 9,
		       (const char *const[]){ request->caller.broker, search->text,
					      *search->key ? search->key : NULL,
					      request_argument(request, "issuer"), page.key[0],
					      page.key[1], page.limit, search->day,
					      search->plate });
}

static enum handled search_name(struct request *request, const struct search *search)
{
	struct page page;

	if (!page_read(&page, request, by_name, 3))
		return HANDLED;
	return page_of(request, &page, SQL_contract_search_name, 9,
		       (const char *const[]){ request->caller.broker, search->text, search->surname,
					      search->first_name,
					      request_argument(request, "issuer"), page.key[0],
					      page.key[1], page.key[2], page.limit });
}

/* Without a question: all, those of an insurer, those of a customer. */
static enum handled list(struct request *request)
{
	const char *customer = request_argument(request, "customer_id"),
		   *issuer = request_argument(request, "issuer");
	const char *broker = request->caller.broker;
	bool by_number = issuer && !customer;
	struct page page;

	if (!page_read(&page, request, by_number ? by_key : by_id, by_number ? 2 : 1))
		return HANDLED;
	if (customer)
		return page_of(
			request, &page, SQL_contract_search_customer, 5,
			(const char *const[]){ broker, customer, issuer, page.key[0], page.limit });
	if (issuer)
		return page_of(request, &page, SQL_contract_search_issuer, 5,
			       (const char *const[]){ broker, issuer, page.key[0], page.key[1],
						      page.limit });
	return page_of(request, &page, SQL_contract_search_all, 3,
		       (const char *const[]){ broker, page.key[0], page.limit });
}

static enum handled contracts_search(struct request *request)
{
	const char *q = request_argument(request, "q");
	struct search search;

	if (!q || text_empty(q))
		return list(request);
	if (request_argument(request, "customer_id")) {
		problem(request, PROBLEM_ARGUMENT, "q and customer_id exclude each other");
		return HANDLED;
	}
	if (!search_read(&search, request, q))
		return HANDLED;
	return *search.key || search.day || search.plate ? search_number(request, &search)
							 : search_name(request, &search);
}

/* ---- one ---- */

static const char *taken(json_t *item, const char *member, TALLOC_CTX *mem)
{
	const char *text = talloc_strdup(mem, json_string_value(json_object_get(item, member)));

	json_object_del(item, member);
	return text;
}

static void documents_classed(struct request *request, json_t *documents)
{
	json_t *document;
	size_t i;

	json_array_foreach(documents, i, document)
	{
		const char *business_case = taken(document, "business_case", request);
		const char *category = taken(document, "category", request);

		json_object_set_new(
			document, "business_class",
			class_json(business_case, category, taken(document, "kind", request)));
	}
}

static enum handled contract_show(struct request *request)
{
	struct rows *rows = NULL;
	struct err e = { 0 };
	json_t *item;

	if (!api_call(request->api, SQL_contract_detail, &rows, request, &e, request->caller.broker,
		      request->param))
		return problem_of(request, &e), HANDLED;
	if (!rows_count(rows))
		return problem(request, PROBLEM_MISSING, "there is no contract of this id"),
		       HANDLED;
	item = contract_item(request, rows, 0);
	documents_classed(request, json_object_get(item, "documents"));
	reply_json(request, 200, item);
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/contracts", SCOPE_DOCUMENTS | WEIGHS(1),
	  "q,issuer,customer_id," PAGE_TAKES, 0, contracts_search },
	{ "GET", "/api/v1/contracts/{contract}", SCOPE_DOCUMENTS, "", 0, contract_show },
};

const struct route_table route_contracts = { routes, sizeof routes / sizeof *routes };
