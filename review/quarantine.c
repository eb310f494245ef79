/*
 * quarantine.c -- what an insurer sent and nobody could read: the sentence, the place, what can be done, and trying again. For
 * operators, too: no document and no name is in it.
 */
#include <string.h>

#include "api/audit.h"
#include "api/problem.h"
#include "base/text.h"
#include "ingest/kept_place.h"
#include "review/answer.h"
#include "review/review.h"
#include "review/row.h"

#define BODY_MOST 4096
#define ID_MOST   500
#define COUNT_MOST                                                                                 \
	(4                                                                                         \
	 << 20) /* bytes of an answer that are counted for the line; beyond, the byte says where */

#define SET(object, name, value) json_object_set_new(object, name, value)

static const struct page_key by_age[] = {
	{ "since_us", 'n', "0" },
	{ "connection", 't', "" },
	{ "shipment_id", 't', "" },
};

static json_t *place_json(const struct rows *rows, int row, const char *sentence,
			  struct blob_store *blobs)
{
	struct kept_place place;

	kept_place_find(&place, blobs, rows_text(rows, row, "raw"),
			rows_text(rows, row, "content_type"), sentence, COUNT_MOST);
	if (!place.known)
		return json_null();
	return json_pack("{s:I, s:o, s:o}", "byte", (json_int_t)place.byte, "line",
			 place.line ? json_integer((json_int_t)place.line) : json_null(), "column",
			 place.line ? json_integer((json_int_t)place.column) : json_null());
}

static const char *next_words(const json_t *item)
{
	if (json_is_true(json_object_get(item, "paused")))
		return "the connection is paused: resume it, then this can be tried again";
	if (json_is_string(json_object_get(item, "retry_asked_at")))
		return "it is tried again at the next poll, which is due now";
	if (json_is_true(json_object_get(item, "kept")))
		return "the answer is kept and was not acknowledged: read it again when its cause is mended";
	return "nothing was kept and it was not acknowledged: trying again fetches it anew";
}

static void sentence_put(json_t *item, const char *name, const char *name_de, const char *words)
{
	json_t *sentence = words ? sentence_json(words) : NULL;

	SET(item, name, sentence ? json_incref(json_object_get(sentence, "says")) : json_null());
	SET(item, name_de,
	    sentence ? json_incref(json_object_get(sentence, "says_de")) : json_null());
	json_decref(sentence);
}

/* blobs: to count lines in what was kept; NULL: the byte is enough. */
static json_t *delivery_json(struct request *request, const struct rows *rows, int row,
			     struct blob_store *blobs)
{
	json_t *item = item_of(rows, row);
	const char *kept = json_string_value(json_object_get(item, "sentence"));
	const char *sentence = kept ? talloc_strdup(request, kept) : NULL;

	insurer_named(item, request);
	SET(item, "place", place_json(rows, row, sentence, blobs));
	sentence_put(item, "sentence", "sentence_de", sentence);
	sentence_put(item, "next", "next_de", next_words(item));
	return item;
}

static json_t *listed(struct request *request, const struct rows *rows, int row)
{
	return delivery_json(request, rows, row, NULL);
}

static enum handled deliveries_list(struct request *request)
{
	const char *state = request_argument(request, "state");
	struct err e = { 0 };
	struct rows *rows;
	struct page page;

	if (state && strcmp(state, "quarantined") != 0)
		return problem(request, PROBLEM_ARGUMENT, "state is quarantined"), HANDLED;
	if (!page_read(&page, request, by_age, 3))
		return HANDLED;
	if (api_call(request->api, SQL_quarantine_list, &rows, request, &e, request->caller.broker,
		     request_argument(request, "connection"), NULL, page.key[0], page.key[1],
		     page.key[2], page.limit))
		page_answer(request, &page, rows, listed);
	else
		problem_of(request, &e);
	return HANDLED;
}

static bool missing(struct request *request)
{
	return problem_german(request, PROBLEM_MISSING, NULL,
			      "Diese Lieferung ist nicht in Quarantäne.",
			      "this delivery is not in quarantine");
}

static void delivery_answer(struct request *request, const char *shipment)
{
	const struct review *review = request->api->conf.review;
	struct err e = { 0 };
	struct rows *rows;

	if (!api_call(request->api, SQL_quarantine_list, &rows, request, &e, request->caller.broker,
		      request->param, shipment, "0", "", "", "1"))
		problem_of(request, &e);
	else if (!rows_count(rows))
		missing(request);
	else
		reply_json(request, 200, delivery_json(request, rows, 0, review->blobs));
}

static enum handled delivery_show(struct request *request)
{
	const char *shipment = request_argument(request, "shipment_id");

	if (!shipment)
		problem(request, PROBLEM_ARGUMENT, "shipment_id is missing");
	else
		delivery_answer(request, shipment);
	return HANDLED;
}

struct retry {
	struct request *request;
	const char *shipment;
};

static bool retry_work(struct db *db, void *arg, struct err *e)
{
	const struct retry *retry = arg;
	struct request *request = retry->request;
	struct rows *rows;

	if (!db_call(db, SQL_retry_ask, &rows, request, e, request->caller.broker, request->param,
		     retry->shipment, request->caller.by))
		return false;
	if (!rows_count(rows) || !text_equal(rows_text(rows, 0, "state"), "quarantined"))
		return err_set(e, ERR_MISSING, "it is not in quarantine");
	if (rows_bool(rows, 0, "paused"))
		return err_set(e, ERR_REFUSED, "connection %s is paused", request->param);
	return audit_note_with(db, request, "delivery.retry", retry->shipment, e);
}

static enum handled delivery_retry(struct request *request)
{
	struct retry retry = { request, NULL };
	struct err e = { 0 };

	if (!request_json(request, "shipment_id") ||
	    !json_take_text(&retry.shipment, request, "shipment_id", MUST, ID_MOST))
		return HANDLED;
	if (api_together(request->api, retry_work, &retry, &e))
		delivery_answer(request, retry.shipment);
	else if (e.kind == ERR_MISSING)
		missing(request);
	else if (e.kind == ERR_REFUSED)
		problem_german(request, PROBLEM_CONFLICT, NULL,
			       "Die Anbindung ist angehalten. Bitte zuerst fortsetzen.", "%s",
			       e.text);
	else
		problem_of(request, &e);
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/deliveries", SCOPE_INSURERS, "state,connection," PAGE_TAKES, 0,
	  deliveries_list },
	{ "GET", "/api/v1/deliveries/{connection}", SCOPE_INSURERS, "shipment_id", 0,
	  delivery_show },
	{ "POST", "/api/v1/deliveries/{connection}/retry", SCOPE_INSURERS, "", BODY_MOST,
	  delivery_retry },
};

const struct route_table route_quarantine = { routes, sizeof routes / sizeof *routes };
