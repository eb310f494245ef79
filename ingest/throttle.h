/*
 * throttle.h -- what all workers on all machines keep to at one insurer: when he is open, how many rounds at once he takes,
 * how many calls a minute, until when he wants to be left alone (Retry-After), and that an account that was refused once is
 * not tried again. All of it are rows of the database, and go by its clock.
 *
 * Rounds at once begin with two and go by additive increase, multiplicative decrease between one and the profile's
 * `parallel`: a good round of ten calls adds one, a 429 or 503 halves.
 */
#ifndef INGEST_THROTTLE_H
#define INGEST_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/connection.h"
#include "ingest/gate.h"
#include "ingest/lease.h"
#include "ingest/poller.h"

#define THROTTLE_LOOK_MS 500 /* how late a worker may learn that another one was told to wait */
#define THROTTLE_WAIT_S  10  /* a shorter Retry-After is waited out on the spot */

struct throttle;

/* Why a round does not begin. */
struct turned_away {
	bool yes;
	int64_t due_s; /* seconds until it makes sense to try again; -1: whenever somebody else is done */
};

/*
 * Child of mem, which must not outlive the poller and the lease. NULL with away->yes and ERR_RETRY: not now, and nothing
 * was asked; the lease is to be given back by lease_return. Else fails as poller_sql. e may not be NULL.
 */
struct throttle *throttle_enter(struct turned_away *away, struct poller *poller,
				struct lease *lease, const struct connection *connection,
				const struct profile *profile, TALLOC_CTX *mem, struct err *e);

/* For the session of this round. Valid as long as the throttle. */
const struct gate *throttle_gate(struct throttle *throttle);

/* Is the window closed that the round began in? */
bool throttle_closed(const struct throttle *throttle);

/* The round went through, or not. The slot is free again. What fails here is no trouble of the round. */
void throttle_leave(struct throttle *throttle, const struct err *why);

#endif
