#include "ingest/poll.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/role.h"
#include "base/text.h"
#include "base/zone.h"
#include "ingest/limits.h"
#include "ingest/retry.h"
#include "ingest/schema_notes.h"
#include "ingest/shipment.h"
#include "ingest/spool.h"
#include "model/event.h"

#define RETRY_LEAST_S 30
#define RETRY_MOST_S  3600

/* ---- one list ---- */

/* Until when the insurer keeps it; null where he says nothing that is a time. */
static json_t *expiry(const char *available_until, const char *zone)
{
	char text[CLOCK_TEXT_SIZE];
	int64_t at;

	if (!available_until || !zone_parse(&at, available_until, zone, NULL))
		return json_null();
	return json_string(clock_text(text, at));
}

static void entry_add(json_t *entries, const struct shipment *item, const char *zone)
{
	json_array_append_new(entries,
			      json_pack("{s:s, s:s?, s:s?, s:s?, s:o}", "id", item->id, "category",
					item->category, "posted", item->posted, "available_until",
					item->available_until, "expires_at",
					expiry(item->available_until, zone)));
}

static char *list_as_json(const struct shipment_list *list, const char *zone, TALLOC_CTX *mem)
{
	json_t *entries = json_array();
	char *dumped, *text;

	for (size_t i = 0; i < list->count; i++)
		entry_add(entries, &list->items[i], zone);
	dumped = json_dumps(entries, JSON_COMPACT);
	text = talloc_strdup(mem, dumped);
	free(dumped);
	json_decref(entries);
	return text;
}

/* A list that is as long as it may be was cut off, perhaps; an entry that was passed over may be any. */
static bool list_complete(const struct round *round, const struct shipment_list *list)
{
	return !list->passed_over && list->count < (size_t)round->profile->list_most;
}

/* What the list no longer shows was acknowledged, if that was sent and not answered; else only the moment is kept. */
static bool list_settle(struct round *round, const struct shipment_list *list,
			const char *const *values, TALLOC_CTX *mem, struct err *e)
{
	struct rows *settled;

	if (!list_complete(round, list))
		return true;
	if (!poller_sql(round->poller, SQL_shipment_settle, 4, values, &settled, mem, e))
		return false;
	round->counts->acknowledged += (int)rows_int(settled, 0, "settled");
	return true;
}

/* Settle what the list no longer shows, and write it down: in this order, for what is settled is not asked again. rows: what is to be done with each. */
static bool list_record(struct round *round, const struct shipment_list *list, struct rows **rows,
			TALLOC_CTX *mem, struct err *e)
{
	struct poller *poller = round->poller;
	const char *values[] = { poller->broker, round->connection->name, round->fence,
				 list_as_json(list, round->profile->time_zone, mem),
				 round->acknowledge_s < 0
					 ? NULL
					 : talloc_asprintf(mem, "%" PRId64, round->acknowledge_s) };

	if (!list_settle(round, list, values, mem, e) ||
	    !poller_sql(poller, SQL_shipment_list, 5, values, rows, mem, e))
		return false;
	CRASH_POINT("list.recorded");
	return true;
}

static int work_known(const struct rows *rows)
{
	int known = 0;

	for (int i = 0; i < rows_count(rows); i++)
		known += !text_equal(rows_text(rows, i, "state"), "quarantined");
	return known;
}

static bool goes_on(const struct round *round)
{
	return !role_stopping() && !throttle_closed(round->throttle);
}

static bool list_work_each(struct round *round, const struct rows *rows, struct err *e)
{
	struct poller *poller = round->poller;
	int known = work_known(rows), done = 0;

	round->counts->held = 0; /* who is held is in every list: the last one counts */
	for (int i = 0; i < rows_count(rows) && goes_on(round); i++) {
		const char *id = rows_text(rows, i, "shipment_id");
		enum shipment_state state;

		if (!shipment_state_parse(&state, rows_text(rows, i, "state")))
			return err_set(e, ERR_BUG, "unknown state of a shipment");
		if (state == SHIPMENT_QUARANTINED || round_put_off(round, id))
			continue;
		if (!shipment_work(round, id, state, rows_bool(rows, i, "due"), e) ||
		    !lease_keep(round->lease, poller->db, poller->broker, e))
			return false;
		if (poller->progress)
			poller->progress(poller->progress_self, round->connection->name, ++done,
					 known);
	}
	return true;
}

