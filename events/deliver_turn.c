#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/holder.h"
#include "base/role.h"
#include "events/bus_url.h"
#include "events/deliver_inside.h"
#include "model/event.h"

#define RENEW_MS  5000
#define IDLE_MS   2000 /* then an endpoint with nothing to do is given back */
#define GROW_POST 16   /* accepted, then one more request at once */

static void air_change(struct turn *turn, int by)
{
	turn->air_count += by;
	turn->courier->air_count += by;
	if (turn->by_bus)
		turn->courier->bus_air_count += by;
}

/* ---- the end ---- */

/* The first reason stands, but for a receiver that is gone. */
static void turn_put_off(struct turn *turn, enum ending ending, const char *why,
			 int64_t retry_after_s)
{
	if (turn->ending == LOST || turn->ending == GONE ||
	    (turn->ending == PUT_OFF && ending != GONE))
		return;
	turn->ending = ending;
	talloc_free(turn->why);
	turn->why = talloc_strdup(turn, why);
	turn->wait_ms = schedule_wait_ms(&turn->schedule, turn->failures + 1, retry_after_s,
					 schedule_chance());
}

static void turn_free(struct turn *turn)
{
	struct courier *courier = turn->courier;
	struct item *item;

	TAILQ_FOREACH(item, &turn->air, air)
	way_drop(item);
	air_change(turn, -turn->air_count);
	courier->turn_count--;
	TAILQ_REMOVE(&courier->turns, turn, link);
	lanes_end(turn);
	talloc_free(turn);
}

/* ---- the beginning ---- */

static bool turn_config(struct turn *turn, const struct rows *rows, struct err *e)
{
	struct endpoint *endpoint = &turn->endpoint;

	TALLOC_FREE(endpoint->held);
	TALLOC_FREE(turn->secrets);
	endpoint->held = talloc_new(turn);
	endpoint->url = talloc_strdup(endpoint->held, rows_text(rows, 0, "url"));
	endpoint->secret_file = talloc_strdup(endpoint->held, rows_text(rows, 0, "secret_file"));
	endpoint->ca_file = talloc_strdup(endpoint->held, rows_text(rows, 0, "ca_file"));
	endpoint->allow_private = rows_bool(rows, 0, "allow_private");
	if (!event_types_array(&turn->types, rows_text(rows, 0, "types"), endpoint->held, e) ||
	    !schedule_parse(&turn->schedule, rows_text(rows, 0, "retry_s"), e))
		return false;
	if (turn->by_bus && !rows_text(rows, 0, "retry_s"))
		turn->schedule = schedule_bus;
	if (!turn->by_bus)
		turn->secrets = secrets_read(endpoint->secret_file, turn, e);
	return turn->by_bus || turn->secrets;
}

static struct turn *turn_new(struct courier *courier, const struct rows *rows)
{
	struct turn *turn = talloc_zero(courier, struct turn);

	turn->courier = courier;
	turn->holder = talloc_steal(turn, courier->holder);
	courier->holder = holder_self(courier);
	turn->endpoint.name = talloc_strdup(turn, rows_text(rows, 0, "endpoint"));
	turn->by_bus = bus_url_is(rows_text(rows, 0, "url"));
	turn->schedule = turn->by_bus ? schedule_bus : schedule_standard;
	turn->failures = (int)rows_int(rows, 0, "failures");
	turn->lanes_failed = (int)rows_int(rows, 0, "lanes_failed");
	turn->delivered = rows_int(rows, 0, "delivered");
	turn->limit = (int)rows_int(rows, 0, "concurrency");
	turn->aside_next = turn->failures > 0; /* then what was not refused yet goes first */
	turn->position = turn->marked = turn->read = rows_int(rows, 0, "position");
	turn->began_ms = turn->renewed_ms = turn->marked_ms = turn->worked_ms =
		clock_monotonic_ms();
	TAILQ_INIT(&turn->ready);
	TAILQ_INIT(&turn->asides);
	TAILQ_INIT(&turn->dirty);
	TAILQ_INIT(&turn->air);
	TAILQ_INSERT_TAIL(&courier->turns, turn, link);
	courier->turn_count++;
	return turn;
}

