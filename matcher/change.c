#include "matcher/change.h"

#include <stdlib.h>

#include "base/text.h"
#include "matcher/notice.h"

static const char *said(const json_t *verdict, const char *member)
{
	return json_string_value(json_object_get(verdict, member));
}

static struct notice notice_of(const struct stored *s, const struct facts *facts)
{
	return (struct notice){
		.document_id = s->document_id,
		.connection = s->connection,
		.shipment_id = s->shipment_id,
		.issuer = facts->issuer,
		.category = business_class_text(facts->class),
		.business_case = s->transfer.business_case,
		.media_type = s->transfer.documents->media_type,
		.document = s->transfer.documents,
		.transfer = &s->transfer,
		.shipment = &s->shipment,
	};
}

static json_t *events_of(const struct stored *s, const json_t *verdict, const struct facts *facts)
{
	json_t *events = json_array();
	struct notice notice = notice_of(s, facts);
	const char *now_at = said(verdict, "contract_id");

	if (text_equal(s->contract_id, now_at))
		return events;
	if (s->contract_id) {
		notice.contract_id = s->contract_id;
		notice.customer_id = s->customer_id;
		json_array_append_new(events, notice_row(EVENT_DOCUMENT_DETACHED, &notice));
	}
	if (now_at) {
		notice.contract_id = now_at;
		notice.customer_id = said(verdict, "customer_id");
		notice.tier = said(verdict, "tier");
		json_array_append_new(events, notice_row(EVENT_DOCUMENT_ATTACHED, &notice));
	}
	return events;
}

json_t *change_row(struct stored *stored, json_t *verdict, const struct matcher *matcher)
{
	const struct facts *facts = stored_facts(stored, matcher);

	json_object_set_new(verdict, "events", events_of(stored, verdict, facts));
	json_object_set_new(verdict, "document_id", json_string(stored->document_id));
	json_object_set_new(verdict, "version", json_integer(stored->version));
	return verdict;
}

json_t *change_verdict(const struct verdict *verdict)
{
	json_t *row = json_object();

	verdict_put(row, verdict);
	return row;
}

bool change_write(const struct matcher *matcher, json_t *changes, int *changed, struct err *e)
{
	char *text = json_dumps(changes, JSON_COMPACT);
	struct rows *rows;
	bool ok = db_call(matcher->db, SQL_document_change, &rows, NULL, e, matcher->broker, text);

	if (ok) {
		*changed = rows_count(rows);
		talloc_free(rows);
	}
	free(text);
	json_decref(changes);
	return ok;
}
