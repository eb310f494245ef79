/*
 * deliver_inside.h -- what the files of the courier share.
 *
 *	deliver.c        who delivers: claims endpoints, shares out the requests at once, waits
 *	deliver_turn.c   one endpoint while we hold its lease: reads ahead, sends, judges
 *	deliver_lane.c   order: one event of a lane at a time, lanes that stand aside
 *	deliver_again.c  replays, and dead letters that are sent again
 *	deliver_mark.c   what is written down of it
 *	deliver_judge.c  what an answer means
 *	deliver_way.c    the ways there are: a webhook's POST, a message to a bus
 */
#ifndef EVENTS_DELIVER_INSIDE_H
#define EVENTS_DELIVER_INSIDE_H

#include <sys/queue.h>

#include "events/cloudevent.h"
#include "events/deliver.h"
#include "events/deliver_judge.h"
#include "events/signature.h"
#include "events/sink_nats.h"

#define WINDOW     1024 /* events between the cursor and the last one read */
#define READ_MOST  128  /* events read at once */
#define LANE_READ  16   /* events of a lane that stands aside, read at once */
#define LANES_MOST 1000 /* of an endpoint that stand aside; one more puts the endpoint off */
#define LANES_SICK 8    /* different lanes that fail in a row, then the endpoint is put off */

#define REPLAY_READ  512 /* events of a replay looked at, at once */
#define REPLAY_LANES 64 /* that a replay is in at a time, without those that wait after a failure */

struct lane;
struct turn;

/* A place between the cursor and the last event read. */
struct slot {
	int64_t position;
	bool over; /* the cursor may pass */
};

/* GAP and DEAD have no position in their lane. */
enum item_kind { LIVE, GAP, REPLAYED, DEAD };

/* One event to be sent. */
struct item {
	TAILQ_ENTRY(item) link; /* of its lane, in order */
	TAILQ_ENTRY(item) air;  /* of its turn, while it is under way */
	struct turn *turn;
	struct lane *lane;
	struct slot *slot; /* NULL: the cursor does not wait for it */
	bool waits;        /* counted in turn->waiting */
	enum item_kind kind;
	bool before;      /* it was under way when a replay set its lane back */
	int64_t position; /* 0: GAP, DEAD */
	const char *id, *type;
	char *body; /* NULL: it cannot be drawn; why says so */
	char *why;
	bool customer; /* a customer is to be told */
};
TAILQ_HEAD(items, item);

struct lane {
	TAILQ_ENTRY(lane) ready_link, aside_link, dirty_link;
	char *key;
	struct items items; /* the first may be under way */
	bool ready, flying;
	bool aside;  /* the cursor passes its events; they are read by the lane */
	bool dirty;  /* differs from its row */
	bool stored; /* has a row */
	/* aside: */
	int64_t position;         /* no event before it is undelivered */
	int failures;             /* of the first event */
	int64_t due_ms, since_ms; /* monotonic */
	int64_t counted_at;       /* turn->delivered when it counted in lanes_failed; -1: not yet */
	char *error, *gap_id;
	/* aside and in a replay; else both 0 (replay_to may be 0 only then): */
	int64_t replay_to; /* the last position of it here */
	int64_t resume;    /* where the lane goes on then */
	bool replayed;     /* the replay need not look for it any more */
	bool replayed_stored;
	bool dead;          /* dead letters of it are to be sent */
	int64_t dead_after; /* the last one sent */
};
TAILQ_HEAD(lanes, lane);

/* What the endpoint gets again. */
struct replay {
	int64_t id; /* 0: there is none */
	int64_t position, to;
	char *types, *customer;
	char *name; /* what receivers see of it */
	bool changed, done;
};

enum ending { GOING, GIVE_BACK, PUT_OFF, GONE, LOST };

/* One endpoint while we hold its lease. */
struct turn {
	TAILQ_ENTRY(turn) link;
	struct courier *courier;
	char *holder; /* its own: a lease that we lost and took again is another one */
	struct endpoint endpoint;
	bool by_bus;
	char *types; /* "{a,b}": groups are resolved */
	struct secrets *secrets;
	struct schedule schedule;
	int failures;     /* of the endpoint in a row; while it has any, one request at a time */
	int lanes_failed; /* different ones since something was accepted */
	int limit;        /* requests at once */
	int grown;        /* accepted since the limit was raised */

	int64_t position, marked; /* the cursor here and in the database */
	int64_t read;             /* read up to here */
	struct slot slots[WINDOW];
	unsigned slot_first, slot_count;
	int waiting; /* items in lanes that are not under way */

	void *tree; /* of lanes by key */
	struct lanes ready, asides, dirty;
	int aside_count;
	bool aside_next; /* whose turn it is, of the lanes ready and those aside */
	struct items air;
	int air_count;

	int64_t delivered;    /* ever */
	int64_t sent, passed; /* since the last mark */
	char **accepted;      /* ids that customers are told of, since the last mark */
	char **again;         /* ids that were sent again, since the last mark */
	struct replay replay;
	enum ending ending;
	char *why;
	int64_t wait_ms;
	int64_t began_ms, renewed_ms, marked_ms, worked_ms;
};
TAILQ_HEAD(turns, turn);

