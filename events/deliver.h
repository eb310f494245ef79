/*
 * deliver.h -- webhooks and buses: every endpoint gets the events of its types, at least once, those of one
 * lane in order of position.
 *
 * A lane is one aggregateid at one endpoint: a customer, a connection. One event of a lane is under
 * way at a time; lanes and endpoints do not wait for each other. The body is a CloudEvent
 * (events/cloudevent.h), signed as Standard Webhooks wants it (events/signature.h); webhook-id is
 * the event's id and the same at every attempt. Only a whole 2xx answer is a delivery; what any
 * other answer means stands in deliver_judge.h.
 *
 * A refused event makes its lane stand aside: the cursor passes, the lane's later events wait for
 * their first one, which comes again after 5 s, 5 min ... 24 h, each up to a tenth longer. After the
 * last attempt (about 75 h) it goes to the dead letters, the endpoint gets an endpoint.gap notice
 * in the lane, and the later events flow. When the endpoint as a whole fails, or LANES_SICK lanes
 * in a row, it is put off on the same waits; then one request at a time asks whether it is well.
 *
 * A bus (events/sink_nats.h) gets the same events as messages. It takes all or nothing: whatever
 * fails, the endpoint is put off, no lane stands aside, nothing is parked; waits are 1 s to 60 s.
 *
 * Cursor and lanes are marked in small groups (at least after every DELIVER_MARK_EVENTS events or
 * DELIVER_MARK_MS): after a crash so many are sent again at most. A lease in the endpoint's row
 * keeps others away; who lost it moves nothing.
 */
#ifndef EVENTS_DELIVER_H
#define EVENTS_DELIVER_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "events/sink_http.h"
#include "store/db.h"

#define DELIVER_MARK_EVENTS  32
#define DELIVER_MARK_MS      100
#define DELIVER_FLIGHTS      64   /* requests at once */
#define DELIVER_FLIGHTS_EACH 8    /* to one endpoint; 429 and 503 lower it */
#define DELIVER_BUS_FLIGHTS  256  /* messages to one bus without acknowledgement */
#define DELIVER_TURNS        32   /* endpoints at once; the first request of each always goes */
#define DELIVER_TURN_MS      5000 /* then another one has its turn, if more wait */
#define DELIVER_LEASE_S      45   /* nothing is sent so long after the last renewal */

struct courier_conf {
	const char *broker;
	const char *source;        /* of the CloudEvents */
	long connect_ms, total_ms; /* 0: 10 s and 20 s; of a bus connect_ms is 2 s */
	long ack_ms;               /* of a bus; 0: 5 s */
};

/* Who delivers: keeps endpoints and connections to receivers between calls. One per process and
 * thread. */
struct courier;

/* conf's strings must live as long. Child of mem. */
struct courier *courier_new(const struct courier_conf *conf, TALLOC_CTX *mem);

struct delivered {
	int64_t sent;   /* events answered 2xx and marked */
	int64_t passed; /* events that their endpoint does not want */
	int failed;     /* attempts that failed */
	int parked;     /* events that went to the dead letters */
	int disabled;   /* endpoints that answered 410 */
	int lost;       /* turns that ended because somebody else took the lease */
};

/*
 * deliver_step -- claim what is due, send what may go, take what was answered; waits for nobody.
 *   news    something was numbered since: look at once, else ten times a second
 *   counts  is added to
 *   busy    something is under way or waits to be sent; call again soon
 *   fails   ERR_RETRY, ERR_BUG of the database: what was in hand is taken up from there again. A
 *           receiver's failure is no error: it stands in the endpoint's row or the lane's.
 * When told to stop (role_stopping) it starts nothing; call until not busy.
 */
bool deliver_step(struct db *db, struct courier *courier, bool news, struct delivered *counts,
		  bool *busy, struct err *e);

/* Sleep until an answer comes, a byte can be read from fd (-1: none), a lane is due, or ms have
 * passed. Returns the milliseconds slept. */
int64_t deliver_wait(struct courier *courier, int fd, int64_t ms);

/* Steps until nothing is under way or due any more; gives every endpoint back. */
bool deliver_due(struct db *db, struct courier *courier, struct delivered *counts, struct err *e);

/* How an endpoint is reached: the columns of endpoint_find.sql. */
struct endpoint {
	const char *name, *url, *secret_file, *ca_file;
	bool allow_private;
	TALLOC_CTX *held; /* NULL, or what the strings hang on */
};

/* Send one event now: sign, post. False if no whole answer came; the status is the caller's to
 * judge. */
bool deliver_one(struct answer *answer, struct sink *sink, const struct endpoint *endpoint,
		 const char *id, const char *body, struct err *e);

#endif
