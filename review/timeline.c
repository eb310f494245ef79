/* timeline.c -- what happened with a customer's contracts, from the arrival of a document to the letter. */
#include <string.h>

#include "api/problem.h"
#include "model/event.h"
#include "model/verdict.h"
#include "review/answer.h"
#include "review/review.h"

/* What the statement calls it, and what people do. Vorpost tells the customer (Mitteilung: an event); what the push service then
 * sends to his phone is a push message (Push-Nachricht), of which it tells us by feedback. */
static const struct {
	const char *what, *english, *german;
} told[] = {
	{ "arrived", "a document came", "Dokument eingegangen" },
	{ "filed", "filed by Vorpost", "automatisch zugeordnet" },
	{ "assign", "filed by a person", "von Hand zugeordnet" },
	{ "create", "contract made and filed by a person", "Vertrag angelegt und zugeordnet" },
	{ "ignore", "set aside by a person", "ausgesondert" },
	{ "postpone", "postponed", "zurückgestellt" },
	{ "hand_over", "handed to a colleague", "an Kollegen übergeben" },
	{ "undo", "decision taken back", "Entscheidung zurückgenommen" },
	{ "waiting", "release waits", "Freigabe wartet" },
	{ "released", "released to the customer", "für den Kunden freigegeben" },
	{ "withheld", "withheld from the customer", "für den Kunden zurückgehalten" },
	{ "withdrawn", "taken back from the customer", "beim Kunden zurückgenommen" },
	{ "document.released", "the customer is told of a document",
	  "Mitteilung an den Kunden: Dokument" },
	{ "policy.issued", "the customer is told of a policy", "Mitteilung an den Kunden: Police" },
	{ "invoice.issued", "the customer is told of an invoice",
	  "Mitteilung an den Kunden: Rechnung" },
	{ "endorsement.issued", "the customer is told of an endorsement",
	  "Mitteilung an den Kunden: Nachtrag" },
	{ "arrears.notified", "the customer is told of arrears",
	  "Mitteilung an den Kunden: Rückstand" },
	{ "cancellation.confirmed", "the customer is told of a cancellation",
	  "Mitteilung an den Kunden: Kündigung" },
	{ "claim.document.added", "the customer is told of news about a claim",
	  "Mitteilung an den Kunden: Schaden" },
	{ "document.withdrawn", "the customer is told that a document no longer holds",
	  "Mitteilung an den Kunden: ein Dokument gilt nicht mehr" },
	{ "document.reassigned", "the customer is told that a document was not his",
	  "Mitteilung an den Kunden: ein Dokument gehörte nicht zu ihm" },
	{ "notification.accepted", "the push service took the push message",
	  "Push-Nachricht vom Push-Dienst angenommen" },
	{ "notification.failed", "the push message could not be delivered",
	  "Push-Nachricht nicht zustellbar" },
	{ "reachability.gained", "the customer can be pushed", "Kunde ist per Push erreichbar" },
	{ "reachability.lost", "the customer can no longer be pushed",
	  "Kunde ist nicht mehr per Push erreichbar" },
	{ "document.opened", "the customer opened the document",
	  "Kunde hat das Dokument geöffnet" },
	{ "letter", "the letter came", "Brief eingetroffen" },
};

/* By what it was filed, in words. */
static void tier_told(json_t *item)
{
	const char *tier = json_string_value(json_object_get(item, "detail"));

	for (int i = TIER_NONE; tier && i < TIERS; i++) {
		if (strcmp(tier_text((enum tier)i), tier) != 0)
			continue;
		json_object_set_new(item, "detail", json_string(tier_in_english((enum tier)i)));
		json_object_set_new(item, "detail_de", json_string(tier_in_words((enum tier)i)));
		return;
	}
	json_object_set(item, "detail_de", json_object_get(item, "detail"));
}

static json_t *timeline_item(struct request *request, const struct rows *rows, int row)
{
	const char *what = rows_text(rows, row, "what"), *english = what, *german = what;
	json_t *item = item_of(rows, row);

	(void)request;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (!strcmp(told[i].what, what)) {
			english = told[i].english;
			german = told[i].german;
		}
	if (!strcmp(what, "filed"))
		tier_told(item);
	else
		json_object_set(item, "detail_de", json_object_get(item, "detail"));
	json_object_set_new(item, "kind", json_string(rows_text(rows, row, "kind")));
	json_object_set_new(item, "words", json_string(english));
	json_object_set_new(item, "words_de", json_string(german));
	return item;
}

static bool customer_known(struct request *request)
{
	struct rows *rows = NULL;
	struct err e = { 0 };

	if (!api_call(request->api, SQL_customer_known, &rows, request, &e, request->caller.broker,
		      request->param))
		return problem_of(request, &e);
	return rows_bool(rows, 0, "known") ||
	       problem(request, PROBLEM_MISSING, "no contract names a customer of this id");
}

static enum handled timeline_show(struct request *request)
{
	static const struct page_key keys[] = { { "at_us", 'n', "9007199254740991" },
						{ "id", 't', "" } };
	struct rows *rows = NULL;
	struct err e = { 0 };
	struct page page;
	char *types;

	if (!page_read(&page, request, keys, 2) || !customer_known(request))
		return HANDLED;
	if (!event_types_array(&types, "customer", request, &e) ||
	    !api_call(request->api, SQL_customer_timeline, &rows, request, &e,
		      request->caller.broker, request->param, page.key[0], page.key[1], types,
		      page.limit))
		problem_of(request, &e);
	else
		page_answer(request, &page, rows, timeline_item);
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/customers/{customer}/timeline", SCOPE_DOCUMENTS | WEIGHS(1), PAGE_TAKES,
	  0, timeline_show },
};

const struct route_table route_timeline = { routes, sizeof routes / sizeof *routes };
