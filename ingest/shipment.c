#include "ingest/shipment.h"

#include <jansson.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/role.h"
#include "base/text.h"
#include "ingest/recording.h"
#include "ingest/schema_notes.h"
#include "ingest/spool.h"
#include "model/event.h"

/* Patience of ours; what an answer may hold is bounded in limits.h. */
#define ATTEMPTS_MOST      5 /* then a shipment whose answer breaks off each time is quarantined */
#define FAILED_IN_ROW_MOST 3
#define REFUSALS_MOST                                                                              \
	"5" /* acknowledgements of one shipment that the insurer refuses before a person decides */
#define THROTTLE_WAITS 5 /* times that a short Retry-After is waited out on the spot */
#define MARKS_MOST     32
#define MARKS_MS       1000

bool shipment_state_parse(enum shipment_state *state, const char *text)
{
	static const char *const names[] = { "listed", "stored", "acknowledged", "quarantined" };

	for (int i = 0; i < 4; i++) {
		if (!text_equal(names[i], text))
			continue;
		*state = (enum shipment_state)i;
		return true;
	}
	return false;
}

/* ---- fetching ---- */

bool throttle_wait(int waits, struct err *e)
{
	if (e->kind != ERR_RETRY || e->retry_after_s < 1 || e->retry_after_s > THROTTLE_WAIT_S ||
	    waits == THROTTLE_WAITS || !role_sleep_ms(e->retry_after_s * 1000))
		return false;
	err_clear(e);
	return true;
}

static bool get_patiently(struct round *round, struct delivery **delivery, const char *id,
			  TALLOC_CTX *mem, struct err *e)
{
	struct document_sink *sink = blob_sink(round->poller->blobs);

	for (int waits = 0;; waits++) {
		if (transfer_get(delivery, round->session, id, sink, mem, e))
			return true;
		sink->abandon(sink->self);
		if (!throttle_wait(waits, e))
			return false;
	}
}

/* ---- when it does not go through ---- */

void shipment_trouble(const char *connection, const char *id, struct err *why)
{
	char *shown = text_shown(id, 40, NULL);

	err_prefix(why, "connection %s, shipment %s", connection, shown);
	talloc_free(shown);
}

static json_t *quarantined_event(const struct round *round, const char *id, const struct err *why)
{
	json_t *row = event_row(
		EVENT_SHIPMENT_QUARANTINED, "broker", round->connection->name,
		json_pack("{s:s, s:s, s:s, s:s}", "connection", round->connection->name, "insurer",
			  round->connection->issuer, "shipment_id", id, "code", why->code));

	event_correlate(row, round->connection->name, id);
	return row;
}

/* Keep what came, so that a person or a mended reader can read it again without fetching. counted: this fetch was written
 * down already. */
static bool quarantine(struct round *round, const char *id, const struct err *why, bool counted,
		       struct err *e)
{
	struct poller *poller = round->poller;
	struct rows *rows = NULL;
	char sha256[SHA256_TEXT_SIZE] = "";
	json_t *event = quarantined_event(round, id, why);
	char *event_text = json_dumps(event, JSON_COMPACT);
	bool ok = true;

	CRASH_POINT("quarantine.before");
	if (spool_len(poller->spool))
		ok = blob_keep(poller->blobs, spool_fd(poller->spool), spool_len(poller->spool),
			       sha256, e);
	ok = ok && poller_sql(poller, SQL_shipment_quarantine, 10,
			      (const char *const[]){
				      poller->broker, round->connection->name, round->fence, id,
				      why->text, *why->code ? why->code : NULL,
				      *sha256 ? sha256 : NULL, session_answer_type(round->session),
				      event_text, counted ? "0" : "1" },
			      &rows, round->session, e);
	if (ok)
		CRASH_POINT("quarantine.committed");
	free(event_text);
	json_decref(event);
	round->counts->quarantined += ok;
	if (ok)
		schema_note(round, id, rows_bool(rows, 0, "took"));
	talloc_free(rows);
	return ok;
}

bool round_put_off(const struct round *round, const char *id)
{
	for (size_t i = 0; i < round->put_off_count; i++)
		if (text_equal(round->put_off[i], id))
			return true;
	return false;
}

