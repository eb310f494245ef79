#include <string.h>

#include "base/clock.h"
#include "events/deliver_inside.h"

static const char *number(int64_t value, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%lld", (long long)value);
}

/* ---- the beginning ---- */

static bool replay_load(struct turn *turn, TALLOC_CTX *mem, struct err *e)
{
	struct courier *courier = turn->courier;
	struct replay *replay = &turn->replay;
	struct rows *rows = NULL;

	if (!db_call(courier->db, SQL_replay_open, &rows, mem, e, courier->conf.broker,
		     turn->endpoint.name))
		return false;
	if (rows_count(rows) == 0)
		return true;
	replay->id = rows_int(rows, 0, "replay_id");
	replay->position = rows_int(rows, 0, "position");
	replay->to = rows_int(rows, 0, "to_position");
	replay->types = talloc_strdup(turn, rows_text(rows, 0, "types"));
	replay->customer = talloc_strdup(turn, rows_text(rows, 0, "customer"));
	replay->name = talloc_asprintf(turn, "%lld", (long long)replay->id);
	if (!db_call(courier->db, SQL_replay_lanes, &rows, mem, e, replay->name))
		return false;
	for (int i = 0; i < rows_count(rows); i++) {
		struct lane *lane = lane_of(turn, rows_text(rows, i, "lane"));

		lane->replayed = lane->replayed_stored = true;
	}
	return true;
}

/* Their lanes stand aside, where they stand: what is aside is read. */
static bool dead_load(struct turn *turn, TALLOC_CTX *mem, struct err *e)
{
	struct courier *courier = turn->courier;
	struct rows *rows = NULL;

	if (!db_call(courier->db, SQL_dead_lanes, &rows, mem, e, courier->conf.broker,
		     turn->endpoint.name))
		return false;
	for (int i = 0; i < rows_count(rows); i++) {
		struct lane *lane = lane_of(turn, rows_text(rows, i, "lane"));

		if (!lane->aside)
			lane_set_aside(turn, lane, turn->read + 1);
		lane->dead = true;
	}
	return true;
}

/* Somebody ended the replay that a lane is in while it was written down. */
static void lanes_resume(struct turn *turn)
{
	struct lane *lane;

	TAILQ_FOREACH(lane, &turn->asides, aside_link)
	if (lane->replay_to) {
		lane->position = lane->resume;
		lane->replay_to = lane->resume = 0;
		lane_dirty(turn, lane);
	}
}

bool again_load(struct turn *turn, const struct rows *claim, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool ok = rows_int(claim, 0, "replay_id") == 0 || replay_load(turn, mem, e);

	if (ok && !turn->replay.id)
		lanes_resume(turn);
	ok = ok && (rows_int(claim, 0, "sending") == 0 || dead_load(turn, mem, e));
	talloc_free(mem);
	return ok;
}

bool again_news(const struct turn *turn, const struct rows *renewed)
{
	struct lane *lane;

	if (rows_int(renewed, 0, "replay_id") != turn->replay.id)
		return true;
	TAILQ_FOREACH(lane, &turn->asides, aside_link)
	if (lane->dead)
		return false;
	return rows_int(renewed, 0, "sending") > 0;
}

/* ---- a replay ---- */

/* The lane gets what the replay has for it from a position on, and goes on then where it stands.
 * What it has not had yet is no matter of a replay. */
static void lane_rewind(struct turn *turn, struct lane *lane, int64_t from, int64_t next)
{
	int64_t resume = lane_stands(lane, next);
	int64_t to = turn->replay.to < resume ? turn->replay.to : resume - 1;

	lane->replayed = true;
	lane_dirty(turn, lane);
	if (from > to)
		return;
	if (lane->flying)
		TAILQ_FIRST(&lane->items)->before = true;
	if (!lane->aside)
		lane->since_ms = clock_monotonic_ms();
	lane->failures = 0;
	lane_set_aside(turn, lane, from);
	lane->replay_to = to;
	lane->resume = resume;
}

