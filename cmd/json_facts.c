#include "cmd/json_facts.h"

#define PUT(object, name, value) json_object_set_new(object, name, value)

/* What was delivered may be broken text; an unprintable string becomes null rather than broken JSON. */
static json_t *text(const char *value)
{
	json_t *string = value ? json_string(value) : NULL;

	return string ? string : json_null();
}

static json_t *number_json(const struct number *number)
{
	json_t *object = json_object();

	PUT(object, "kind", json_string(number_kind_name(number->kind)));
	PUT(object, "value", text(number->value));
	PUT(object, "path", text(number->path));
	return object;
}

static json_t *document_json(const struct document *document)
{
	json_t *object = json_object();

	PUT(object, "name", text(document->name));
	PUT(object, "media_type", text(document->media_type));
	PUT(object, "size", json_integer((json_int_t)document->size));
	PUT(object, "sha256", text(document->sha256));
	PUT(object, "declared_type", text(document->declared_type));
	PUT(object, "file_kind", text(document->file_kind));
	PUT(object, "document_kind", text(document->document_kind));
	PUT(object, "description", text(document->description));
	PUT(object, "compression", text(document->compression));
	PUT(object, "created", text(document->created));
	PUT(object, "link", text(document->link));
	PUT(object, "orphan", json_boolean(document->orphan));
	return object;
}

static json_t *transfer_json(const struct transfer *transfer)
{
	json_t *object = json_object(), *numbers = json_array(), *documents = json_array();

	for (size_t i = 0; i < transfer->number_count; i++)
		json_array_append_new(numbers, number_json(&transfer->numbers[i]));
	for (size_t i = 0; i < transfer->document_count; i++)
		json_array_append_new(documents, document_json(&transfer->documents[i]));
	PUT(object, "business_case", text(transfer->business_case));
	PUT(object, "numbers", numbers);
	PUT(object, "documents", documents);
	PUT(object, "line", text(transfer->line));
	PUT(object, "insurer_vu", text(transfer->insurer_vu));
	PUT(object, "insurer_name", text(transfer->insurer_name));
	PUT(object, "broker_number", text(transfer->broker_number));
	PUT(object, "created", text(transfer->created));
	return object;
}

static void put_shipment(json_t *object, const struct shipment *shipment)
{
	PUT(object, "kind", text(shipment->kind));
	PUT(object, "line", text(shipment->line));
	PUT(object, "posted", text(shipment->posted));
	PUT(object, "available_until", text(shipment->available_until));
	PUT(object, "data_only", json_boolean(shipment->data_only));
	PUT(object, "periodic", json_boolean(shipment->periodic));
	PUT(object, "transfer_count",
	    shipment->transfer_count < 0 ? json_null() : json_integer(shipment->transfer_count));
}

static json_t *delivery_json(const struct answer *answer)
{
	const struct delivery *delivery = answer->delivery;
	json_t *object = json_object(), *transfers = json_array(), *warnings = json_array();

	for (size_t i = 0; i < delivery->transfer_count; i++)
		json_array_append_new(transfers, transfer_json(&delivery->transfers[i]));
	for (size_t i = 0; i < delivery->warning_count; i++)
		json_array_append_new(warnings, text(delivery->warnings[i]));
	PUT(object, "shipment", text(delivery->head.id));
	PUT(object, "category", text(delivery->head.category));
	PUT(object, "signature", text(delivery->signature));
	PUT(object, "signer", text(delivery->signer));
	PUT(object, "transfers", transfers);
	put_shipment(object, &delivery->head);
	PUT(object, "version", text(answer->version));
	PUT(object, "warnings", warnings);
	return object;
}

static json_t *list_json(const struct answer *answer)
{
	json_t *object = json_object(), *shipments = json_array();

	for (size_t i = 0; i < answer->list.count; i++) {
		json_t *shipment = json_object();

		PUT(shipment, "id", text(answer->list.items[i].id));
		PUT(shipment, "category", text(answer->list.items[i].category));
		put_shipment(shipment, &answer->list.items[i]);
		json_array_append_new(shipments, shipment);
	}
	PUT(object, "shipments", shipments);
	PUT(object, "version", text(answer->version));
	return object;
}

static json_t *other_json(const struct answer *answer)
{
	static const char *const kinds[] = {
		[ANSWER_ACKNOWLEDGE] = "acknowledge",
		[ANSWER_TOKEN] = "token",
		[ANSWER_CANCELLED] = "cancelled",
	};
	json_t *object = json_object();

	PUT(object, "answer", text(kinds[answer->kind]));
	PUT(object, "status", text(answer->status));
	if (answer->kind == ANSWER_TOKEN)
		PUT(object, "expires", text(answer->token_expires));
	PUT(object, "version", text(answer->version));
	return object;
}

json_t *json_facts(const struct answer *answer)
{
	if (answer->kind == ANSWER_DELIVERY)
		return delivery_json(answer);
	if (answer->kind == ANSWER_LIST)
		return list_json(answer);
	return other_json(answer);
}

static json_t *breach_json(const struct schema_breach *breach)
{
	json_t *object = json_object();

	PUT(object, "element", text(breach->element));
	PUT(object, "rule", text(breach->rule));
	PUT(object, "detail", text(breach->detail));
	PUT(object, "line", breach->line ? json_integer((json_int_t)breach->line) : json_null());
	PUT(object, "times", json_integer((json_int_t)breach->times));
	return object;
}

json_t *json_schema(const struct schema_report *report)
{
	json_t *object = json_object(), *breaches = json_array();

	for (size_t i = 0; i < report->count; i++)
		json_array_append_new(breaches, breach_json(&report->breaches[i]));
	PUT(object, "breaches", breaches);
	PUT(object, "times", json_integer((json_int_t)report->times));
	PUT(object, "gave_up", text(report->gave_up));
	return object;
}
