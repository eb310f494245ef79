#include <search.h>
#include <string.h>

#include "base/clock.h"
#include "events/deliver_inside.h"
#include "model/event.h"

/* ---- by name ---- */

static int lane_compare(const void *a, const void *b)
{
	return strcmp(((const struct lane *)a)->key, ((const struct lane *)b)->key);
}

static void nothing(void *node)
{
	(void)node;
}

void lanes_end(struct turn *turn)
{
	tdestroy(turn->tree, nothing);
	turn->tree = NULL;
}

struct lane *lane_find(struct turn *turn, const char *key)
{
	struct lane sought = { .key = (char *)(uintptr_t)key };
	void *node = tfind(&sought, &turn->tree, lane_compare);

	return node ? *(struct lane **)node : NULL;
}

struct lane *lane_of(struct turn *turn, const char *key)
{
	struct lane *lane = lane_find(turn, key);

	if (lane)
		return lane;
	lane = talloc_zero(turn, struct lane);
	lane->key = talloc_strdup(lane, key);
	lane->counted_at = -1;
	TAILQ_INIT(&lane->items);
	tsearch(lane, &turn->tree, lane_compare);
	return lane;
}

/* A lane of which nothing is left to know. */
static void lane_forget(struct turn *turn, struct lane *lane)
{
	if (lane->aside || lane->stored || lane->dirty || lane->flying || lane->replayed ||
	    !TAILQ_EMPTY(&lane->items))
		return;
	tdelete(lane, &turn->tree, lane_compare);
	talloc_free(lane);
}

void lane_dirty(struct turn *turn, struct lane *lane)
{
	if (!lane->dirty)
		TAILQ_INSERT_TAIL(&turn->dirty, lane, dirty_link);
	lane->dirty = true;
}

/* ---- items ---- */

struct item *item_new(struct turn *turn, const struct outbox_event *event, enum item_kind kind)
{
	struct item *item = talloc_zero(turn, struct item);
	struct err trouble = { 0 };

	item->turn = turn;
	item->kind = kind;
	item->position = kind == GAP || kind == DEAD ? 0 : event->position;
	item->id = talloc_strdup(item, event->id);
	item->type = talloc_strdup(item, event->type);
	item->customer = event_audience(event->type) == AUDIENCE_CUSTOMER;
	item->body = cloudevent_text(event, turn->courier->conf.source, item, &trouble);
	if (!item->body)
		item->why = talloc_strdup(item, trouble.text);
	return item;
}

static void lane_ready(struct lane *lane, struct turn *turn)
{
	if (lane->ready || lane->flying || lane->aside || TAILQ_EMPTY(&lane->items))
		return;
	lane->ready = true;
	TAILQ_INSERT_TAIL(&turn->ready, lane, ready_link);
}

void lane_append(struct lane *lane, struct item *item)
{
	item->lane = lane;
	TAILQ_INSERT_TAIL(&lane->items, item, link);
	item->waits = item->slot != NULL;
	item->turn->waiting += item->waits;
	lane_ready(lane, item->turn);
}

static void slot_leave(struct item *item)
{
	if (item->slot)
		item->slot->over = true;
	item->slot = NULL;
}

void item_drop(struct turn *turn, struct item *item)
{
	turn->waiting -= item->waits;
	slot_leave(item);
	TAILQ_REMOVE(&item->lane->items, item, link);
	talloc_free(item);
}

/* Without those under way. */
static void lane_empty(struct turn *turn, struct lane *lane)
{
	struct item *item = TAILQ_FIRST(&lane->items), *next;

	if (item && lane->flying) {
		slot_leave(item);
		item = TAILQ_NEXT(item, link);
	}
	for (; item; item = next) {
		next = TAILQ_NEXT(item, link);
		item_drop(turn, item);
	}
}

int64_t lane_stands(const struct lane *lane, int64_t next)
{
	const struct item *first = TAILQ_FIRST(&lane->items);

	if (lane->aside)
		return lane->replay_to ? lane->resume : lane->position;
	return first ? first->position : next;
}