static void put_off(struct round *round, const char *id)
{
	round->put_off = talloc_realloc(round->session, round->put_off, const char *,
					round->put_off_count + 1);
	round->put_off[round->put_off_count++] = talloc_strdup(round->put_off, id);
}

/* The round goes on without this one, and tells of the first. Several in a row, or an insurer who asks for a long pause:
 * it is not the shipment. */
static bool go_on(struct round *round, int *in_row, const struct err *why, struct err *e)
{
	if (why->retry_after_s > THROTTLE_WAIT_S || ++*in_row >= FAILED_IN_ROW_MOST) {
		*e = *why;
		return false;
	}
	if (round->trouble.kind == ERR_NONE)
		round->trouble = *why;
	return true;
}

/* Not fetched: it stays listed and has its next turn in the next round. Only an answer that broke off is its own fault,
 * and after ATTEMPTS_MOST of them the shipment is quarantined with what came; an outage may last as long as it likes. */
static bool defer(struct round *round, const char *id, const struct err *why, struct err *e)
{
	bool own = session_broke_off(round->session) && spool_len(round->poller->spool);
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows;
	int64_t attempts = 0;
	bool ok = poller_sql(round->poller, SQL_shipment_defer, 6,
			     (const char *const[]){ round->poller->broker, round->connection->name,
						    round->fence, id, why->text, own ? "1" : "0" },
			     &rows, mem, e);

	if (ok && !rows_count(rows))
		ok = err_set(e, ERR_CONFLICT, "the lease of connection %s was lost",
			     round->connection->name);
	if (ok)
		attempts = rows_int(rows, 0, "attempts");
	talloc_free(mem);
	if (!ok)
		return false;
	if (own && attempts >= ATTEMPTS_MOST)
		return quarantine(round, id, why, true, e);
	round->counts->deferred++;
	put_off(round, id);
	return go_on(round, &round->failed_in_row, why, e);
}

/* The kind of error is the route. What needs a person (ERR_SETUP) may be about this shipment alone: the list was good. */
static bool fetch_failed(struct round *round, const char *id, const struct err *why, struct err *e)
{
	switch (why->kind) {
	case ERR_RETRY:
	case ERR_SETUP:
		return defer(round, id, why, e);
	case ERR_LOGIN:
	case ERR_CONFLICT:
		*e = *why;
		return false;
	default:
		return quarantine(round, id, why, false, e);
	}
}

/* The database being away or refusing us is no shipment's fault; anything else is this one's, until it is several in a
 * row. */
static bool record_failed(struct round *round, const char *id, const struct err *why, struct err *e)
{
	if (why->kind == ERR_RETRY || why->kind == ERR_CONFLICT || why->kind == ERR_SETUP) {
		*e = *why;
		return false;
	}
	return quarantine(round, id, why, false, e) && go_on(round, &round->failed_in_row, why, e);
}

/* ---- the steps ---- */

static bool acknowledge_tell(struct round *round, const char *id, enum acknowledgement became,
			     const struct err *why, struct err *e)
{
	const char *values[] = { round->poller->broker,
				 round->connection->name,
				 round->fence,
				 id,
				 why->text,
				 acknowledgement_name(became),
				 REFUSALS_MOST };

	return poller_sql(round->poller, SQL_shipment_unacknowledged, 7, values, NULL, NULL, e);
}

/* It stays stored; the next list shows whether the insurer still has it. A refusal of this one is no sign of an outage. */
static bool acknowledge_failed(struct round *round, const char *id, enum acknowledgement became,
			       struct err *why, struct err *e)
{
	if (why->kind != ERR_RETRY && why->kind != ERR_SETUP && why->kind != ERR_DELIVERY) {
		*e = *why;
		return false;
	}
	why->kind = ERR_RETRY;
	round->counts->unacknowledged++;
	shipment_trouble(round->connection->name, id, why);
	put_off(round, id);
	if (!acknowledge_tell(round, id, became, why, e))
		return false;
	if (became == ACK_REFUSED)
		round->unacknowledged_in_row = 0;
	return go_on(round, &round->unacknowledged_in_row, why, e);
}

/* Every statement is a round trip and a commit: marks are written several at once, but not so late that somebody who
 * looks would wonder. */
