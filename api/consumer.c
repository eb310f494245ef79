#include "api/consumer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/audit.h"
#include "api/feed.h"
#include "api/problem.h"

#define JSON_TYPE "application/json"

/* The words are the same whether the other one exists or not. */
static bool mine(struct request *request)
{
	const char *consumer = request->caller.consumer;

	if (!consumer)
		return problem(
			request, PROBLEM_SCOPE,
			"the token is bound to no consumer; `vorpost token add NAME --consumer "
			"NAME` makes one that is");
	return !strcmp(consumer, request->param) ||
	       problem(request, PROBLEM_SCOPE,
		       "the token is bound to the consumer %s, not to this one", consumer);
}

static bool consumer_load(struct rows **rows, struct request *request)
{
	struct api *api = request->api;
	struct err e = { 0 };

	if (!mine(request))
		return false;
	if (!api_look(api, &e) || !api_call(api, SQL_consumer_find, rows, request, &e,
					    request->caller.broker, request->param))
		return problem_of(request, &e);
	return rows_count(*rows) == 1 ||
	       problem(request, PROBLEM_MISSING,
		       "the consumer %s was removed; a new token bound to it makes it again",
		       request->caller.consumer);
}

static enum handled position_answer(struct request *request, int64_t position, const char *acked_at)
{
	const struct api *api = request->api;
	json_t *body = json_pack("{s:s, s:I, s:I, s:I, s:s?}", "consumer", request->param,
				 "position", (json_int_t)position, "head", (json_int_t)api->head,
				 "oldest", (json_int_t)api->oldest, "acked_at", acked_at);

	reply_json(request, 200, body);
	return HANDLED;
}

enum handled consumer_show(struct request *request)
{
	struct rows *rows = NULL;

	if (!consumer_load(&rows, request))
		return HANDLED;
	return position_answer(request, rows_int(rows, 0, "position"),
			       rows_text(rows, 0, "acked_at"));
}

enum handled consumer_events(struct request *request)
{
	struct rows *rows = NULL;

	if (request->state) /* it waited; what it asked for is known */
		return feed_serve(request, 0);
	if (!consumer_load(&rows, request))
		return HANDLED;
	return feed_serve(request, rows_int(rows, 0, "position"));
}

/* ---- acknowledging ---- */

static bool says_json(struct request *request)
{
	const char *type = request_header(request, "Content-Type");

	return (type && !strncasecmp(type, JSON_TYPE, strlen(JSON_TYPE))) ||
	       problem(request, PROBLEM_MEDIA_TYPE_NOT, "expected Content-Type: " JSON_TYPE);
}

static bool ack_read(int64_t *position, bool *reset, struct request *request)
{
	json_t *body = json_loadb(request->body, request->len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *number = json_object_get(body, "position");
	const json_t *back = json_object_get(body, "reset");
	size_t known = (number != NULL) + (back != NULL);
	bool ok = json_is_object(body) && json_is_integer(number) &&
		  json_integer_value(number) >= 0 && (!back || json_is_boolean(back)) &&
		  json_object_size(body) == known;

	*position = json_integer_value(number);
	*reset = json_is_true(back);
	json_decref(body);
	return ok || problem(request, PROBLEM_CONTENT,
			     "expected {\"position\": N} with a whole number from 0, and perhaps "
			     "\"reset\": true");
}

static enum handled back_refused(struct request *request, int64_t asked, int64_t position)
{
	problem_more(request, PROBLEM_CURSOR_BACK,
		     json_pack("{s:I}", "position", (json_int_t)position),
		     "position %" PRId64 " is acknowledged already, so %" PRId64
		     " goes back; \"reset\": true does that",
		     position, asked);
	return HANDLED;
}

struct back {
	struct request *request;
	const char *position;
	struct rows *rows;
};

static bool back_work(struct db *db, void *arg, struct err *e)
{
	struct back *back = arg;
	struct request *request = back->request;

	return db_call(db, SQL_consumer_ack, &back->rows, request, e, request->caller.broker,
		       request->param, back->position, "true") &&
	       audit_note_with(db, request, "consumer.reset", request->param, e);
}

/* Going on is a consumer's daily work; being set back is what somebody may ask about. */
static bool set_back(struct rows **rows, struct request *request, const char *position,
		     struct err *e)
{
	struct back back = { request, position, NULL };

	if (!api_together(request->api, back_work, &back, e))
		return false;
	*rows = back.rows;
	return true;
}

enum handled consumer_ack(struct request *request)
{
	struct api *api = request->api;
	struct rows *rows = NULL;
	struct err e = { 0 };
	int64_t asked, position;
	char text[24];
	bool reset;

	if (!says_json(request) || !ack_read(&asked, &reset, request) ||
	    !consumer_load(&rows, request))
		return HANDLED;
	if (asked > api->head || reset) {
		if (!feed_cursor(request, asked))
			return HANDLED;
	}
	snprintf(text, sizeof text, "%" PRId64, asked);
	if (!(reset ? set_back(&rows, request, text, &e)
		    : api_call(api, SQL_consumer_ack, &rows, request, &e, request->caller.broker,
			       request->param, text, "false")))
		return problem_of(request, &e), HANDLED;
	position = rows_count(rows) ? rows_int(rows, 0, "position") : asked;
	if (position > asked)
		return back_refused(request, asked, position);
	return position_answer(request, position, rows_text(rows, 0, "acked_at"));
}