/* ---- aside and back ---- */

void lane_set_aside(struct turn *turn, struct lane *lane, int64_t position)
{
	if (lane->ready)
		TAILQ_REMOVE(&turn->ready, lane, ready_link);
	lane->ready = false;
	if (!lane->aside) {
		TAILQ_INSERT_TAIL(&turn->asides, lane, aside_link);
		turn->aside_count++;
		lane->aside = true;
	}
	lane->position = position;
	lane_empty(turn, lane);
	lane_dirty(turn, lane);
}

/* Nothing of it waits up to where we have read: it flows again. */
static void lane_flow(struct turn *turn, struct lane *lane)
{
	TAILQ_REMOVE(&turn->asides, lane, aside_link);
	turn->aside_count--;
	lane->aside = false;
	lane->replay_to = lane->resume = 0;
	lane_dirty(turn, lane);
}

void lanes_marked(struct turn *turn)
{
	struct lane *lane;

	while ((lane = TAILQ_FIRST(&turn->dirty))) {
		TAILQ_REMOVE(&turn->dirty, lane, dirty_link);
		lane->dirty = false;
		lane->stored = lane->aside;
		lane->replayed_stored = lane->replayed;
		lane_forget(turn, lane);
	}
}

bool lanes_load(struct turn *turn, struct err *e)
{
	struct courier *courier = turn->courier;
	int64_t now_ms = clock_monotonic_ms();
	struct rows *rows = NULL;

	if (!db_call(courier->db, SQL_lane_asides, &rows, turn, e, courier->conf.broker,
		     turn->endpoint.name))
		return false;
	for (int i = 0; i < rows_count(rows); i++) {
		struct lane *lane = lane_of(turn, rows_text(rows, i, "lane"));

		lane->aside = lane->stored = true;
		lane->position = rows_int(rows, i, "position");
		lane->failures = (int)rows_int(rows, i, "failures");
		lane->due_ms = now_ms + rows_int(rows, i, "wait_ms");
		lane->since_ms = now_ms - rows_int(rows, i, "age_ms");
		lane->error = talloc_strdup(lane, rows_text(rows, i, "last_error"));
		lane->gap_id = talloc_strdup(lane, rows_text(rows, i, "gap_id"));
		lane->replay_to = rows_int(rows, i, "replay_to");
		lane->resume = rows_int(rows, i, "resume");
		lane->counted_at = rows_int(rows, i, "counted_at");
		TAILQ_INSERT_TAIL(&turn->asides, lane, aside_link);
		turn->aside_count++;
	}
	talloc_free(rows);
	return true;
}

/* ---- what goes next ---- */

/* The gap notice that is due before the next event. */
static bool gap_read(struct turn *turn, struct lane *lane, TALLOC_CTX *mem, struct err *e)
{
	struct courier *courier = turn->courier;
	struct rows *rows = NULL;

	if (!db_call(courier->db, SQL_lane_gap, &rows, mem, e, courier->conf.broker,
		     turn->endpoint.name, lane->gap_id))
		return false;
	if (rows_count(rows) == 1) {
		struct outbox_event event = outbox_event(rows, 0);

		lane_append(lane, item_new(turn, &event, GAP));
	} else {
		TALLOC_FREE(lane->gap_id);
		lane_dirty(turn, lane);
	}
	return true;
}

static const char *number(int64_t value, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%lld", (long long)value);
}

static bool events_read(struct turn *turn, struct lane *lane, TALLOC_CTX *mem, struct err *e)
{
	struct courier *courier = turn->courier;
	struct rows *rows = NULL;

	if (!db_call(courier->db, SQL_lane_next, &rows, mem, e, courier->conf.broker, lane->key,
		     number(lane->position, mem), number(turn->read, mem), turn->types,
		     number(LANE_READ, mem), number(lane->replay_to, mem), turn->replay.types,
		     number(lane->resume, mem)))
		return false;
	for (int i = 0; i < rows_count(rows); i++) {
		struct outbox_event event = outbox_event(rows, i);
		bool again = event.position <= lane->replay_to;

		lane_append(lane, item_new(turn, &event, again ? REPLAYED : LIVE));
	}
	return true;
}

