#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/uuid7.h"
#include "events/deliver_inside.h"

bool turn_changed(const struct turn *turn)
{
	return turn->position != turn->marked || !TAILQ_EMPTY(&turn->dirty) ||
	       talloc_array_length(turn->accepted) > 0 || talloc_array_length(turn->again) > 0 ||
	       turn->replay.changed;
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

	json_t *json = json_pack("{s:s, s:I, s:i, s:I, s:I, s:s?, s:s?}", "lane", lane->key,
				 "position", (json_int_t)lane->position, "failures", lane->failures,
				 "wait_ms", (json_int_t)wait_ms, "age_ms", (json_int_t)age_ms,
				 "error", lane->error, "gap", lane->gap_id);

	if (lane->counted_at >= 0)
		json_object_set_new(json, "counted", json_integer(lane->counted_at));
	if (lane->replay_to) {
		json_object_set_new(json, "replay_to", json_integer(lane->replay_to));
		json_object_set_new(json, "resume", json_integer(lane->resume));
	}
	return json;
}

/* What a mark says of lanes. */
struct lanes_said {
	const char *aside, *flowing, *replayed;
};

static void lanes_json(struct lanes_said *said, const struct turn *turn, TALLOC_CTX *mem)
{
	json_t *rows = json_array(), *names = json_array(), *replayed = json_array();
	int64_t now_ms = clock_monotonic_ms();
	struct lane *lane;

	TAILQ_FOREACH(lane, &turn->dirty, dirty_link)
	{
		if (lane->aside)
			json_array_append_new(rows, lane_json(lane, now_ms));
		else
			json_array_append_new(names, json_string(lane->key));
		if (lane->replayed && !lane->replayed_stored)
			json_array_append_new(replayed, json_string(lane->key));
	}
	*said = (struct lanes_said){ json_text(rows, mem), json_text(names, mem),
				     json_text(replayed, mem) };
}

static const char *ids_json(char *const *list, TALLOC_CTX *mem)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < talloc_array_length(list); i++)
		json_array_append_new(ids, json_string(list[i]));
	return json_text(ids, mem);
}

static const char *number(int64_t value, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%lld", (long long)value);
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
	TALLOC_FREE(turn->again);
	turn->replay.changed = false;
	if (turn->replay.done)
		turn->replay.id = 0;
	lanes_marked(turn);
}

static bool mark_write(struct rows **rows, struct turn *turn, TALLOC_CTX *mem, struct err *e)
{
	struct courier *courier = turn->courier;
	const struct replay *replay = &turn->replay;
	struct lanes_said lanes;

	lanes_json(&lanes, turn, mem);
	return db_call(courier->db, SQL_endpoint_mark, rows, mem, e, courier->conf.broker,
		       turn->endpoint.name, turn->holder, number(turn->position, mem),
		       number(turn->sent, mem), courier->lease_s, number(turn->lanes_failed, mem),
		       number(turn->limit, mem), lanes.aside, lanes.flowing,
		       ids_json(turn->accepted, mem), ids_json(turn->again, mem),
		       replay->id ? number(replay->id, mem) : NULL, number(replay->position, mem),
		       replay->done ? "true" : "false", replay->id ? lanes.replayed : "[]");
}

bool turn_mark(struct turn *turn, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool replay = turn->replay.changed;
	struct rows *rows = NULL;
	bool ok;

	CRASH_POINT("mark.before");
	if (replay)
		CRASH_POINT("replay.before");
	ok = mark_write(&rows, turn, mem, e);
	if (ok && rows_count(rows) == 0) {
		turn->ending = LOST;
	} else if (ok) {
		CRASH_POINT("webhook.marked");
		if (replay)
			CRASH_POINT("replay.marked");
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