bool turn_begin(struct courier *courier, const struct rows *rows, struct err *e)
{
	struct turn *turn = turn_new(courier, rows);
	struct err trouble = { 0 };

	if (!turn_config(turn, rows, &trouble)) {
		courier->counts->failed++;
		turn_put_off(turn, PUT_OFF, trouble.text, 0);
	}
	return lanes_load(turn, e) && again_load(turn, rows, e);
}

/* Changes of the endpoint are seen here, and that it was taken away. */
static bool turn_renew(struct turn *turn, struct err *e)
{
	struct courier *courier = turn->courier;
	struct err trouble = { 0 };
	struct rows *rows = NULL;
	bool ok = db_call(courier->db, SQL_endpoint_renew, &rows, turn, e, courier->conf.broker,
			  turn->endpoint.name, turn->holder, courier->lease_s);

	if (ok && rows_count(rows) == 0)
		turn->ending = LOST;
	else if (ok && !turn_config(turn, rows, &trouble))
		turn_put_off(turn, PUT_OFF, trouble.text, 0);
	else if (ok && turn->ending == GOING && again_news(turn, rows))
		turn->ending = GIVE_BACK; /* the next turn sees it from its beginning */
	turn->renewed_ms = clock_monotonic_ms();
	talloc_free(rows);
	return ok;
}

/* ---- the window ---- */

static struct slot *slot_push(struct turn *turn, int64_t position, bool over)
{
	struct slot *slot = &turn->slots[(turn->slot_first + turn->slot_count++) % WINDOW];

	*slot = (struct slot){ position, over };
	turn->read = position;
	return slot;
}

static bool event_take(struct turn *turn, const struct rows *rows, int row, struct err *e)
{
	struct outbox_event event = outbox_event(rows, row);
	bool wanted = rows_bool(rows, row, "wanted");
	struct slot *slot = slot_push(turn, event.position, true);
	struct lane *lane;
	struct item *item;

	turn->passed += !wanted;
	if (!wanted)
		return true;
	lane = lane_of(turn, event.aggregateid);
	if (!replay_before(turn, lane, event.position, e))
		return false;
	if (lane->aside)
		return true;
	slot->over = false;
	item = item_new(turn, &event, LIVE);
	item->slot = slot;
	lane_append(lane, item);
	return true;
}

static bool window_read(struct turn *turn, struct err *e)
{
	struct courier *courier = turn->courier;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows = NULL;
	bool ok = db_call(courier->db, SQL_event_for_endpoint, &rows, mem, e, courier->conf.broker,
			  talloc_asprintf(mem, "%lld", (long long)turn->read),
			  talloc_asprintf(mem, "%d", READ_MOST), turn->types);

	for (int i = 0; ok && i < rows_count(rows); i++)
		ok = event_take(turn, rows, i, e);
	if (ok && rows_count(rows) == 0) /* retention took what was there */
		slot_push(turn, courier->head, true);
	talloc_free(mem);
	return ok;
}

static void cursor_advance(struct turn *turn)
{
	while (turn->slot_count && turn->slots[turn->slot_first].over) {
		turn->position = turn->slots[turn->slot_first].position;
		turn->slot_first = (turn->slot_first + 1) % WINDOW;
		turn->slot_count--;
	}
}

/* The window is full because of one event that is under way for long: the others go on without it. */
static void window_open(struct turn *turn)
{
	struct slot *oldest = &turn->slots[turn->slot_first];
	struct item *item;

	if (turn->by_bus || turn->aside_count >= LANES_MOST)
		return;
	TAILQ_FOREACH(item, &turn->air, air)
	if (item->slot == oldest) {
		item->lane->since_ms = clock_monotonic_ms();
		lane_set_aside(turn, item->lane, item->position);
		break;
	}
	cursor_advance(turn);
}

static bool window_fill(struct turn *turn, struct err *e)
{
	while (turn->read < turn->courier->head && turn->waiting < READ_MOST / 2) {
		cursor_advance(turn);
		if (turn->slot_count + READ_MOST > WINDOW)
			window_open(turn);
		if (turn->slot_count + READ_MOST > WINDOW)
			break;
		if (!window_read(turn, e))
			return false;
	}
	return true;
}

