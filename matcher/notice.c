#include "matcher/notice.h"

#include <talloc.h>

#include "base/clock.h"
#include "base/text.h"

json_t *json_outside(const char *text)
{
	json_t *json = text ? json_string(text) : json_null();
	char *shown;

	if (json)
		return json;
	shown = text_shown(text, 1000, NULL);
	json = json_string(shown);
	talloc_free(shown);
	return json;
}

static void put(json_t *object, const char *key, const char *value)
{
	if (value)
		json_object_set_new(object, key, json_outside(value));
}

static json_t *data_of(const struct notice *n)
{
	json_t *shipment = json_object();
	json_t *data = json_object();

	put(shipment, "connection", n->connection);
	put(shipment, "id", n->shipment_id);
	put(data, "document_id", n->document_id);
	put(data, "contract_id", n->contract_id);
	put(data, "customer_id", n->customer_id);
	put(data, "insurer", n->issuer);
	put(data, "category", n->category);
	put(data, "business_case", n->business_case);
	put(data, "media_type", n->media_type);
	put(data, "tier", n->tier);
	put(data, "reason", n->reason);
	if (n->collective)
		json_object_set_new(data, "collective", json_true());
	json_object_set_new(data, "shipment", shipment);
	return data;
}

/* The document's own date before the transfer's before the shipment's; one that cannot be read counts as none. */
static void recorded_put(json_t *row, const struct notice *n)
{
	const char *said[] = { n->document ? n->document->created : NULL,
			       n->transfer ? n->transfer->created : NULL,
			       n->shipment ? n->shipment->posted : NULL };
	char text[CLOCK_TEXT_SIZE];
	int64_t wall_ms;

	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (said[i] && clock_parse(&wall_ms, said[i], NULL)) {
			json_object_set_new(row, "recordedtime",
					    json_string(clock_text(text, wall_ms)));
			return;
		}
}

json_t *notice_row(const char *type, const struct notice *n)
{
	const char *lane = n->customer_id ? n->customer_id : n->contract_id;
	json_t *row = event_row(type, lane ? "customer" : "broker", lane ? lane : n->connection,
				data_of(n));

	event_correlate(row, n->connection, n->shipment_id);
	recorded_put(row, n);
	return row;
}