static bool mark(struct round *round, const char *id, enum acknowledgement became, struct err *e)
{
	int64_t now = clock_monotonic_ms();

	if (!round->marks)
		round->marks = json_array();
	if (!json_array_size(round->marks))
		round->marks_since_ms = now;
	json_array_append_new(round->marks, json_pack("{s:s, s:s}", "id", id, "became",
						      acknowledgement_name(became)));
	if (json_array_size(round->marks) < MARKS_MOST && now - round->marks_since_ms < MARKS_MS)
		return true;
	return shipment_marks_write(round, true, e);
}

bool shipment_marks_write(struct round *round, bool patient, struct err *e)
{
	struct poller *poller = round->poller;
	const char *values[] = { poller->broker, round->connection->name, round->fence, NULL };
	char *ids;
	bool ok;

	if (!json_array_size(round->marks))
		return true;
	values[3] = ids = json_dumps(round->marks, JSON_COMPACT);
	json_array_clear(round->marks);
	if (patient)
		ok = poller_sql(poller, SQL_shipment_acknowledged, 4, values, NULL, NULL, e);
	else
		ok = db_run(poller->db, SQL_shipment_acknowledged, 4, values, NULL, NULL, e);
	free(ids);
	if (ok)
		CRASH_POINT("ack.recorded");
	return ok;
}

static bool acknowledge(struct round *round, const char *id, struct err *e)
{
	enum acknowledgement became;
	struct err failed = { 0 };

	CRASH_POINT("ack.before");
	for (int waits = 0; !transfer_acknowledge(&became, round->session, id, &failed); waits++)
		if (!throttle_wait(waits, &failed))
			return acknowledge_failed(round, id, became, &failed, e);
	round->unacknowledged_in_row = 0;
	if (became == ACK_GONE)
		round->counts->gone++;
	else
		round->counts->acknowledged++;
	return mark(round, id, became, e);
}

/* The bytes behind a link never came: who acknowledges gives them up at the insurer, and that is for a person to do. */
static bool acknowledged_next(const struct round *round, const struct delivery *delivery)
{
	return round->acknowledge_s == 0 && !delivery_links(delivery);
}

static bool record(struct round *round, struct delivery *delivery, struct err *e)
{
	struct poller *poller = round->poller;
	const struct raw_answer raw = { spool_fd(poller->spool), spool_len(poller->spool),
					session_answer_type(round->session), clock_wall_ms() };
	const struct delivery_source source = {
		.broker = poller->broker,
		.connection = round->connection->name,
		.issuer = round->connection->issuer,
		.fence = round->lease->fence,
		.acknowledge_s = round->acknowledge_s,
		.signature = signature_policy_words[round->session->signature],
		.read_by = read_by(poller),
		.answered_ms = raw.answered_ms,
	};

	return delivery_record(&round->counts->recorded, poller, &source, delivery, &raw, e);
}

/* due: it was stored, and is to be acknowledged now. */
static bool fetch_and_record(struct round *round, const char *id, bool *stored, bool *due,
			     TALLOC_CTX *mem, struct err *e)
{
	struct delivery *delivery;
	struct err failed = { 0 };

	*stored = *due = false;
	spool_rewind(round->poller->spool);
	if (!get_patiently(round, &delivery, id, mem, &failed)) {
		shipment_trouble(round->connection->name, id, &failed);
		return fetch_failed(round, id, &failed, e);
	}
	CRASH_POINT("read.done");
	if (!record(round, delivery, &failed)) {
		shipment_trouble(round->connection->name, id, &failed);
		return record_failed(round, id, &failed, e);
	}
	round->failed_in_row = 0;
	round->counts->stored++;
	*stored = true;
	schema_note(round, id, true); /* before the acknowledgement, whose answer takes the spool */
	*due = acknowledged_next(round, delivery);
	return true;
}

bool shipment_work(struct round *round, const char *id, enum shipment_state state, bool due,
		   struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "shipment");
	bool stored = state == SHIPMENT_STORED, ok = true;

	if (state == SHIPMENT_LISTED)
		ok = fetch_and_record(round, id, &stored, &due, mem, e);
	if (ok && due)
		ok = acknowledge(round, id, e);
	else if (ok && stored)
		round->counts->held++;
	talloc_free(mem);
	return ok;
}
