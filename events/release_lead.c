#include "events/release_lead.h"

#include <string.h>

#include "events/lead.h"
#include "events/letter.h"
#include "model/event.h"

static const char *said(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

/* The data of an announcement; NULL for a correction. */
static json_t *announced(const json_t *event)
{
	const char *type = said(event, "type");

	if (!strcmp(type, EVENT_DOCUMENT_WITHDRAWN) || !strcmp(type, EVENT_DOCUMENT_REASSIGNED))
		return NULL;
	return json_object_get(event, "payload");
}

/* "{id,id}" of the documents that are announced, each once; NULL if there are none. */
static char *documents_of(const struct releasing *r)
{
	json_t *seen = json_object();
	char *array = NULL;
	const json_t *event;
	size_t i;

	json_array_foreach(r->events, i, event)
	{
		const char *id = said(announced(event), "document_id");

		if (!id || json_object_get(seen, id))
			continue;
		json_object_set_new(seen, id, json_true());
		array = array ? talloc_asprintf_append_buffer(array, ",%s", id)
			      : talloc_asprintf(NULL, "{%s", id);
	}
	json_decref(seen);
	return array ? talloc_strdup_append_buffer(array, "}") : NULL;
}

static void leads_put(struct releasing *r, const json_t *rows_by_id, const struct rows *rows,
		      const struct letter_rules *rules)
{
	const json_t *event;
	size_t i;

	json_array_foreach(r->events, i, event)
	{
		json_t *data = announced(event);
		const char *id = said(data, "document_id");
		const json_t *row = id ? json_object_get(rows_by_id, id) : NULL;
		struct letter_facts facts;
		struct lead lead;

		if (!row)
			continue;
		letter_facts_of_row(&facts, rules, rows, (int)json_integer_value(row));
		lead_of(&lead, &facts, r->policy->now_ms);
		json_object_set_new(data, "lead", lead_json(&lead));
	}
}

bool release_lead(struct releasing *r, struct db *db, struct err *e)
{
	char *documents = documents_of(r);
	struct letter_rules *rules;
	json_t *rows_by_id;
	struct rows *rows;

	if (!documents)
		return true;
	talloc_steal(r, documents);
	if (!(rules = letter_rules_load(db, r->broker, r, e)) ||
	    !db_call(db, SQL_release_letters, &rows, r, e, r->broker, documents))
		return false;
	rows_by_id = json_object();
	for (int i = 0; i < rows_count(rows); i++)
		json_object_set_new(rows_by_id, rows_text(rows, i, "document_id"), json_integer(i));
	leads_put(r, rows_by_id, rows, rules);
	json_decref(rows_by_id);
	return true;
}
