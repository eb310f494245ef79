#include "api/feedback_read.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/uuid7.h"
#include "events/calendar.h"

#define ID_MAX     128
#define SOURCE_MAX 256
#define WORD_MAX   64
#define FUTURE_MS  (24 * 3600 * 1000LL) /* a clock may be wrong, but not by more */

enum { NEEDS_EVENT = 1, NEEDS_CUSTOMER = 2, NEEDS_DOCUMENT = 4, NEEDS_DAY = 8 };

static const struct {
	const char *type;
	unsigned needs;
} types[] = {
	{ "notification.accepted", NEEDS_EVENT },  { "notification.failed", NEEDS_EVENT },
	{ "reachability.gained", NEEDS_CUSTOMER }, { "reachability.lost", NEEDS_CUSTOMER },
	{ "document.opened", NEEDS_DOCUMENT },     { "letter.arrived", NEEDS_DOCUMENT | NEEDS_DAY },
};

/* ---- what a value may be ---- */

static bool uuid_holds(const char *text)
{
	if (strlen(text) != UUID_TEXT_SIZE - 1)
		return false;
	for (int i = 0; text[i]; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23
			    ? text[i] != '-'
			    : !strchr("0123456789abcdefABCDEF", text[i]))
			return false;
	return true;
}

static bool word_holds(const char *text)
{
	size_t len = strlen(text);

	return len && len <= WORD_MAX &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == len;
}

static bool id_holds(const char *text)
{
	size_t len = strlen(text);

	return len && len <= ID_MAX;
}

static bool day_holds(const char *text)
{
	int ignored;

	return strlen(text) == 10 && day_parse(&ignored, text);
}

static const struct member {
	const char *name;
	unsigned need;
	bool (*holds)(const char *text);
	const char *what;
} members[] = {
	{ "event_id", NEEDS_EVENT, uuid_holds, "the id of an event of ours" },
	{ "document_id", NEEDS_DOCUMENT, uuid_holds, "a document's id" },
	{ "customer_id", NEEDS_CUSTOMER, id_holds, "a customer's id" },
	{ "channel", 0, word_holds, "a word of a-z, 0-9, _ . -, at most 64" },
	{ "reason", 0, word_holds, "a word of a-z, 0-9, _ . -, at most 64" },
	{ "arrived_on", NEEDS_DAY, day_holds, "a day, YYYY-MM-DD" },
};

/* ---- one event ---- */

/* A string attribute of the envelope. */
static const char *attribute(const json_t *event, const char *name, size_t most, struct err *e)
{
	const char *value = json_string_value(json_object_get(event, name));

	if (value && *value && strlen(value) <= most)
		return value;
	err_set(e, ERR_DELIVERY, "the attribute %s is missing, empty or longer than %zu bytes",
		name, most);
	return NULL;
}

static bool needs_of(unsigned *needs, const char *type, struct err *e)
{
	char *shown;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(types[i].type, type)) {
			*needs = types[i].needs;
			return true;
		}
	shown = text_shown(type, WORD_MAX, NULL);
	err_set(e, ERR_DELIVERY, "type %s is none that is taken as feedback", shown);
	talloc_free(shown);
	return false;
}

/* What the type needs must be there; what is there must be what it should. */
static bool member_take(json_t *row, const json_t *data, const struct member *member,
			unsigned needs, struct err *e)
{
	json_t *value = json_object_get(data, member->name);
	const char *text = json_string_value(value);

	if (!value || json_is_null(value))
		return !(needs & member->need) ||
		       err_set(e, ERR_DELIVERY, "data.%s is missing, expected %s", member->name,
			       member->what);
	if (!text || !member->holds(text))
		return err_set(e, ERR_DELIVERY, "data.%s is not %s", member->name, member->what);
	json_object_set(row, member->name, value);
	return true;
}

static bool time_take(json_t *row, const json_t *event, int64_t now_ms, struct err *e)
{
	json_t *given = json_object_get(event, "time");
	char text[CLOCK_TEXT_SIZE];
	int64_t then_ms = now_ms;

	if (given && (!json_is_string(given) || !strchr(json_string_value(given), 'T') ||
		      !clock_parse(&then_ms, json_string_value(given), NULL)))
		return err_set(e, ERR_DELIVERY, "time is not as RFC 3339 says");
	if (then_ms > now_ms + FUTURE_MS)
		return err_set(e, ERR_DELIVERY, "time lies more than a day in the future");
	json_object_set_new(row, "happened_at", json_string(clock_text(text, then_ms)));
	return true;
}

static json_t *row_of(const json_t *event, int64_t now_ms, struct err *e)
{
	const json_t *data = json_object_get(event, "data");
	const char *version = json_string_value(json_object_get(event, "specversion"));
	const char *id, *source, *type;
	unsigned needs = 0;
	json_t *row;
	bool ok;

	if (!json_is_object(event) || !version || strcmp(version, "1.0") != 0)
		return err_set(e, ERR_DELIVERY, "it is no CloudEvent of specversion 1.0"), NULL;
	if (!(id = attribute(event, "id", ID_MAX, e)) ||
	    !(source = attribute(event, "source", SOURCE_MAX, e)) ||
	    !(type = attribute(event, "type", WORD_MAX, e)) || !needs_of(&needs, type, e))
		return NULL;
	if (!json_is_object(data))
		return err_set(e, ERR_DELIVERY, "data is missing or no object"), NULL;
	row = json_pack("{s:s, s:s, s:s}", "id", id, "source", source, "type", type);
	ok = time_take(row, event, now_ms, e);
	for (size_t i = 0; ok && i < sizeof members / sizeof *members; i++)
		ok = member_take(row, data, &members[i], needs, e);
	if (ok)
		return row;
	json_decref(row);
	return NULL;
}

/* ---- all of them ---- */

static bool rows_of(json_t *rows, const json_t *events, int64_t now_ms, struct err *e)
{
	size_t count = json_array_size(events);

	if (count < 1 || count > FEEDBACK_EVENTS_MOST)
		return err_set(e, ERR_DELIVERY, "the batch has %zu events, expected 1 to %d", count,
			       FEEDBACK_EVENTS_MOST);
	for (size_t i = 0; i < count; i++) {
		json_t *row = row_of(json_array_get(events, i), now_ms, e);

		if (!row)
			return err_prefix(e, "event %zu", i + 1);
		json_object_set_new(row, "no", json_integer((json_int_t)i + 1));
		json_array_append_new(rows, row);
	}
	return true;
}

bool feedback_read(json_t **rows, const char *body, size_t len, bool batch, int64_t now_ms,
		   struct err *e)
{
	json_error_t why;
	json_t *given = json_loadb(body, len, JSON_REJECT_DUPLICATES, &why);
	json_t *events = NULL;
	bool ok = true;

	*rows = json_array();
	if (!given)
		ok = err_set(e, ERR_DELIVERY, "the body is no JSON (line %d)", why.line);
	else if (batch ? !json_is_array(given) : !json_is_object(given))
		ok = err_set(e, ERR_DELIVERY, "the body is not %s, as its content type says",
			     batch ? "an array" : "an object");
	else
		events = batch ? json_incref(given) : json_pack("[O]", given);
	ok = ok && rows_of(*rows, events, now_ms, e);
	json_decref(events);
	json_decref(given);
	if (!ok) {
		json_decref(*rows);
		*rows = NULL;
	}
	return ok;
}
