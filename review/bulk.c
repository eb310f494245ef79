/*
 * bulk.c -- one decision about many documents. Each is a transaction of its own: what is refused stays as it is and says why,
 * the others are done. A preview does and checks the same, and takes it back.
 */
#include <string.h>
#include <strings.h>

#include "api/problem.h"
#include "base/text.h"
#include "matcher/candidates.h"
#include "matcher/objections.h"
#include "matcher/queue.h"
#include "review/answer.h"
#include "review/colleague.h"
#include "review/document.h"
#include "review/effects.h"
#include "review/news.h"
#include "review/row.h"
#include "review/trail.h"

#define BODY_MOST      (64 * 1024)
#define DOCUMENTS_MOST 200
#define TEXT_MOST      200
#define NOTE_MOST      2000

static const struct {
	const char *name;
	queue_act *act;
} actions[] = {
	{ "assign", queue_assign },     { "ignore", queue_ignore },
	{ "postpone", queue_postpone }, { "hand-over", queue_hand_over },
	{ "undo", queue_undo },
};

#define ACTIONS (sizeof actions / sizeof *actions)

struct bulk {
	struct decision decision; /* of each */
	const char *name;
	queue_act *act;
	const json_t *documents;
	struct trail trail;
	struct rows *target; /* preview of assign: the contract */
	int done, refused, others;
};

static bool action_read(struct bulk *bulk, struct request *request)
{
	if (!json_take_text(&bulk->name, request, "action", MUST, TEXT_MOST))
		return false;
	for (size_t i = 0; i < ACTIONS; i++)
		if (!strcmp(actions[i].name, bulk->name)) {
			bulk->act = actions[i].act;
			return bulk->act != queue_assign || bulk->decision.contract ||
			       problem(request, PROBLEM_CONTENT, "contract_id is missing");
		}
	return problem(request, PROBLEM_CONTENT,
		       "action is assign, ignore, postpone, hand-over or undo");
}

static const char *id_of(const struct bulk *bulk, size_t i)
{
	return json_string_value(
		json_object_get(json_array_get(bulk->documents, i), "document_id"));
}

/* The second decision about one document would undo the sight of the first. */
static bool documents_differ(const struct bulk *bulk, struct request *request)
{
	size_t count = json_array_size(bulk->documents);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (!strcasecmp(id_of(bulk, i), id_of(bulk, k)))
				return problem_german(
					request, PROBLEM_CONTENT,
					json_pack("{s:o}", "member",
						  json_sprintf("documents[%zu].document_id", i)),
					"Ein Dokument ist zweimal ausgewählt.",
					"documents[%zu] is named twice", i);
	return true;
}

/* What speaks against it is confirmed for each document by itself: a list for all of them would be read by nobody. */
static bool confirm_read(unsigned *confirmed, const json_t *document)
{
	const json_t *list = json_object_get(document, "confirm");
	bool ok = !list || json_is_array(list);

	*confirmed = 0;
	for (size_t i = 0; ok && i < json_array_size(list); i++)
		ok = objection_read(confirmed, json_string_value(json_array_get(list, i)));
	return ok;
}

/* The first member that is none of a document's, else NULL. */
static const char *member_unknown(const json_t *document)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)document, name, value)
	{
		if (strcmp(name, "document_id") && strcmp(name, "version") &&
		    strcmp(name, "confirm"))
			return name;
	}
	return NULL;
}

static bool documents_read(struct bulk *bulk, struct request *request)
{
	unsigned confirmed;
	size_t count, i;
	json_t *one;

	bulk->documents = json_object_get(request->json, "documents");
	count = json_array_size(bulk->documents);
	if (!count || count > DOCUMENTS_MOST)
		return problem_german(request, PROBLEM_CONTENT, NULL,
				      "Bitte zwischen 1 und 200 Dokumente auswählen.",
				      "documents is a list of 1 to %d", DOCUMENTS_MOST);
	json_array_foreach(bulk->documents, i, one)
	{
		const char *id = id_of(bulk, i);
		json_int_t version = json_integer_value(json_object_get(one, "version"));

		if (!id || strlen(id) != UUID_TEXT_SIZE - 1 || version < 1 || version > INT32_MAX)
			return problem(request, PROBLEM_CONTENT,
				       "documents[%zu] has no document_id or no version", i);
		if (member_unknown(one))
			return problem(request, PROBLEM_CONTENT,
				       "documents[%zu]: %s is not known here", i,
				       text_shown(member_unknown(one), TEXT_MOST, request));
		if (!confirm_read(&confirmed, one))
			return problem(request, PROBLEM_CONTENT, "documents[%zu].confirm knows %s",
				       i, objections_join(~0U, objection_text, ", ", request));
	}
	return documents_differ(bulk, request);
}

