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
	TAILQ_INIT(&lane->items);
	tsearch(lane, &turn->tree, lane_compare);
	return lane;
}

/* A lane of which nothing is left to know. */
static void lane_forget(struct turn *turn, struct lane *lane)
{
	if (lane->aside || lane->stored || lane->dirty || lane->flying ||
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

struct item *item_new(struct turn *turn, const struct outbox_event *event)
{
	struct item *item = talloc_zero(turn, struct item);
	struct err trouble = { 0 };

	item->turn = turn;
	item->position = event->position;
	item->id = talloc_strdup(item, event->id);
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
		turn->waiting -= item->waits;
		slot_leave(item);
		TAILQ_REMOVE(&lane->items, item, link);
		talloc_free(item);
	}
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
	lane_dirty(turn, lane);
}

void lanes_marked(struct turn *turn)
{
	struct lane *lane;

	while ((lane = TAILQ_FIRST(&turn->dirty))) {
		TAILQ_REMOVE(&turn->dirty, lane, dirty_link);
		lane->dirty = false;
		lane->stored = lane->aside;
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

		lane_append(lane, item_new(turn, &event));
	} else {
		TALLOC_FREE(lane->gap_id);
		lane_dirty(turn, lane);
	}
	return true;
}

static bool lane_read(struct turn *turn, struct lane *lane, struct err *e)
{
	struct courier *courier = turn->courier;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows = NULL;
	bool ok = !lane->gap_id || gap_read(turn, lane, mem, e);

	if (ok && TAILQ_EMPTY(&lane->items))
		ok = db_call(courier->db, SQL_lane_next, &rows, mem, e, courier->conf.broker,
			     lane->key, talloc_asprintf(mem, "%lld", (long long)lane->position),
			     talloc_asprintf(mem, "%lld", (long long)turn->read), turn->types,
			     talloc_asprintf(mem, "%d", LANE_READ));
	for (int i = 0; ok && rows && i < rows_count(rows); i++) {
		struct outbox_event event = outbox_event(rows, i);

		lane_append(lane, item_new(turn, &event));
	}
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

void lane_accepted(struct turn *turn, struct item *item)
{
	struct lane *lane = item->lane;

	slot_leave(item);
	if (lane->aside) {
		if (item->position)
			lane->position = item->position + 1;
		else
			TALLOC_FREE(lane->gap_id);
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
