#include "ingest/schema_notes.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cage.h"
#include "base/clock.h"
#include "base/text.h"
#include "ingest/limits.h"
#include "ingest/schema.h"
#include "ingest/shipment.h"
#include "ingest/spool.h"

#define FREE_MS    2000 /* of a round, before a tenth of its time counts */
#define SHARE      10
/* What a round keeps in mind; an answer is bounded in limits.h. */
#define TOLD_MOST  1000 /* shipments of a round whose row tells of it */
#define KINDS_MOST 1000 /* of a round, in memory */

#define UNFINISHED "was not looked at to its end"

struct schema_notes {
	struct schema_check *check; /* NULL: there is none, or it broke: no more of this round */
	json_t *kinds;              /* object: the key is the kind */
	json_t *shipments;          /* array */
	int64_t began_ms, spent_ms;
};

static int notes_free(struct schema_notes *notes)
{
	json_decref(notes->kinds);
	json_decref(notes->shipments);
	return 0;
}

/* ---- one answer ---- */

static void add(json_t *object, const char *name, uint64_t more)
{
	json_int_t before = json_integer_value(json_object_get(object, name));

	json_object_set_new(object, name, json_integer(before + (json_int_t)more));
}

static void keep_breach(struct schema_notes *notes, const struct schema_breach *breach,
			const char *shipment_id)
{
	char *key =
		talloc_asprintf(notes, "%s\n%s\n%s", breach->element, breach->rule, breach->detail);
	json_t *kind = json_object_get(notes->kinds, key);

	if (!kind && json_object_size(notes->kinds) < KINDS_MOST) {
		kind = json_pack("{s:s, s:s, s:s}", "element", breach->element, "rule",
				 breach->rule, "detail", breach->detail);
		json_object_set_new(notes->kinds, key, kind);
	}
	talloc_free(key);
	if (!kind)
		return;
	add(kind, "answers", 1);
	add(kind, "times", breach->times);
	json_object_set_new(kind, "shipment", shipment_id ? json_string(shipment_id) : json_null());
	json_object_set_new(kind, "line", json_integer((json_int_t)breach->line));
}

static void keep_report(struct round *round, const struct schema_report *report,
			const char *shipment_id, bool told)
{
	struct schema_notes *notes = round->schema;
	struct schema_breach unfinished = { .element = "", .rule = UNFINISHED, .times = 1 };

	for (size_t i = 0; i < report->count; i++)
		keep_breach(notes, &report->breaches[i], shipment_id);
	if (report->gave_up) {
		unfinished.element = shipment_id ? "getShipmentResponse" : "listShipmentsResponse";
		unfinished.detail = report->gave_up;
		keep_breach(notes, &unfinished, shipment_id);
	}
	round->counts->unjudged += report->gave_up != NULL;
	if (!report->times)
		return;
	round->counts->deviating++;
	if (told && json_array_size(notes->shipments) < TOLD_MOST)
		json_array_append_new(notes->shipments,
				      json_pack("{s:s, s:I}", "id", shipment_id, "breaches",
						(json_int_t)report->times));
}

/* ---- a round ---- */

static void trouble(struct round *round, const struct err *why)
{
	char *to = round->counts->schema_trouble;

	snprintf(to, sizeof round->counts->schema_trouble, "%.199s", why->text);
	text_mend(to);
}

/* The process is started by the first answer: most rounds have none. */
static struct schema_notes *notes_begin(struct round *round)
{
	struct schema_notes *notes = talloc_zero(round->session, struct schema_notes);
	struct err why = { 0 };
	char *set;

	notes->kinds = json_object();
	notes->shipments = json_array();
	notes->began_ms = clock_monotonic_ms();
	talloc_set_destructor(notes, notes_free);
	if (schema_set_find(&set, round->poller->schemas, round->connection->issuer,
			    round->profile->transfer_version, notes, &why) &&
	    set)
		notes->check = schema_check_open(set, notes, &why);
	if (why.kind != ERR_NONE)
		trouble(round, &why);
	return notes;
}

static bool has_time(const struct schema_notes *notes)
{
	int64_t round_ms = clock_monotonic_ms() - notes->began_ms;

	return notes->spent_ms < (FREE_MS + round_ms / SHARE) * CAGE_TIMES_TIME;
}

void schema_note(struct round *round, const char *shipment_id, bool told)
{
	struct spool *spool = round->poller->spool;
	struct schema_report report;
	struct schema_notes *notes;
	int64_t from_ms;

	if (!round->poller->schemas || !spool_len(spool))
		return;
	if (!round->schema)
		round->schema = notes_begin(round);
	notes = round->schema;
	if (!notes->check || !has_time(notes))
		return;
	from_ms = clock_monotonic_ms();
	schema_check_file(&report, notes->check, session_answer_type(round->session),
			  spool_fd(spool), spool_len(spool), notes);
	keep_report(round, &report, shipment_id, told);
	talloc_free(report.breaches);
	talloc_free(report.gave_up);
	if (schema_check_over(notes->check))
		TALLOC_FREE(notes->check);
	notes->spent_ms += clock_monotonic_ms() - from_ms;
}

static char *as_json(const struct schema_notes *notes)
{
	json_t *breaches = json_array(), *whole, *kind;
	const char *key;
	char *text;

	json_object_foreach(notes->kinds, key, kind) json_array_append(breaches, kind);
	whole = json_pack("{s:o, s:O}", "breaches", breaches, "shipments", notes->shipments);
	text = json_dumps(whole, JSON_COMPACT);
	json_decref(whole);
	return text;
}

void schema_notes_end(struct round *round)
{
	struct schema_notes *notes = round->schema;
	const struct poller *poller = round->poller;
	char most[12], *text;
	struct rows *rows;

	if (!notes)
		return;
	if (json_object_size(notes->kinds)) {
		text = as_json(notes);
		snprintf(most, sizeof most, "%d", SCHEMA_KINDS_MOST);
		if (db_run(poller->db, SQL_schema_note, 5,
			   (const char *const[]){ poller->broker, round->connection->name,
						  round->fence, text, most },
			   &rows, notes, NULL))
			round->counts->new_breaches = (int)rows_int(rows, 0, "fresh");
		free(text);
	}
	TALLOC_FREE(round->schema);
}
