#include "model/event.h"

#include <string.h>

#include "base/text.h"
#include "base/uuid7.h"

#define SHOWN_MOST 60

#define STANDS_OUTBOX true
#define STANDS_WIRE   false

const struct event_type event_types[] = {
#define EVENT_TYPE(symbol, name, audience, stands, class, version)                                 \
	{ name, AUDIENCE_##audience, STANDS_##stands, class, version },
#include "model/event_types.def"
#undef EVENT_TYPE
};

const int event_type_count = sizeof event_types / sizeof *event_types;

const struct event_type *event_type_find(const char *name)
{
	for (int i = 0; name && i < event_type_count; i++)
		if (!strcmp(event_types[i].name, name))
			return &event_types[i];
	return NULL;
}

bool event_type_known(const char *name)
{
	const struct event_type *type = event_type_find(name);

	return type && type->in_outbox;
}

enum event_audience event_audience(const char *name)
{
	const struct event_type *type = event_type_find(name);

	return type ? type->audience : AUDIENCE_BROKER;
}

const char *event_type_of_class(enum business_class class)
{
	for (int i = 0; class < CLASSES && i < event_type_count; i++)
		if (event_types[i].class == class)
			return event_types[i].name;
	return NULL;
}

/* ---- filters ---- */

static bool word_means(const char *word, const struct event_type *type)
{
	if (!strcmp(word, "all"))
		return true;
	if (!strcmp(word, "customer"))
		return type->audience == AUDIENCE_CUSTOMER;
	if (!strcmp(word, "broker"))
		return type->audience == AUDIENCE_BROKER;
	return !strcmp(word, type->name);
}

static bool word_mark(bool *wanted, const char *word)
{
	bool known = false;

	for (int i = 0; i < event_type_count; i++)
		if (event_types[i].in_outbox && word_means(word, &event_types[i]))
			wanted[i] = known = true;
	return known;
}

static char *array_text(const bool *wanted, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "{");

	for (int i = 0; i < event_type_count; i++)
		if (wanted[i])
			text = talloc_asprintf_append(text, "%s%s", text[1] ? "," : "",
						      event_types[i].name);
	return talloc_strdup_append(text, "}");
}

bool event_types_array(char **array, const char *filter, TALLOC_CTX *mem, struct err *e)
{
	char *words = talloc_strdup(mem, filter), *rest = NULL, *word;
	bool wanted[sizeof event_types / sizeof *event_types] = { false };
	int count = 0;
	bool ok = true;

	for (word = strtok_r(words, "{}, ", &rest); ok && word;
	     word = strtok_r(NULL, "{}, ", &rest), count++)
		if (!(ok = word_mark(wanted, word)))
			err_set(e, ERR_USAGE,
				"there is no event type '%s'; a filter names types or the groups "
				"customer, broker and all",
				text_shown(word, SHOWN_MOST, mem));
	if (ok && !count)
		ok = err_set(e, ERR_USAGE, "the filter names no event type");
	if (ok)
		*array = array_text(wanted, mem);
	talloc_free(words);
	return ok;
}

/* ---- rows ---- */

json_t *event_row(const char *type, const char *aggregatetype, const char *aggregateid,
		  json_t *data)
{
	char id[UUID_TEXT_SIZE];

	return json_pack("{s:s, s:s, s:s, s:s, s:o}", "event_id", uuid7_text(id), "type", type,
			 "aggregatetype", aggregatetype, "aggregateid", aggregateid, "payload",
			 data);
}

void event_correlate(json_t *row, const char *connection, const char *shipment_id)
{
	json_object_set_new(row, "correlationid", json_sprintf("%s/%s", connection, shipment_id));
}
