/* text.c -- the words of a document with their places, as who looked into it found them (ingest/inspect.h). */
#include "api/audit.h"
#include "api/problem.h"
#include "review/clues.h"
#include "review/document.h"
#include "review/highlight.h"

/* Behind the delivered numbers, where the text speaks of contracts that it did not name. */
static bool clues_highlight(json_t *highlights, const struct matcher *matcher,
			    const struct facts *facts, const json_t *pages, TALLOC_CTX *mem,
			    struct err *e)
{
	struct clues *clues;

	if (!clues_find(&clues, matcher, facts, pages, mem, e))
		return false;
	for (size_t i = 0; i < clues->count && i < CLUES_MOST; i++)
		if (clues->items[i].box)
			json_array_append_new(highlights,
					      json_pack("{s:i, s:O, s:s, s:s}", "page",
							clues->items[i].page, "box",
							clues->items[i].box, "number",
							clues->items[i].spelling, "contract_id",
							clues->items[i].contract->contract_id));
	return true;
}

/* Nobody looked into it yet, or there are no words in it: no pages. */
static enum handled text_show(struct request *request)
{
	struct opened opened;
	struct err e = { 0 };
	struct rows *rows;
	json_t *pages = NULL, *highlights;
	const struct facts *facts;

	if (!document_open(&opened, request) ||
	    !audit_note(request, "document.read", opened.document->document_id))
		return HANDLED;
	if (!db_call(opened.set.matcher.db, SQL_document_text, &rows, request, &e,
		     opened.set.matcher.broker, opened.document->document_id)) {
		review_problem(request, &e, NULL);
		return HANDLED;
	}
	if (rows_count(rows))
		pages = json_loads(rows_text(rows, 0, "pages"), 0, NULL);
	if (!json_is_array(pages)) {
		json_decref(pages);
		pages = json_array();
	}
	facts = stored_facts(opened.document, &opened.set.matcher);
	highlights = highlights_json(pages, facts, opened.set.matcher.insurers);
	if (!clues_highlight(highlights, &opened.set.matcher, facts, pages, request, &e)) {
		json_decref(pages);
		json_decref(highlights);
		review_problem(request, &e, NULL);
		return HANDLED;
	}
	reply_json(request, 200, json_pack("{s:o, s:o}", "pages", pages, "highlights", highlights));
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/documents/{document}/text", SCOPE_DOCUMENTS, "", 0, text_show },
};

const struct route_table route_text = { routes, sizeof routes / sizeof *routes };
