/*
 * deliver.h -- webhooks: every endpoint gets the events of its types, at least once, in order of
 *position.
 *
 * The body is a CloudEvent (events/cloudevent.h), signed as Standard Webhooks wants it
 *(events/signature.h). webhook-id is the event's id and the same at every attempt, so that a
 *receiver knows a repetition. Only a whole 2xx answer lets the cursor pass an event. Anything else
 *ends the endpoint's turn:
 *
 *	410              the endpoint is disabled until a person enables it
 *	Retry-After      comes again then, at least 5 s and at most 24 h later
 *	everything else  comes again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, then
 *every 24 h; up to a tenth longer by chance. It never gives up: the events behind wait in order.
 *
 * The cursor is moved in small groups (at least after every DELIVER_MARK_EVENTS events or
 *DELIVER_MARK_MS): after a crash so many are sent again at most. A lease in the endpoint's row
 *keeps others away meanwhile.
 */
#ifndef EVENTS_DELIVER_H
#define EVENTS_DELIVER_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "events/sink_http.h"
#include "store/db.h"

#define DELIVER_MARK_EVENTS 32
#define DELIVER_MARK_MS     100
#define DELIVER_TURN_MS     5000 /* then the next endpoint has its turn */

struct courier_conf {
	const char *broker;
	const char *source;        /* of the CloudEvents */
	long connect_ms, total_ms; /* 0: 10 s and 20 s */
};

/* Who delivers: keeps connections to receivers between calls. One per process and thread. */
struct courier;

/* conf's strings must live as long. Child of mem. */
struct courier *courier_new(const struct courier_conf *conf, TALLOC_CTX *mem);

struct delivered {
	int64_t sent;   /* events answered 2xx and marked */
	int64_t passed; /* events that their endpoint does not want */
	int failed;     /* attempts that failed */
	int disabled;   /* endpoints that answered 410 */
	int lost;       /* turns that ended because somebody else took the lease */
};

/*
 * deliver_due -- work until no endpoint is due and behind, or role_stopping().
 *   counts  is added to
 *   takes   one query if nothing is due; a hanging receiver costs its time limit, then waits its
 * turn fails   ERR_RETRY, ERR_BUG of the database. A receiver's failure is no error: it stands in
 * the endpoint's row.
 */
bool deliver_due(struct db *db, struct courier *courier, struct delivered *counts, struct err *e);

/* How an endpoint is reached: the columns of endpoint_find.sql. */
struct endpoint {
	const char *name, *url, *secret_file, *ca_file;
};

/* Send one event now: sign, post. False if no whole answer came; the status is the caller's to
 * judge. */
bool deliver_one(struct answer *answer, struct sink *sink, const struct endpoint *endpoint,
		 const char *id, const char *body, struct err *e);

/* Seconds until the next attempt after `failures` (from 1) in a row; chance is 0 to 999. */
int64_t deliver_wait_s(int failures, int64_t retry_after_s, int chance);

#endif