/* ---- answers ---- */

static void lane_refused(struct turn *turn, struct item *item, const char *why)
{
	struct lane *lane = item->lane;
	int64_t now_ms = clock_monotonic_ms();

	if (lane->counted_at != turn->delivered) /* once, until something is accepted */
		turn->lanes_failed++;
	lane->counted_at = turn->delivered;
	if (++lane->failures == 1)
		lane->since_ms = now_ms;
	lane->due_ms =
		now_ms + schedule_wait_ms(&turn->schedule, lane->failures, 0, schedule_chance());
	talloc_free(lane->error);
	lane->error = talloc_strdup(lane, why);
}

static bool lane_failed(struct turn *turn, struct item *item, const char *why, struct err *e)
{
	struct lane *lane = item->lane;
	int64_t position = item->position;
	bool gap = item->kind == GAP, beside = !position || (item->before && lane->replay_to);

	if (item->kind == DEAD)
		return dead_refused(turn, item, why, e);
	lane->flying = false;
	if (!lane->aside && turn->aside_count >= LANES_MOST) {
		turn_put_off(turn, PUT_OFF, "too many lanes stand aside", 0);
		return true;
	}
	lane_refused(turn, item, why);
	lane_set_aside(turn, lane, beside ? lane->position : position);
	if (!beside && position > lane->replay_to)
		lane->replay_to = lane->resume = 0;
	if (lane->failures > turn->schedule.count && gap) {
		lane->failures = 0;
		TALLOC_FREE(lane->gap_id); /* nobody wants the notice, either */
	} else if (lane->failures > turn->schedule.count && !beside) {
		return lane_park(turn, lane, position, e); /* so the lane goes on at once */
	}
	if (turn->lanes_failed >= LANES_SICK || turn->failures > 0)
		turn_put_off(turn, PUT_OFF, why, 0);
	return true;
}

static void id_add(char ***ids, const char *id, struct turn *turn)
{
	size_t n = talloc_array_length(*ids);

	*ids = talloc_realloc(turn, *ids, char *, n + 1);
	(*ids)[n] = talloc_strdup(*ids, id);
}

static void item_accepted(struct turn *turn, struct item *item)
{
	if (item->customer)
		id_add(&turn->accepted, item->id, turn);
	if (item->kind == REPLAYED || item->kind == DEAD)
		id_add(&turn->again, item->id, turn);
	turn->sent++;
	turn->delivered++;
	turn->failures = turn->lanes_failed = 0;
	if (++turn->grown >= GROW_POST && turn->limit < DELIVER_FLIGHTS_EACH) {
		turn->limit++;
		turn->grown = 0;
	}
	lane_accepted(turn, item);
}

static bool item_judged(struct turn *turn, struct item *item, const struct judgement *judgement,
			struct err *e)
{
	if (judgement->verdict == VERDICT_ACCEPTED) {
		item_accepted(turn, item);
		return true;
	}
	turn->courier->counts->failed++;
	if (judgement->verdict == VERDICT_LANE)
		return lane_failed(turn, item, judgement->why, e);
	item->lane->flying = false;
	if (judgement->slower && turn->ending == GOING) {
		turn->limit = turn->limit > 1 ? turn->limit / 2 : 1;
		turn->grown = 0;
	}
	turn_put_off(turn, judgement->verdict == VERDICT_GONE ? GONE : PUT_OFF, judgement->why,
		     judgement->retry_after_s);
	return true;
}

static void air_leave(struct turn *turn, struct item *item)
{
	TAILQ_REMOVE(&turn->air, item, air);
	air_change(turn, -1);
	turn->worked_ms = clock_monotonic_ms();
}

bool turn_landed(struct turn *turn, struct item *item, const struct judgement *judgement,
		 struct err *e)
{
	CRASH_POINT("webhook.answered");
	air_leave(turn, item);
	return item_judged(turn, item, judgement, e);
}

/* ---- requests ---- */

