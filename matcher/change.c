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

/* Where a document lies: [{contract_id, customer_id}]; a new reference. */
static json_t *places_of(const char *contract_id, const char *customer_id, json_t *more)
{
	json_t *places = json_array();

	if (contract_id)
		json_array_append_new(places, json_pack("{s:s, s:s?}", "contract_id", contract_id,
							"customer_id", customer_id));
	json_array_extend(places, more);
	return places;
}

/* A duplicate lies at its contract, but nobody was told. */
static json_t *places_told(const struct stored *s)
{
	json_t *more = s->more ? json_loads(s->more, 0, NULL) : NULL;
	json_t *places =
		s->duplicate_of ? json_array() : places_of(s->contract_id, s->customer_id, more);

	json_decref(more);
	return places;
}

static bool lies_at(const json_t *places, const char *contract_id)
{
	size_t i;
	json_t *place;

	json_array_foreach(places, i, place)
	{
		if (text_equal(said(place, "contract_id"), contract_id))
			return true;
	}
	return false;
}

/* An event for each place that is not among the others. */
static void tell(json_t *events, const char *type, struct notice *notice, const json_t *places,
		 const json_t *others)
{
	size_t i;
	json_t *place;

	json_array_foreach(places, i, place)
	{
		if (lies_at(others, said(place, "contract_id")))
			continue;
		notice->contract_id = said(place, "contract_id");
		notice->customer_id = said(place, "customer_id");
		json_array_append_new(events, notice_row(type, notice));
	}
}

static json_t *events_of(const struct stored *s, const json_t *verdict, const struct facts *facts)
{
	json_t *events = json_array(), *before = places_told(s);
	json_t *now = places_of(said(verdict, "contract_id"), said(verdict, "customer_id"),
				json_object_get(verdict, "more"));
	struct notice notice = notice_of(s, facts);

	tell(events, EVENT_DOCUMENT_DETACHED, &notice, before, now);
	notice.tier = said(verdict, "tier");
	notice.collective = json_array_size(now) > 1;
	tell(events, EVENT_DOCUMENT_ATTACHED, &notice, now, before);
	json_decref(before);
	json_decref(now);
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

json_t *change_verdict(const struct verdict *verdict, const struct matcher *matcher)
{
	json_t *row = json_object();

	if (matcher->shadow)
		verdict_put_shadow(row, verdict);
	else
		verdict_put(row, verdict);
	return row;
}

static bool was_changed(const struct rows *changed, const json_t *row)
{
	for (int i = 0; i < rows_count(changed); i++)
		if (text_equal(rows_text(changed, i, "document_id"), said(row, "document_id")))
			return true;
	return false;
}

static json_t *missed_of(json_t *changes, const struct rows *changed)
{
	json_t *missed = json_array(), *row;
	size_t i;

	if (json_array_size(changes) == (size_t)rows_count(changed))
		return missed;
	json_array_foreach(changes, i, row)
	{
		if (!was_changed(changed, row))
			json_array_append(missed, row);
	}
	return missed;
}

bool change_write(const struct matcher *matcher, json_t *changes, json_t **missed, struct err *e)
{
	char *text = json_dumps(changes, JSON_COMPACT);
	struct rows *rows;
	bool ok = db_call(matcher->db, SQL_document_change, &rows, NULL, e, matcher->broker, text);

	*missed = NULL;
	if (ok) {
		*missed = missed_of(changes, rows);
		talloc_free(rows);
	}
	free(text);
	json_decref(changes);
	return ok;
}