/* That it is in; *going: of these, not waiting after a failure. */
static int replay_lanes(int *going, const struct turn *turn)
{
	struct lane *lane;
	int all = 0;

	*going = 0;
	TAILQ_FOREACH(lane, &turn->asides, aside_link)
	if (lane->replay_to) {
		all++;
		*going += lane->failures == 0;
	}
	return all;
}

static bool replay_read(struct turn *turn, int going, struct err *e)
{
	struct courier *courier = turn->courier;
	struct replay *replay = &turn->replay;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows = NULL;
	bool ok = db_call(courier->db, SQL_replay_next, &rows, mem, e, courier->conf.broker,
			  number(replay->position, mem), number(replay->to, mem), replay->types,
			  replay->customer, number(REPLAY_READ, mem));
	int i;

	for (i = 0; ok && i < rows_count(rows) && going < REPLAY_LANES; i++) {
		struct lane *lane = lane_of(turn, rows_text(rows, i, "lane"));

		replay->position = rows_int(rows, i, "position");
		if (lane->replayed)
			continue;
		lane_rewind(turn, lane, replay->position, turn->read + 1);
		going += lane->replay_to > 0;
	}
	if (ok && i == rows_count(rows) && i < REPLAY_READ)
		replay->position = replay->to;
	replay->changed = true;
	talloc_free(mem);
	return ok;
}

bool replay_busy(const struct turn *turn)
{
	const struct replay *replay = &turn->replay;
	int going, all;

	if (!replay->id || replay->done || turn->ending != GOING)
		return false;
	all = replay_lanes(&going, turn);
	if (replay->position >= replay->to)
		return all == 0;
	return going < REPLAY_LANES && turn->aside_count + REPLAY_LANES <= LANES_MOST;
}

bool replay_walk(struct turn *turn, struct err *e)
{
	struct replay *replay = &turn->replay;
	int going;

	if (!replay_busy(turn))
		return true;
	if (replay->position < replay->to) {
		replay_lanes(&going, turn);
		return replay_read(turn, going, e);
	}
	replay->done = replay->changed = true;
	return true;
}

bool replay_before(struct turn *turn, struct lane *lane, int64_t position, struct err *e)
{
	struct courier *courier = turn->courier;
	struct replay *replay = &turn->replay;
	TALLOC_CTX *mem;
	struct rows *rows = NULL;
	bool ok;

	if (!replay->id || lane->replayed || replay->position >= replay->to ||
	    (replay->customer && strcmp(replay->customer, lane->key) != 0))
		return true;
	mem = talloc_new(NULL);
	ok = db_call(courier->db, SQL_replay_first, &rows, mem, e, courier->conf.broker,
		     number(replay->position, mem), number(replay->to, mem), replay->types,
		     lane->key);
	if (ok && rows_count(rows) == 1)
		lane_rewind(turn, lane, rows_int(rows, 0, "position"), position);
	talloc_free(mem);
	return ok;
}

/* ---- dead letters ---- */

bool dead_read(struct turn *turn, struct lane *lane, TALLOC_CTX *mem, struct err *e)
{
	struct courier *courier = turn->courier;
	struct rows *rows = NULL;
	struct outbox_event event;

	if (!db_call(courier->db, SQL_dead_next, &rows, mem, e, courier->conf.broker,
		     turn->endpoint.name, lane->key, number(lane->dead_after, mem)))
		return false;
	lane->dead = rows_count(rows) == 1;
	if (!lane->dead)
		return true;
	event = outbox_event(rows, 0);
	lane->dead_after = event.position;
	lane_append(lane, item_new(turn, &event, DEAD));
	return true;
}

bool dead_refused(struct turn *turn, struct item *item, const char *why, struct err *e)
{
	struct courier *courier = turn->courier;
	bool ok = db_call(courier->db, SQL_dead_refused, NULL, turn, e, courier->conf.broker,
			  turn->endpoint.name, item->id, why);

	item->lane->flying = false;
	item_drop(turn, item);
	return ok;
}