/* What the receiver is told of a repetition. */
static const char *item_replay(const struct turn *turn, const struct item *item)
{
	if (item->kind == DEAD)
		return "dead-letter";
	return item->kind == REPLAYED ? turn->replay.name : NULL;
}

static bool item_start(struct turn *turn, struct item *item, struct err *e)
{
	struct judgement judgement = { .verdict = VERDICT_LANE };
	struct err trouble = { 0 };

	TAILQ_INSERT_TAIL(&turn->air, item, air);
	air_change(turn, 1);
	CRASH_POINT("webhook.picked");
	if (item->body && way_start(item, item_replay(turn, item), &trouble))
		return true;
	/* An event that cannot be drawn is our own mistake; it is not skipped, but shown. */
	air_leave(turn, item);
	if (item->body || turn->by_bus)
		judgement.verdict = VERDICT_ENDPOINT;
	snprintf(judgement.why, sizeof judgement.why, "%s", item->body ? trouble.text : item->why);
	return item_judged(turn, item, &judgement, e);
}

/* The first request of every endpoint always goes; those beyond share what is left. */
static bool may_start(const struct turn *turn)
{
	const struct courier *courier = turn->courier;
	int posts = courier->air_count - courier->bus_air_count;
	int most = turn->by_bus ? DELIVER_BUS_FLIGHTS : turn->limit;

	if (turn->failures > 0)
		most = 1;

	if (turn->ending != GOING || role_stopping() || turn->air_count >= most ||
	    clock_monotonic_ms() - turn->renewed_ms > DELIVER_LEASE_S * 1000)
		return false;
	return turn->by_bus || turn->air_count == 0 ||
	       posts - courier->turn_count < DELIVER_FLIGHTS - DELIVER_TURNS;
}

static bool items_start(struct turn *turn, struct err *e)
{
	struct item *item;

	while (may_start(turn)) {
		if (!lane_start(&item, turn, e))
			return false;
		if (!item)
			break;
		if (!item_start(turn, item, e))
			return false;
	}
	return true;
}

/* ---- all of it ---- */

static bool mark_due(const struct turn *turn)
{
	if (!turn_changed(turn) || turn->ending == LOST)
		return false;
	return turn->sent + turn->passed >= DELIVER_MARK_EVENTS ||
	       clock_monotonic_ms() - turn->marked_ms >= DELIVER_MARK_MS ||
	       (turn->air_count == 0 && turn->waiting == 0);
}

static bool turn_idle(const struct turn *turn)
{
	return turn->air_count == 0 && turn->waiting == 0 && turn->read >= turn->courier->head &&
	       !replay_busy(turn) && lanes_due_in(turn, 1) > 0;
}

/* Given back when there is nothing to do for long, at once if others wait, and after a while in
 * any case if they do. */
static void give_back_if_idle(struct turn *turn)
{
	const struct courier *courier = turn->courier;
	int64_t now_ms = clock_monotonic_ms();
	bool crowded = courier->turn_count >= DELIVER_TURNS;

	if (turn->ending != GOING)
		return;
	if (role_stopping() || (crowded && now_ms - turn->began_ms > DELIVER_TURN_MS))
		turn->ending = GIVE_BACK;
	else if (turn_idle(turn) && (crowded || now_ms - turn->worked_ms > IDLE_MS))
		turn->ending = GIVE_BACK;
}

bool turn_work(struct turn *turn, bool *busy, struct err *e)
{
	bool ok = true;

	if (turn->ending != LOST && clock_monotonic_ms() - turn->renewed_ms > RENEW_MS)
		ok = turn_renew(turn, e);
	if (ok && turn->ending == GOING)
		ok = replay_walk(turn, e) && window_fill(turn, e) && items_start(turn, e);
	cursor_advance(turn);
	if (ok && mark_due(turn))
		ok = turn_mark(turn, e);
	give_back_if_idle(turn);
	*busy = *busy || !turn_idle(turn);
	if (!ok || turn->ending == GOING || (turn->ending != LOST && turn->air_count > 0))
		return ok;
	*busy = true; /* another one may take its place */
	ok = turn_end(turn, e);
	turn_free(turn);
	return ok;
}

void turn_drop(struct turn *turn)
{
	turn_free(turn);
}