static bool bulk_read(struct bulk *bulk, struct request *request)
{
	struct decision *d = &bulk->decision;

	return request_json(request,
			    "action,documents,contract_id,alias,reason,until,to,note,preview") &&
	       json_take_text(&d->contract, request, "contract_id", MAY, TEXT_MOST) &&
	       json_take_text(&d->reason, request, "reason", MAY, TEXT_MOST) &&
	       json_take_text(&d->until, request, "until", MAY, TEXT_MOST) &&
	       json_take_text(&d->to, request, "to", MAY, TEXT_MOST) &&
	       json_take_text(&d->note, request, "note", MAY, NOTE_MOST) &&
	       json_take_flag(&d->dry_run, request, "preview", false) &&
	       json_take_flag(&d->no_alias, request, "alias", false) &&
	       (d->no_alias = !d->no_alias, true) && action_read(bulk, request) &&
	       documents_read(bulk, request) && colleague_check(request, d->to);
}

static json_t *refused_json(const char *id, const struct decided *decided, const struct err *e)
{
	json_t *said = sentence_json(e->text);
	json_t *item = json_pack("{s:s, s:b, s:O, s:O}", "document_id", id, "refused", true, "why",
				 json_object_get(said, "says"), "why_de",
				 json_object_get(said, "says_de"));

	json_decref(said);
	if (decided->objections)
		json_object_set_new(item, "confirm", objections_json(decided->objections));
	return item;
}

/* What filing it would do, told as beside a candidate. */
static bool effects_put(json_t *item, const struct bulk *bulk, const struct matcher *matcher,
			const struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	const struct effects_at at = {
		.contract_id = bulk->decision.contract,
		.customer_id = rows_text(bulk->target, 0, "customer_id"),
		.number = rows_text(bulk->target, 0, "number"),
		.printed_number = rows_text(bulk->target, 0, "printed_number"),
	};
	struct effects effects;
	json_t *json;

	if (!effects_load(&effects, matcher, decided->document, mem, e))
		return false;
	json = effects_json(&effects, &at, e);
	json_object_set_new(item, "effects", json);
	json_object_set_new(item, "alias", json_boolean(decided->alias));
	return json != NULL;
}

static json_t *target_json(const struct bulk *bulk, const struct request *request)
{
	static const char *const columns[] = { "contract_id", "number", "printed_number",
					       "customer_id", "name",   "first_name" };
	json_t *target = json_object();

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		json_object_set_new(target, columns[i],
				    text_json(rows_text(bulk->target, 0, columns[i])));
	json_object_set_new(target, "insurer",
			    insurer_json(request, rows_text(bulk->target, 0, "issuer")));
	return target;
}

/* A preview of filing says where to. */
static bool target_load(struct bulk *bulk, const struct matcher *matcher, struct request *request)
{
	struct err e = { 0 };

	if (bulk->act != queue_assign || !bulk->decision.dry_run)
		return true;
	if (!db_call(matcher->db, SQL_queue_candidates, &bulk->target, request, &e, matcher->broker,
		     text_array(&bulk->decision.contract, 1, request)))
		return review_problem(request, &e, NULL);
	if (!rows_count(bulk->target))
		bulk->target = NULL; /* each of them says that there is none */
	return true;
}

/* With the version that it has made of the document: an undo names it. */
static json_t *done_json(const struct bulk *bulk, const struct decided *decided)
{
	bool would = bulk->decision.dry_run;
	json_t *item = json_pack("{s:s, s:s, s:i}", "document_id", bulk->decision.document,
				 would ? "would" : "done", bulk->name, "others", decided->others);

	if (!would)
		json_object_set_new(item, "version", json_integer(decided->document->version + 1));
	return item;
}