struct courier {
	struct courier_conf conf;
	struct sink *sink;
	struct bus *bus;
	char *holder;   /* of the next lease */
	char **orphans; /* leases that we may hold and do not use */
	char *lease_s;
	bool swept;
	struct turns turns;
	int turn_count, air_count;
	int bus_air_count; /* of those under way, messages to buses */
	int64_t head;      /* the last position that was given, as far as we know */
	int64_t looked_ms;
	bool moved; /* the last round of the step took an answer: there is more to do */
	/* of the step under way */
	struct db *db;
	struct delivered *counts;
};

/* ---- deliver_turn.c ---- */

/* Of a row of endpoint_claim.sql. */
bool turn_begin(struct courier *courier, const struct rows *rows, struct err *e);

/* Everything that can be done now; frees the turn if it is over. *busy: there is more to do or
 * something is under way. */
bool turn_work(struct turn *turn, bool *busy, struct err *e);

/* The answer to one request. */
bool turn_landed(struct turn *turn, struct item *item, const struct judgement *judgement,
		 struct err *e);

/* Without a word to the database. */
void turn_drop(struct turn *turn);

/* ---- deliver.c ---- */

/* Sign and put under way. */
bool endpoint_post(struct sink *sink, const struct endpoint *endpoint,
		   const struct secrets *secrets, const char *id, const char *body,
		   const char *replay, void *tag, struct err *e);

/* ---- deliver_way.c ---- */

/* Put an item under way to its endpoint; replay: of item_replay. Fails as sink_start and bus_start. */
bool way_start(struct item *item, const char *replay, struct err *e);

/* Break it off. */
void way_drop(struct item *item);

/* The next item that is answered, if there is one, and what that means; moves the others along. */
bool way_landed(struct item **item, struct judgement *judgement, struct courier *courier);

/* Sleep until something moves, a byte can be read from fd (-1: none), or ms have passed. */
void way_wait(struct courier *courier, int fd, int ms);

/* ---- deliver_lane.c ---- */

/* The lanes that stand aside, from the database. */
bool lanes_load(struct turn *turn, struct err *e);
void lanes_end(struct turn *turn);

/* The CloudEvent is drawn here; child of the turn. */
struct item *item_new(struct turn *turn, const struct outbox_event *event, enum item_kind kind);

/* Drop it: it is not under way any more. */
void item_drop(struct turn *turn, struct item *item);

/* By name; made if it is not there. */
struct lane *lane_of(struct turn *turn, const char *key);

/* NULL if there is none. */
struct lane *lane_find(struct turn *turn, const char *key);

/* Behind the others of its lane. */
void lane_append(struct lane *lane, struct item *item);

/* The first item of a lane that may start now, NULL if there is none. Lanes that stand aside and
 * are due are read. Half of the chances are theirs. */
bool lane_start(struct item **item, struct turn *turn, struct err *e);

/* Its item is accepted: the next one may go. */
void lane_accepted(struct turn *turn, struct item *item);

/* Let the cursor pass: what waits is dropped and read again when the lane is due. */
void lane_set_aside(struct turn *turn, struct lane *lane, int64_t position);

/* Written down: drop what flows again. */
void lanes_marked(struct turn *turn);

/* Milliseconds until the next lane is due, at most `most`. */
int64_t lanes_due_in(const struct turn *turn, int64_t most);

/* The first event of the lane that is not delivered, as far as we know; `next` if none waits. */
int64_t lane_stands(const struct lane *lane, int64_t next);

/* To be written down at the next mark. */
void lane_dirty(struct turn *turn, struct lane *lane);

/* ---- deliver_again.c ---- */

/* What the claim said: the open replay, and whether there are dead letters to be sent. After
 * lanes_load. */
bool again_load(struct turn *turn, const struct rows *claim, struct err *e);

/* Is there another replay than the one we know, or dead letters that we do not know of? */
bool again_news(const struct turn *turn, const struct rows *renewed);

/* Take the replay into more lanes; end it if it is through. */
bool replay_walk(struct turn *turn, struct err *e);

/* Can it be taken into more lanes now, or be ended? */
bool replay_busy(const struct turn *turn);

/* A new event of the lane waits until the replay has been in it. position: of the event. */
bool replay_before(struct turn *turn, struct lane *lane, int64_t position, struct err *e);

/* The next dead letter of the lane, as an item of it. */
bool dead_read(struct turn *turn, struct lane *lane, TALLOC_CTX *mem, struct err *e);

/* A dead letter was refused: it stays one, its lane goes on. */
bool dead_refused(struct turn *turn, struct item *item, const char *why, struct err *e);

/* ---- deliver_mark.c ---- */

/* Write down the cursor and the lanes; ends the turn (LOST) if somebody else has the lease. */
bool turn_mark(struct turn *turn, struct err *e);
bool turn_changed(const struct turn *turn);

/* The last word of a turn: put off, disabled or given back. */
bool turn_end(struct turn *turn, struct err *e);

/* The first event of a lane goes to the dead letters. */
bool lane_park(struct turn *turn, struct lane *lane, int64_t position, struct err *e);

#endif
