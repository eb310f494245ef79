#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/uuid7.h"
#include "events/deliver_inside.h"

bool turn_changed(const struct turn *turn)
{
	return turn->position != turn->marked || !TAILQ_EMPTY(&turn->dirty) ||
	       talloc_array_length(turn->accepted) > 0;
}

/* ---- as JSON ---- */

static char *json_text(json_t *json, TALLOC_CTX *mem)
{
	char *dumped = json_dumps(json, JSON_COMPACT);
	char *text = talloc_strdup(mem, dumped);

	free(dumped);
	json_decref(json);
	return text;
}

static json_t *lane_json(const struct lane *lane, int64_t now_ms)
{
	int64_t wait_ms = lane->due_ms > now_ms ? lane->due_ms - now_ms : 0;
	int64_t age_ms = lane->since_ms ? now_ms - lane->since_ms : 0;

	return json_pack("{s:s, s:I, s:i, s:I, s:I, s:s?, s:s?}", "lane", lane->key, "position",
			 (json_int_t)lane->position, "failures", lane->failures, "wait_ms",
			 (json_int_t)wait_ms, "age_ms", (json_int_t)age_ms, "error", lane->error,
			 "gap", lane->gap_id);
}

static void lanes_json(const char **aside, const char **flowing, const struct turn *turn,
		       TALLOC_CTX *mem)
{
	json_t *rows = json_array(), *names = json_array();
	int64_t now_ms = clock_monotonic_ms();
	struct lane *lane;

	TAILQ_FOREACH(lane, &turn->dirty, dirty_link)
	if (lane->aside)
		json_array_append_new(rows, lane_json(lane, now_ms));
	else
		json_array_append_new(names, json_string(lane->key));
	*aside = json_text(rows, mem);
	*flowing = json_text(names, mem);
}

static const char *accepted_json(const struct turn *turn, TALLOC_CTX *mem)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < talloc_array_length(turn->accepted); i++)
		json_array_append_new(ids, json_string(turn->accepted[i]));
	return json_text(ids, mem);
}

/* ---- the mark ---- */

static void mark_took(struct turn *turn)
{
	struct delivered *counts = turn->courier->counts;

	counts->sent += turn->sent;
	counts->passed += turn->passed;
	turn->marked = turn->position;
	turn->sent = turn->passed = 0;
	TALLOC_FREE(turn->accepted);
	lanes_marked(turn);
}

bool turn_mark(struct turn *turn, struct err *e)
{
	struct courier *courier = turn->courier;
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *aside, *flowing;
	struct rows *rows = NULL;
	bool ok;

	lanes_json(&aside, &flowing, turn, mem);
	CRASH_POINT("mark.before");
	ok = db_call(courier->db, SQL_endpoint_mark, &rows, mem, e, courier->conf.broker,
		     turn->endpoint.name, turn->holder,
		     talloc_asprintf(mem, "%lld", (long long)turn->position),
		     talloc_asprintf(mem, "%lld", (long long)turn->sent), courier->lease_s,
		     talloc_asprintf(mem, "%d", turn->lanes_failed),
		     talloc_asprintf(mem, "%d", turn->limit), aside, flowing,
		     accepted_json(turn, mem));
	if (ok && rows_count(rows) == 0) {
		turn->ending = LOST;
	} else if (ok) {
		CRASH_POINT("webhook.marked");
		mark_took(turn);
	}
	turn->marked_ms = turn->renewed_ms = clock_monotonic_ms();
	talloc_free(mem);
	return ok;
}

/* ---- the end ---- */

static bool endpoint_failed(struct turn *turn, TALLOC_CTX *mem, struct err *e)
{
	struct courier *courier = turn->courier;
	bool gone = turn->ending == GONE;
	struct rows *rows = NULL;

	if (!db_call(courier->db, SQL_endpoint_failed, &rows, mem, e, courier->conf.broker,
		     turn->endpoint.name, turn->holder, turn->why,
		     talloc_asprintf(mem, "%lld", (long long)turn->wait_ms),
		     gone ? "true" : "false"))
		return false;
	CRASH_POINT("endpoint.put_off");
	courier->counts->disabled += gone;
	courier->counts->lost += rows_count(rows) == 0;
	return true;
}

bool turn_end(struct turn *turn, struct err *e)
{
	struct courier *courier = turn->courier;
	TALLOC_CTX *mem = talloc_new(NULL);
	bool ok = true;

	if (turn->ending != LOST && (turn_changed(turn) || turn->ending == PUT_OFF))
		ok = turn_mark(turn, e);
	if (ok && turn->ending == LOST)
		courier->counts->lost++;
	else if (ok && turn->ending == GIVE_BACK)
		ok = db_call(courier->db, SQL_endpoint_release, NULL, mem, e, courier->conf.broker,
			     turn->endpoint.name, turn->holder);
	else if (ok)
		ok = endpoint_failed(turn, mem, e);
	talloc_free(mem);
	return ok;
}

/* ---- dead letters ---- */

bool lane_park(struct turn *turn, struct lane *lane, int64_t position, struct err *e)
{
	struct courier *courier = turn->courier;
	TALLOC_CTX *mem = talloc_new(NULL);
	char gap_id[UUID_TEXT_SIZE];
	struct rows *rows = NULL;
	bool ok = turn_mark(turn, e); /* its row must stand */

	if (ok && turn->ending != LOST) {
		CRASH_POINT("park.before");
		ok = db_call(courier->db, SQL_lane_park, &rows, mem, e, courier->conf.broker,
			     turn->endpoint.name, turn->holder, lane->key,
			     talloc_asprintf(mem, "%lld", (long long)position), uuid7_text(gap_id));
		if (ok && rows_count(rows) == 0) {
			turn->ending = LOST;
		} else if (ok) {
			CRASH_POINT("park.committed");
			courier->counts->parked++;
			lane->position = position + 1;
			lane->failures = 0;
			lane->gap_id = talloc_strdup(lane, gap_id);
			lane->due_ms = lane->since_ms = clock_monotonic_ms();
			TALLOC_FREE(lane->error);
		}
	}
	talloc_free(mem);
	return ok;
}
