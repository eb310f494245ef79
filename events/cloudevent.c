#include "events/cloudevent.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/event.h"

#define ATTRIBUTE_MAX 256

struct outbox_event outbox_event(const struct rows *rows, int row)
{
	return (struct outbox_event){
		.position = rows_int(rows, row, "position"),
		.id = rows_text(rows, row, "id"),
		.type = rows_text(rows, row, "type"),
		.aggregatetype = rows_text(rows, row, "aggregatetype"),
		.aggregateid = rows_text(rows, row, "aggregateid"),
		.occurred = rows_text(rows, row, "occurred"),
		.payload = rows_text(rows, row, "payload"),
		.customersequence = rows_int(rows, row, "customersequence"),
		.correlationid = rows_text(rows, row, "correlationid"),
		.causationid = rows_text(rows, row, "causationid"),
		.recorded = rows_text(rows, row, "recorded"),
	};
}

static bool has_control(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	for (; *c; c++)
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0))
			return true;
	return false;
}

/* An attribute may be neither empty nor hold control characters; then it is left out or shown
 * escaped. */
static void attribute_set(json_t *event, const char *name, const char *value)
{
	TALLOC_CTX *mem;

	if (!value || !*value)
		return;
	mem = talloc_new(NULL);
	if (has_control(value))
		value = text_shown(value, ATTRIBUTE_MAX, mem);
	json_object_set_new(event, name, json_string(value));
	talloc_free(mem);
}

/* Padded, so that it sorts as text. */
static void number_set(json_t *event, const char *name, int64_t number)
{
	char text[24];

	if (number <= 0)
		return;
	snprintf(text, sizeof text, "%020" PRId64, number);
	attribute_set(event, name, text);
}

static void schema_set(json_t *event, const char *name)
{
	const struct event_type *type = event_type_find(name);

	if (type)
		json_object_set_new(
			event, "dataschema",
			json_sprintf("urn:vorpost:schema:%s:%d", type->name, type->version));
}

static const char *subject_of(const struct outbox_event *event, const json_t *data)
{
	const char *document = json_string_value(json_object_get(data, "document_id"));

	return document ? document : event->aggregateid;
}

json_t *cloudevent(const struct outbox_event *event, const char *source, struct err *e)
{
	json_t *data = json_loads(event->payload, JSON_REJECT_DUPLICATES, NULL);
	json_t *out;

	if (!json_is_object(data)) {
		json_decref(data);
		err_set(e, ERR_BUG, "event %s: the payload is not a JSON object", event->id);
		return NULL;
	}
	out = json_object();
	attribute_set(out, "specversion", "1.0");
	attribute_set(out, "id", event->id);
	attribute_set(out, "source", source);
	attribute_set(out, "type", event->type);
	attribute_set(out, "subject", subject_of(event, data));
	attribute_set(out, "time", event->occurred);
	attribute_set(out, "partitionkey", event->aggregateid);
	number_set(out, "sequence", event->position);
	number_set(out, "customersequence", event->customersequence);
	attribute_set(out, "correlationid", event->correlationid);
	attribute_set(out, "causationid", event->causationid);
	attribute_set(out, "recordedtime", event->recorded);
	schema_set(out, event->type);
	attribute_set(out, "datacontenttype", "application/json");
	json_object_set_new(out, "data", data);
	return out;
}

/* Takes the reference. */
static char *json_text(json_t *json, TALLOC_CTX *mem)
{
	char *dumped = json_dumps(json, JSON_COMPACT);
	char *text = talloc_strdup(mem, dumped);

	free(dumped);
	json_decref(json);
	return text;
}

char *cloudevent_text(const struct outbox_event *event, const char *source, TALLOC_CTX *mem,
		      struct err *e)
{
	json_t *out = cloudevent(event, source, e);

	return out ? json_text(out, mem) : NULL;
}

char *cloudevent_batch_text(const struct rows *rows, const char *source, TALLOC_CTX *mem,
			    struct err *e)
{
	json_t *batch = json_array();

	for (int i = 0; i < rows_count(rows); i++) {
		struct outbox_event event = outbox_event(rows, i);
		json_t *one = cloudevent(&event, source, e);

		if (!one) {
			json_decref(batch);
			return NULL;
		}
		json_array_append_new(batch, one);
	}
	return json_text(batch, mem);
}