/* A gap notice, a dead letter, then events. */
static bool lane_read(struct turn *turn, struct lane *lane, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool ok = !lane->gap_id || gap_read(turn, lane, mem, e);

	if (ok && TAILQ_EMPTY(&lane->items) && lane->dead)
		ok = dead_read(turn, lane, mem, e);
	if (ok && TAILQ_EMPTY(&lane->items))
		ok = events_read(turn, lane, mem, e);
	talloc_free(mem);
	return ok;
}

/* A lane that stands aside, is due and has something to send; NULL if there is none. */
static bool aside_due(struct lane **due, struct turn *turn, struct err *e)
{
	int64_t now_ms = clock_monotonic_ms();
	struct lane *lane, *next;

	*due = NULL;
	for (lane = TAILQ_FIRST(&turn->asides); lane; lane = next) {
		next = TAILQ_NEXT(lane, aside_link);
		if (lane->flying || lane->due_ms > now_ms)
			continue;
		if (TAILQ_EMPTY(&lane->items) && !lane_read(turn, lane, e))
			return false;
		if (!TAILQ_EMPTY(&lane->items)) {
			*due = lane;
			return true;
		}
		lane_flow(turn, lane);
	}
	return true;
}

bool lane_start(struct item **item, struct turn *turn, struct err *e)
{
	struct lane *lane = NULL;

	*item = NULL;
	turn->aside_next = !turn->aside_next;
	if (turn->aside_next && !aside_due(&lane, turn, e))
		return false;
	if (!lane)
		lane = TAILQ_FIRST(&turn->ready);
	if (!lane && !turn->aside_next && !aside_due(&lane, turn, e))
		return false;
	if (!lane)
		return true;
	if (lane->ready)
		TAILQ_REMOVE(&turn->ready, lane, ready_link);
	lane->ready = false;
	if (lane->aside) { /* behind the others */
		TAILQ_REMOVE(&turn->asides, lane, aside_link);
		TAILQ_INSERT_TAIL(&turn->asides, lane, aside_link);
	}
	lane->flying = true;
	*item = TAILQ_FIRST(&lane->items);
	turn->waiting -= (*item)->waits;
	(*item)->waits = false;
	return true;
}

/* What follows for where a lane stands that is aside. */
static void lane_advance(struct lane *lane, const struct item *item)
{
	if (item->kind == GAP)
		TALLOC_FREE(lane->gap_id);
	if (!item->position)
		return;
	if (item->before && lane->replay_to) {
		lane->resume = item->position + 1;
		return;
	}
	lane->position = item->position + 1;
	if (item->position > lane->replay_to)
		lane->replay_to = lane->resume = 0;
}

void lane_accepted(struct turn *turn, struct item *item)
{
	struct lane *lane = item->lane;

	slot_leave(item);
	if (lane->aside) {
		lane_advance(lane, item);
		lane->failures = 0;
		lane->due_ms = lane->since_ms = clock_monotonic_ms();
		TALLOC_FREE(lane->error);
		lane_dirty(turn, lane);
	}
	lane->flying = false;
	TAILQ_REMOVE(&lane->items, item, link);
	talloc_free(item);
	lane_ready(lane, turn);
	lane_forget(turn, lane);
}

int64_t lanes_due_in(const struct turn *turn, int64_t most)
{
	int64_t now_ms = clock_monotonic_ms();
	struct lane *lane;

	TAILQ_FOREACH(lane, &turn->asides, aside_link)
	if (!lane->flying && lane->due_ms - now_ms < most)
		most = lane->due_ms > now_ms ? lane->due_ms - now_ms : 0;
	return most;
}