/* After a list that follows, what is not marked would be asked again. */
static bool list_work(struct round *round, const struct rows *rows, struct err *e)
{
	struct err ignored = { 0 };

	if (list_work_each(round, rows, e))
		return shipment_marks_write(round, true, e);
	shipment_marks_write(round, false, &ignored);
	return false;
}

static bool list_patiently(struct shipment_list *list, struct round *round, TALLOC_CTX *mem,
			   struct err *e)
{
	for (int waits = 0; !transfer_list(list, round->session, mem, e); waits++)
		if (!throttle_wait(waits, e))
			return false;
	return true;
}

/* One list and its work. progressed: something was stored, so a further list may show more. */
static bool pass(struct round *round, bool first, bool *progressed, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "pass");
	int stored_before = round->counts->stored;
	struct shipment_list list;
	struct rows *rows;
	bool ok = list_patiently(&list, round, mem, e) && list_record(round, &list, &rows, mem, e);

	if (ok && list.count) /* an empty one is always the same */
		schema_note(round, NULL, false);
	if (ok && first) {
		round->counts->listed = (int)list.count;
		round->counts->passed_over = (int)list.passed_over;
	}
	ok = ok && list_work(round, rows, e);
	*progressed = round->counts->stored > stored_before;
	talloc_free(mem);
	return ok;
}

static bool passes(struct round *round, struct err *e)
{
	bool progressed = true;

	for (int i = 0; i < POLL_PASSES_MOST && progressed && goes_on(round); i++)
		if (!pass(round, i == 0, &progressed, e))
			return false;
	return true;
}

/* What may be lost if nobody looks after it. */
static bool expiring_count(struct round *round, TALLOC_CTX *mem, struct err *e)
{
	struct poll_counts *counts = round->counts;
	char days[12];
	const char *values[] = { round->poller->broker, round->connection->name, days };
	struct rows *rows;

	snprintf(days, sizeof days, "%d", EXPIRY_WARN_DAYS);
	if (!poller_sql(round->poller, SQL_shipment_expiring, 3, values, &rows, mem, e))
		return false;
	if (!rows_count(rows))
		return true;
	counts->expiring = (int)rows_int(rows, 0, "shipments");
	snprintf(counts->expires_at, sizeof counts->expires_at, "%s",
		 rows_text(rows, 0, "soonest"));
	return true;
}

/* ---- the round ---- */

static bool renew(void *self, struct err *e)
{
	struct round *round = self;

	return lease_keep(round->lease, round->poller->db, round->poller->broker, e);
}

/* Who only looks on must not read private keys to know when a certificate ends. */
static bool credential_note(const struct round *round, struct err *e)
{
	const struct identity *identity = round->session->files.identity;
	char text[CLOCK_TEXT_SIZE];

	return poller_sql(round->poller, SQL_connection_credential, 4,
			  (const char *const[]){
				  round->poller->broker, round->connection->name, round->fence,
				  identity ? clock_text(text, identity_ends_ms(identity)) : NULL },
			  NULL, NULL, e);
}

static bool round_work(struct round *round, TALLOC_CTX *mem, struct err *e)
{
	struct poller *poller = round->poller;
	struct session_options options;
	const struct insurer *insurer;
	struct connection *connection;

	if (!connection_load(&connection, poller->db, poller->broker, round->lease->connection, mem,
			     e))
		return false;
	round->connection = connection;
	insurer = insurers_by_issuer(poller->insurers, connection->issuer);
	if (!insurer)
		return err_set(e, ERR_SETUP, "there is no insurer file for issuer %s",
			       connection->issuer);
	if (!poller->spool && !(poller->spool = spool_open(poller->spool_folder, poller->mem, e)))
		return false;
	if (!retries_work(round, mem, e)) /* needs no insurer */
		return false;
	round->throttle = throttle_enter(&round->away, poller, round->lease, connection,
					 &insurer->profile, mem, e);
	if (!round->throttle)
		return false;
	options = (struct session_options){ .gate = throttle_gate(round->throttle),
					    .spool = poller->spool,
					    .cage = poller->cage,
					    .allow_plain = poller->allow_plain,
					    .tick = renew,
					    .tick_self = round };
	round->profile = &insurer->profile;
	round->acknowledge_s = connection_acknowledge_s(connection, round->profile);
	round->session = session_new(connection, round->profile, &options, mem, e);
	if (!round->session)
		return false;
	return credential_note(round, e) && passes(round, e) && expiring_count(round, mem, e);
}

