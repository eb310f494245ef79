/* document.c -- one document as a clerk opens it: what came, what speaks for and against, what it may be, what was done. */
#include <string.h>

#include "api/audit.h"
#include "api/problem.h"
#include "base/text.h"
#include "base/uuid7.h"
#include "matcher/candidates.h"
#include "matcher/queue.h"
#include "model/media_type.h"
#include "review/candidates.h"
#include "review/document.h"
#include "review/row.h"

#define SET(object, name, value) json_object_set_new(object, name, value)

/* ---- finding it ---- */

static bool is_document_id(const char *text)
{
	return strlen(text) == UUID_TEXT_SIZE - 1 &&
	       strspn(text, "0123456789abcdef-") == UUID_TEXT_SIZE - 1 && text[8] == '-' &&
	       text[13] == '-' && text[18] == '-' && text[23] == '-' &&
	       strchr(text + 24, '-') == NULL;
}

bool document_open(struct opened *opened, struct request *request)
{
	const char *id = request->param;
	const char *ids[] = { id };

	if (!is_document_id(id))
		return problem_german(request, PROBLEM_MISSING, NULL,
				      "Dieses Dokument gibt es nicht.",
				      "there is no such document");
	if (!row_set_begin(&opened->set, request) ||
	    !row_set_load(&opened->set, request, text_array(ids, 1, request)))
		return false;
	if (!rows_count(opened->set.rows))
		return problem_german(request, PROBLEM_MISSING, NULL,
				      "Dieses Dokument gibt es nicht.",
				      "there is no such document");
	opened->document = row_stored(&opened->set, 0, request);
	return opened->document ||
	       problem(request, PROBLEM_INTERNAL, "what is stored of the document cannot be read");
}

bool review_problem(struct request *request, const struct err *e, json_t *more)
{
	static const struct {
		enum err_kind from;
		enum problem_kind to;
	} kinds[] = {
		{ ERR_USAGE, PROBLEM_CONTENT },
		{ ERR_MISSING, PROBLEM_MISSING },
		{ ERR_CONFLICT, PROBLEM_CONFLICT },
		{ ERR_REFUSED, PROBLEM_CONFLICT },
	};
	json_t *german;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i].from != e->kind)
			continue;
		german = sentence_json(e->text);
		problem_german(request, kinds[i].to, more,
			       json_string_value(json_object_get(german, "says_de")), "%s",
			       e->text);
		json_decref(german);
		return false;
	}
	json_decref(more);
	if (e->kind == ERR_RETRY)
		api_look(request->api, NULL); /* find the database again for the next one */
	return problem_of(request, e);
}

/* ---- what is shown ---- */

/* What whoever is about to open it should know: sentences. */
static json_t *warnings_json(const struct document *d)
{
	char *says = media_type_warning(d->name, d->declared_type, d->media_type, NULL);
	json_t *list = json_array();

	if (says)
		json_array_append_new(list, sentence_json(says));
	talloc_free(says);
	return list;
}

static json_t *facts_json(const struct stored *s)
{
	const struct document *d = s->transfer.documents;
	json_t *facts = stored_transfer(&s->transfer);
	json_t *document = json_object();

	SET(document, "name", text_json(d->name));
	SET(document, "media_type", text_json(d->media_type));
	SET(document, "declared_type", text_json(d->declared_type));
	SET(document, "warnings", warnings_json(d));
	SET(document, "kind", text_json(d->document_kind));
	SET(document, "description", text_json(d->description));
	SET(document, "created", text_json(d->created));
	SET(document, "sha256", text_json(d->sha256));
	SET(document, "link", text_json(d->link));
	SET(facts, "document", document);
	SET(facts, "shipment_id", text_json(s->shipment_id));
	SET(facts, "shipment", stored_shipment(&s->shipment));
	return facts;
}

static json_t *evidence_json(const struct stored *s)
{
	json_t *kept = s->evidence ? json_loads(s->evidence, 0, NULL) : NULL, *one;
	json_t *list = json_array();
	size_t i;

	json_array_foreach(kept, i, one)
	{
		const char *says = json_string_value(json_object_get(one, "says"));
		json_t *sentence = sentence_json(says ? says : "");

		json_object_set(sentence, "against", json_object_get(one, "against"));
		json_array_append_new(list, sentence);
	}
	json_decref(kept);
	return list;
}

/* Where it lies: {contract_id, customer_id, number, ...} each. */
static bool contracts_put(json_t *all, const struct opened *opened, struct request *request,
			  struct err *e)
{
	static const char *const columns[] = { "contract_id", "number", "printed_number",
					       "customer_id", "name",   "first_name" };
	const struct stored *s = opened->document;
	json_t *more = s->more ? json_loads(s->more, 0, NULL) : NULL, *list = json_array();
	const char **ids = talloc_array(request, const char *, json_array_size(more) + 1);
	struct rows *rows;
	bool ok;

	ids[0] = s->contract_id;
	for (size_t i = 0; i < json_array_size(more); i++)
		ids[i + 1] =
			json_string_value(json_object_get(json_array_get(more, i), "contract_id"));
	ok = !s->contract_id || db_call(opened->set.matcher.db, SQL_queue_candidates, &rows,
					request, e, opened->set.matcher.broker,
					text_array(ids, json_array_size(more) + 1, request));
	for (int i = 0; ok && s->contract_id && i < rows_count(rows); i++) {
		json_t *place = json_object();

		for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
			SET(place, columns[k], text_json(rows_text(rows, i, columns[k])));
		json_array_append_new(list, place);
	}
	json_decref(more);
	SET(all, "contracts", list);
	return ok;
}

