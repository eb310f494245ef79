#include "ingest/shipment.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/role.h"
#include "base/text.h"
#include "ingest/spool.h"
#include "model/event.h"

#define ATTEMPTS_MOST      5 /* then a shipment that cannot be fetched is quarantined */
#define FAILED_IN_ROW_MOST 3
#define THROTTLE_WAITS     5 /* times that a short Retry-After is waited out on the spot */
#define THROTTLE_WAIT_S    10

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

/* A transfer that brings data but no file: the answer itself is its document, so that nothing is
 * lost. */
static bool keep_data(struct round *round, struct delivery *delivery, struct err *e)
{
	struct spool *spool = round->poller->spool;
	char sha256[SHA256_TEXT_SIZE] = "";

	for (size_t i = 0; i < delivery->transfer_count; i++) {
		struct transfer *transfer = &delivery->transfers[i];

		if (transfer->document_count)
			continue;
		if (!*sha256 &&
		    !blob_keep(round->poller->blobs, spool_fd(spool), spool_len(spool), sha256, e))
			return false;
		transfer->documents = talloc_zero(delivery->transfers, struct document);
		transfer->document_count = 1;
		transfer->documents->data = true;
		transfer->documents->size = spool_len(spool);
		transfer->documents->media_type =
			talloc_strdup(transfer->documents, "application/xml");
		memcpy(transfer->documents->sha256, sha256, sizeof sha256);
	}
	return true;
}

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

/* ---- recording ---- */

/* The recorder says ERR_RETRY if the database went away; recording twice changes nothing. */
static bool record_patiently(struct round *round, const struct delivery *delivery, struct err *e)
{
	struct poller *poller = round->poller;
	struct delivery_source source = { .broker = poller->broker,
					  .connection = round->connection->name,
					  .issuer = round->connection->issuer,
					  .fence = round->lease->fence };
	int64_t until = clock_monotonic_ms() + POLLER_DATABASE_S * 1000;

	for (int wait_ms = 50;; wait_ms = wait_ms < 5000 ? wait_ms * 2 : 5000) {
		struct recorded counts = { 0 };

		if (poller->recorder->record(poller->recorder->self, &source, delivery, &counts,
					     e)) {
			round->counts->recorded.documents += counts.documents;
			round->counts->recorded.filed += counts.filed;
			round->counts->recorded.queued += counts.queued;
			round->counts->recorded.events += counts.events;
			return true;
		}
		if (e->kind != ERR_RETRY || clock_monotonic_ms() > until || !role_sleep_ms(wait_ms))
			return false;
		err_clear(e);
		db_again(poller->db, NULL);
	}
}

/* ---- when it does not go through ---- */

static json_t *quarantined_event(const struct round *round, const char *id, const struct err *why)
{
	return event_row(EVENT_SHIPMENT_QUARANTINED, "broker", round->connection->name,
			 json_pack("{s:s, s:s, s:s, s:s}", "connection", round->connection->name,
				   "insurer", round->connection->issuer, "shipment_id", id, "code",
				   why->code));
}

/* Keep what came, so that a person or a mended reader can read it again without fetching. */
static bool quarantine(struct round *round, const char *id, const struct err *why, struct err *e)
{
	struct poller *poller = round->poller;
	char sha256[SHA256_TEXT_SIZE] = "", fence[24];
	json_t *event = quarantined_event(round, id, why);
	char *event_text = json_dumps(event, JSON_COMPACT);
	bool ok = true;

	CRASH_POINT("quarantine.before");
	if (spool_len(poller->spool))
		ok = blob_keep(poller->blobs, spool_fd(poller->spool), spool_len(poller->spool),
			       sha256, e);
	snprintf(fence, sizeof fence, "%lld", (long long)round->lease->fence);
	ok = ok && poller_sql(poller, SQL_shipment_quarantine, 9,
			      (const char *const[]){
				      poller->broker, round->connection->name, fence, id, why->text,
				      *why->code ? why->code : NULL, *sha256 ? sha256 : NULL,
				      session_answer_type(round->session), event_text },
			      NULL, NULL, e);
	if (ok)
		CRASH_POINT("quarantine.committed");
	free(event_text);
	json_decref(event);
	round->counts->quarantined += ok;
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
	round->counts->deferred++;
}

/* Not fetched: try again next time, at most ATTEMPTS_MOST times. Several in a row: the insurer
 * is down. */
static bool defer(struct round *round, const char *id, const struct err *why, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows;
	bool ok = poller_sql(round->poller, SQL_shipment_defer, 4,
			     (const char *const[]){ round->poller->broker, round->connection->name,
						    id, why->text },
			     &rows, mem, e);
	bool last = ok && rows_count(rows) && rows_int(rows, 0, "attempts") >= ATTEMPTS_MOST;

	talloc_free(mem);
	if (!ok)
		return false;
	if (last)
		return quarantine(round, id, why, e);
	put_off(round, id);
	if (why->retry_after_s > THROTTLE_WAIT_S || ++round->failed_in_row >= FAILED_IN_ROW_MOST) {
		*e = *why;
		return false;
	}
	return true;
}

/* The kind of error is the route. */
static bool fetch_failed(struct round *round, const char *id, const struct err *why, struct err *e)
{
	switch (why->kind) {
	case ERR_RETRY:
		return defer(round, id, why, e);
	case ERR_LOGIN:
	case ERR_SETUP:
	case ERR_CONFLICT:
		*e = *why;
		return false;
	default:
		return quarantine(round, id, why, e);
	}
}

/* ---- the steps ---- */

static bool acknowledge(struct round *round, const char *id, struct err *e)
{
	struct err failed = { 0 };

	CRASH_POINT("ack.before");
	for (int waits = 0; !transfer_acknowledge(round->session, id, &failed); waits++) {
		if (throttle_wait(waits, &failed))
			continue;
		if (failed.kind == ERR_RETRY || failed.kind == ERR_DELIVERY)
			return true; /* it stays stored; the next list shows whether the insurer
					still has it */
		*e = failed;
		return false;
	}
	round->counts->acknowledged++;
	if (!poller_sql(round->poller, SQL_shipment_acknowledged, 3,
			(const char *const[]){ round->poller->broker, round->connection->name, id },
			NULL, NULL, e))
		return false;
	CRASH_POINT("ack.recorded");
	return true;
}

static bool fetch_and_record(struct round *round, const char *id, bool *stored, TALLOC_CTX *mem,
			     struct err *e)
{
	struct delivery *delivery;
	struct err failed = { 0 };

	*stored = false;
	spool_rewind(round->poller->spool);
	if (!get_patiently(round, &delivery, id, mem, &failed)) {
		err_prefix(&failed, "connection %s, shipment %s", round->connection->name,
			   text_shown(id, 40, mem));
		return fetch_failed(round, id, &failed, e);
	}
	CRASH_POINT("read.done");
	round->failed_in_row = 0;
	if (!keep_data(round, delivery, e) || !record_patiently(round, delivery, e))
		return false;
	round->counts->stored++;
	*stored = true;
	return true;
}

bool shipment_work(struct round *round, const char *id, enum shipment_state state, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "shipment");
	bool stored = state == SHIPMENT_STORED || state == SHIPMENT_ACKNOWLEDGED;
	bool ok = true;

	if (state == SHIPMENT_LISTED)
		ok = fetch_and_record(round, id, &stored, mem, e);
	if (ok && stored)
		ok = acknowledge(round, id, e);
	talloc_free(mem);
	return ok;
}