/* False: the database is away, and the rest is not tried. */
static bool one(json_t *items, struct bulk *bulk, const struct matcher *matcher,
		struct request *request, const json_t *document, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(request);
	struct decided decided;
	struct err why = { 0 };
	json_t *item;
	bool ok;

	bulk->decision.document = json_string_value(json_object_get(document, "document_id"));
	bulk->decision.version = (int)json_integer_value(json_object_get(document, "version"));
	confirm_read(&bulk->decision.confirmed, document);
	ok = bulk->act(matcher, &bulk->decision, &decided, mem, &why);
	if (ok) {
		bulk->done++;
		bulk->others += decided.others;
		item = done_json(bulk, &decided);
		json_array_append_new(items, item);
		if (bulk->target && !effects_put(item, bulk, matcher, &decided, mem, &why))
			err_set(e, why.kind, "%s", why.text);
		if (!bulk->decision.dry_run)
			news_tell(request, "decided", bulk->decision.document);
	} else if (why.kind == ERR_USAGE || why.kind == ERR_MISSING || why.kind == ERR_CONFLICT ||
		   why.kind == ERR_REFUSED) {
		bulk->refused++;
		json_array_append_new(items, refused_json(bulk->decision.document, &decided, &why));
		ok = true;
	} else {
		err_set(e, why.kind, "%s", why.text);
	}
	talloc_free(mem);
	return ok;
}

/*
 * What is done stays done and has to be told. Of the document at which it broke off, mostly for want of the database, nobody knows;
 * whoever comes after it was not tried.
 */
static void rest_refuse(json_t *items, struct bulk *bulk, const struct request *request,
			const struct err *e)
{
	const struct api_conf *conf = &request->api->conf;
	static const struct decided nothing;
	size_t broken = json_array_size(items);

	for (size_t i = broken; i < json_array_size(bulk->documents); i++) {
		struct err why = { 0 };

		err_set(&why, ERR_RETRY,
			i > broken
				? "not tried: it broke off at a document before"
				: "it broke off here: whether it was decided is seen when it is looked at again");
		json_array_append_new(items, refused_json(id_of(bulk, i), &nothing, &why));
		bulk->refused++;
	}
	if (e->kind != ERR_RETRY && conf->tell)
		conf->tell(conf->tell_arg, request->path, e);
}

static enum handled bulk_do(struct request *request)
{
	struct bulk bulk = { .decision = { .by = request->caller.by } };
	json_t *items = json_array(), *document;
	struct matcher matcher;
	struct err e = { 0 };
	bool ok = bulk_read(&bulk, request) && review_matcher(&matcher, request) &&
		  target_load(&bulk, &matcher, request);
	size_t i;

	trail_begin(&bulk.trail, &bulk.decision, request,
		    talloc_asprintf(request, "document.%s", bulk.name));
	json_array_foreach((json_t *)bulk.documents, i, document)
	{
		if (!ok || e.kind)
			break;
		one(items, &bulk, &matcher, request, document, &e);
	}
	if (ok && e.kind && bulk.done && !bulk.decision.dry_run) {
		rest_refuse(items, &bulk, request, &e);
		e = (struct err){ 0 };
	}
	if (!ok || e.kind) {
		json_decref(items);
		if (ok)
			review_problem(request, &e, NULL);
		return HANDLED;
	}
	reply_json(request, 200,
		   json_pack("{s:o, s:{s:i, s:i, s:i}, s:b, s:o}", "items", items, "totals",
			     bulk.decision.dry_run ? "would" : "done", bulk.done, "refused",
			     bulk.refused, "others", bulk.others, "preview", bulk.decision.dry_run,
			     "contract", bulk.target ? target_json(&bulk, request) : json_null()));
	return HANDLED;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/bulk", SCOPE_DECISIONS | WEIGHS(5), "", BODY_MOST, bulk_do },
};

const struct route_table route_bulk = { routes, sizeof routes / sizeof *routes };
