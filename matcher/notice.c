#include "matcher/notice.h"

#include <talloc.h>

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
	json_object_set_new(data, "shipment", shipment);
	return data;
}

json_t *notice_row(const char *type, const struct notice *n)
{
	const char *lane = n->customer_id ? n->customer_id : n->contract_id;

	return event_row(type, lane ? "customer" : "broker", lane ? lane : n->connection,
			 data_of(n));
}
