#include "api/feedback.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/feedback_read.h"
#include "api/problem.h"
#include "base/clock.h"
#include "events/cloudevent.h"
#include "events/letter.h"
#include "events/signature_check.h"

/* What a media type is before its parameters. */
static bool type_is(const char *type, const char *expected)
{
	size_t len = strlen(expected);

	return !strncasecmp(type, expected, len) && (!type[len] || strchr("; \t", type[len]));
}

static bool form_of(bool *batch, struct request *request)
{
	const char *type = request_header(request, "Content-Type");

	*batch = type && type_is(type, CLOUDEVENT_BATCH_TYPE);
	return *batch || (type && type_is(type, CLOUDEVENT_MEDIA_TYPE)) ||
	       problem(request, PROBLEM_MEDIA_TYPE_NOT,
		       "expected Content-Type: " CLOUDEVENT_MEDIA_TYPE
		       " or " CLOUDEVENT_BATCH_TYPE);
}

static bool signed_by_consumer(struct request *request)
{
	const struct caller *caller = &request->caller;
	struct signed_text text = {
		.id = request_header(request, "webhook-id"),
		.timestamp = request_header(request, "webhook-timestamp"),
		.signature = request_header(request, "webhook-signature"),
		.body = request->body,
		.len = request->len,
	};
	struct secrets *secrets;
	struct err e = { 0 };

	if (!caller->consumer || !caller->secret_file)
		return problem(
			request, PROBLEM_SCOPE,
			"the token is bound to no consumer with a secret; `vorpost token add NAME "
			"--scope feedback --consumer NAME --secret-file FILE` makes one that is");
	secrets = secrets_read(caller->secret_file, request, &e);
	if (!secrets)
		return problem_of(request, &e);
	return signature_check(secrets, &text, clock_wall_ms() / 1000, &e) ||
	       problem(request, PROBLEM_SIGNATURE, "%s", e.text);
}

/* One request's feedback on its way into the database. */
struct taking {
	struct request *request;
	char *text; /* the rows as JSON */
	struct rows *stored;
};

/* Letters that arrived teach when letters come (events/letter.h). */
static bool letters_observe(struct db *db, const struct taking *taking, struct err *e)
{
	const struct request *request = taking->request;
	json_t *letters = json_loads(rows_text(taking->stored, 0, "letters"), 0, NULL), *letter;
	bool ok = true;
	size_t i;

	json_array_foreach(letters, i, letter)
	{
		struct letter_arrival arrival = {
			.document_id = json_string_value(json_object_get(letter, "document_id")),
			.arrived_on = json_string_value(json_object_get(letter, "arrived_on")),
			.source = request->caller.consumer,
		};

		ok = ok && letter_observe(db, request->caller.broker, &arrival, NULL, e);
	}
	json_decref(letters);
	return ok;
}

static bool taking_store(struct db *db, void *arg, struct err *e)
{
	struct taking *taking = arg;
	struct request *request = taking->request;

	return db_call(db, SQL_feedback_add, &taking->stored, request, e, request->caller.broker,
		       request->caller.consumer, request_header(request, "webhook-id"),
		       taking->text) &&
	       letters_observe(db, taking, e);
}

static void stored_answer(struct request *request, const struct rows *rows, size_t given)
{
	const char *unknown = rows_text(rows, 0, "unknown");
	size_t stored = (size_t)rows_int(rows, 0, "stored");

	if (unknown)
		problem(request, PROBLEM_CONTENT,
			"event %s: the %s that it names is not known here; nothing was stored",
			rows_text(rows, 0, "unknown_no"), unknown);
	else
		reply_text(request, 200, "application/json",
			   talloc_asprintf(request, "{\"stored\":%zu,\"repeated\":%zu}", stored,
					   given - stored));
}

static void rows_store(struct request *request, const json_t *rows)
{
	struct taking taking = { .request = request, .text = json_dumps(rows, JSON_COMPACT) };
	struct err e = { 0 };
	bool ok = api_together(request->api, taking_store, &taking, &e);

	free(taking.text);
	if (ok)
		stored_answer(request, taking.stored, json_array_size(rows));
	else if (e.kind == ERR_DELIVERY) /* a NUL within JSON */
		problem(request, PROBLEM_CONTENT, "a value holds what cannot be stored");
	else
		problem_of(request, &e);
}

enum handled feedback_take(struct request *request)
{
	json_t *rows = NULL;
	struct err e = { 0 };
	bool batch;

	if (!form_of(&batch, request) || !signed_by_consumer(request))
		return HANDLED;
	if (!feedback_read(&rows, request->body, request->len, batch, clock_wall_ms(), &e))
		return problem(request, PROBLEM_CONTENT, "%s", e.text), HANDLED;
	rows_store(request, rows);
	json_decref(rows);
	return HANDLED;
}