static json_t *decision_json(const struct rows *rows, int i)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?}", "decision_id",
			 rows_text(rows, i, "decision_id"), "action", rows_text(rows, i, "action"),
			 "by", rows_text(rows, i, "decided_by"), "at", rows_text(rows, i, "at"),
			 "note", rows_text(rows, i, "note"), "contract_id",
			 rows_text(rows, i, "contract_id"), "reason", rows_text(rows, i, "reason"));
}

/* Decisions are a stack: is one left that no undo took? */
static bool undo_possible(const struct rows *rows)
{
	int depth = 0;

	for (int i = 0; i < rows_count(rows); i++)
		depth += strcmp(rows_text(rows, i, "action"), "undo") ? 1 : depth ? -1 : 0;
	return depth > 0;
}

static json_t *release_json(const struct rows *rows)
{
	if (!rows_count(rows))
		return json_null();
	return json_pack("{s:s, s:s, s:s?, s:b}", "state", rows_text(rows, 0, "state"), "rule",
			 rows_text(rows, 0, "rule"), "due_at", rows_text(rows, 0, "due_at"), "told",
			 rows_bool(rows, 0, "told"));
}

/* What was decided, what the customer hears of it, and whether it can be taken back before he does. */
static bool history_put(json_t *all, const struct opened *opened, struct request *request,
			struct err *e)
{
	const struct matcher *m = &opened->set.matcher;
	struct rows *decisions, *releases;
	json_t *list = json_array(), *release;
	bool possible;

	if (!db_call(m->db, SQL_decision_list, &decisions, request, e, m->broker,
		     opened->document->document_id) ||
	    !db_call(m->db, SQL_release_last, &releases, request, e, m->broker,
		     opened->document->document_id)) {
		json_decref(list);
		return false;
	}
	for (int i = 0; i < rows_count(decisions); i++)
		json_array_append_new(list, decision_json(decisions, i));
	possible = undo_possible(decisions);
	release = release_json(releases);
	SET(all, "decisions", list);
	SET(all, "release", release);
	SET(all, "undo",
	    json_pack("{s:b, s:O?}", "possible", possible, "until",
		      possible ? json_object_get(release, "due_at") : NULL));
	return true;
}

/* How looking into it ended; null: nobody did yet. */
static bool text_put(json_t *all, const struct opened *opened, struct request *request,
		     struct err *e)
{
	const struct matcher *m = &opened->set.matcher;
	struct rows *rows;

	if (!db_call(m->db, SQL_document_text_state, &rows, request, e, m->broker,
		     opened->document->document_id))
		return false;
	SET(all, "text",
	    rows_count(rows) ? json_pack("{s:s, s:I}", "state", rows_text(rows, 0, "state"),
					 "pages", (json_int_t)rows_int(rows, 0, "page_count"))
			     : json_null());
	return true;
}

bool document_json(json_t **all, struct opened *opened, struct request *request, struct err *e)
{
	struct stored *s = opened->document;
	json_t *candidates = NULL;

	*all = row_json(&opened->set, 0, s, request);
	SET(*all, "facts", facts_json(s));
	SET(*all, "evidence", evidence_json(s));
	SET(*all, "tier", json_string(s->tier));
	SET(*all, "decided_by", text_json(s->decided_by));
	SET(*all, "decided_at", text_json(s->decided_at));
	if (text_put(*all, opened, request, e) && contracts_put(*all, opened, request, e) &&
	    history_put(*all, opened, request, e))
		candidates = candidates_json(&opened->set.matcher, s, NULL, request, e);
	if (candidates) {
		SET(*all, "candidates", candidates);
		return true;
	}
	json_decref(*all);
	return false;
}

/* ---- the handlers ---- */

/* ahead: the page asks while a person looks at the document before it, and again when this one is really opened. Both are
 * noted, each as what it is: nobody sees a document that the audit log does not know of. */
static bool viewed_note(struct request *request, const struct opened *opened)
{
	const char *ahead = request_argument(request, "ahead");

	if (ahead && strcmp(ahead, "true") && strcmp(ahead, "false"))
		return problem(request, PROBLEM_ARGUMENT, "ahead: expected true or false");
	return audit_note(
		request, ahead && !strcmp(ahead, "true") ? "document.preloaded" : "document.viewed",
		opened->document->document_id);
}

static enum handled document_show(struct request *request)
{
	struct opened opened;
	struct err e = { 0 };
	json_t *all;

	if (!document_open(&opened, request) || !viewed_note(request, &opened))
		return HANDLED;
	if (document_json(&all, &opened, request, &e))
		reply_json(request, 200, all);
	else
		review_problem(request, &e, NULL);
	return HANDLED;
}

static enum handled candidates_show(struct request *request)
{
	struct opened opened;
	struct err e = { 0 };
	json_t *items;

	/* they name customers: a view like that of the document itself */
	if (!document_open(&opened, request) ||
	    !audit_note(request, "candidates.viewed", opened.document->document_id))
		return HANDLED;
	items = candidates_json(&opened.set.matcher, opened.document,
				request_argument(request, "contract_id"), request, &e);
	if (items)
		reply_json(request, 200, json_pack("{s:o}", "items", items));
	else
		review_problem(request, &e, NULL);
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/documents/{document}", SCOPE_DOCUMENTS, "ahead", 0, document_show },
	{ "GET", "/api/v1/documents/{document}/candidates", SCOPE_DOCUMENTS, "contract_id", 0,
	  candidates_show },
};

const struct route_table route_document = { routes, sizeof routes / sizeof *routes };