/* A tenth more or less, so that those who failed or were done together do not come back together. */
static int jittered(int seconds)
{
	unsigned r = 0;

	if (getrandom(&r, sizeof r, 0) != sizeof r)
		r = 0;
	return seconds - seconds / 10 + (int)(r % (unsigned)(seconds / 5 + 1));
}

static int interval_s(const struct round *round)
{
	return round->connection->poll_interval_s ? round->connection->poll_interval_s
						  : round->profile->poll_interval_s;
}

/* After a failure twice as long as after the one before it, up to the most; a longer Retry-After is kept to the second.
 * A success begins anew. */
static int next_due_s(const struct round *round, const struct err *why)
{
	const struct connection *connection = round->connection;
	int seconds = RETRY_LEAST_S;

	if (why->kind == ERR_NONE)
		return jittered(interval_s(round));
	for (int i = 0; connection && i < connection->failures && seconds < RETRY_MOST_S; i++)
		seconds *= 2;
	if (seconds > RETRY_MOST_S)
		seconds = RETRY_MOST_S;
	if (round->through && seconds > interval_s(round))
		seconds = interval_s(
			round); /* one shipment's trouble does not keep the others waiting */
	return why->retry_after_s > seconds ? why->retry_after_s : jittered(seconds);
}

static char *connection_event(const char *type, const struct round *round, const struct err *why,
			      TALLOC_CTX *mem)
{
	json_t *row = event_row(type, "broker", round->lease->connection,
				json_pack("{s:s, s:s, s:s}", "connection", round->lease->connection,
					  "route", err_kind_name(why->kind), "code", why->code));
	char *dumped = json_dumps(row, JSON_COMPACT), *text = talloc_strdup(mem, dumped);

	free(dumped);
	json_decref(row);
	return text;
}

/* Nothing was asked: no success, no failure, and nobody is told. */
static bool round_return(struct round *round, struct err *e)
{
	round->counts->turned_away = true;
	return lease_return(round->lease, round->poller->db, round->poller->broker,
			    round->away.due_s, e);
}

/* Give the lease back and write down how it went. A lost lease is somebody else's to finish. */
static bool round_finish(struct round *round, const struct err *why, TALLOC_CTX *mem, struct err *e)
{
	char due[24];

	if (round->away.yes)
		return round_return(round, e);
	if (why->kind == ERR_CONFLICT)
		return true;
	snprintf(due, sizeof due, "%d", next_due_s(round, why));
	return poller_sql(round->poller, SQL_lease_finish, 8,
			  (const char *const[]){
				  round->poller->broker, round->lease->connection, round->fence,
				  why->kind == ERR_NONE ? NULL : why->text, due,
				  why->kind == ERR_LOGIN ? "true" : "false",
				  connection_event(EVENT_CONNECTION_FAILED, round, why, mem),
				  connection_event(EVENT_CONNECTION_RECOVERED, round, why, mem) },
			  NULL, NULL, e);
}

bool poll_refused(struct poller *poller, struct lease *lease, const struct connection *connection,
		  const struct profile *profile, const struct err *why, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "refused");
	struct round round = {
		.poller = poller, .lease = lease, .connection = connection, .profile = profile
	};
	bool ok;

	snprintf(round.fence, sizeof round.fence, "%lld", (long long)lease->fence);
	ok = round_finish(&round, why, mem, e);
	talloc_free(mem);
	return ok;
}

static void warnings_take(struct round *round)
{
	round->counts->warned = round->session->warned;
	memcpy(round->counts->warned_of, round->session->warned_of,
	       sizeof round->counts->warned_of);
}

bool poll_connection(struct poll_counts *counts, struct poller *poller, struct lease *lease,
		     struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "round");
	struct round round = { .poller = poller, .lease = lease, .counts = counts };
	struct err why = { 0 }, unfinished = { 0 };

	snprintf(round.fence, sizeof round.fence, "%lld", (long long)lease->fence);
	round.through = round_work(&round, mem, &why);
	if (round.through)
		why = round.trouble;
	*e = why;
	json_decref(round.marks);
	schema_notes_end(&round);
	if (round.session) {
		warnings_take(&round);
		session_close(round.session);
	}
	if (round.throttle)
		throttle_leave(round.throttle, &why);
	if (!round_finish(&round, &why, mem, &unfinished) && e->kind == ERR_NONE)
		*e = unfinished;
	talloc_free(mem);
	return e->kind == ERR_NONE;
}
