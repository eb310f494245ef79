/*
 * shipment.h -- the way of one shipment: fetch, read, record, acknowledge, in this order and no
 * other.
 *
 *	listed ──▶ stored ──▶ acknowledged
 *	   └─────▶ quarantined            (unreadable, or its answer broke off five times)
 *
 * From stored to acknowledged it goes at once, some hours later or when a person says so (profile.h, acknowledge_mode). What
 * became of the last attempt stands beside the state (transfer.h, enum acknowledgement). Only one that went out and was not
 * answered is settled by a list that no longer shows it; whatever else is due is asked again, listed or not, so a round
 * that broke off, or a mark that was lost, costs one more call. What the insurer refuses several times waits for a person.
 */
#ifndef INGEST_SHIPMENT_H
#define INGEST_SHIPMENT_H

#include "ingest/connection.h"
#include "ingest/lease.h"
#include "ingest/poller.h"
#include "ingest/throttle.h"
#include "ingest/transfer.h"

/* One round's tools, shared by its shipments. */
struct round {
	struct poller *poller;
	struct lease *lease;
	const struct connection *connection;
	const struct profile *profile;
	struct session *session;
	struct throttle *throttle;
	struct turned_away away; /* throttle_enter */
	struct poll_counts *counts;
	int64_t acknowledge_s; /* from storing to acknowledging; -1: when a person releases it */
	char fence[24];        /* the lease's, as a value for statements */
	bool through;          /* to its end, whatever single shipments met */
	struct err trouble;    /* the first that did not end the round */
	int failed_in_row;     /* fetches that failed one after the other: the insurer is down */
	int unacknowledged_in_row;
	const char **
		put_off; /* ids not fetched or not acknowledged: their next turn is the next round */
	size_t put_off_count;
	struct json_t *marks; /* array of {id, became}: acknowledged, and not yet written down */
	int64_t marks_since_ms;
	struct schema_notes *schema; /* schema_notes.h; NULL: nothing was looked at */
};

enum shipment_state {
	SHIPMENT_LISTED,
	SHIPMENT_STORED,
	SHIPMENT_ACKNOWLEDGED,
	SHIPMENT_QUARANTINED
};

/* Put in front of a sentence where it belongs: every one that is kept or shown of a shipment begins so. */
void shipment_trouble(const char *connection, const char *id, struct err *why);

bool shipment_state_parse(enum shipment_state *state, const char *text);

/* Do what its state asks for. due: it is stored and may be acknowledged now. False ends the round: the insurer is down or refuses us, the lease or
 * the database is lost. A trouble of this shipment alone is written down and is true. */
bool shipment_work(struct round *round, const char *id, enum shipment_state state, bool due,
		   struct err *e);

/* Write down what was acknowledged and is not yet marked so: before another list is asked for, and when the round ends,
 * whatever ended it. A mark that is lost is no harm, the insurer is asked again. Not patient: one try, if the database is
 * away. */
bool shipment_marks_write(struct round *round, bool patient, struct err *e);

/* Was this one put off in this round? However many lists the round asks for, that is one attempt. */
bool round_put_off(const struct round *round, const char *id);

/* After a call failed for the waits-th time: a short Retry-After is waited out on the spot, e is cleared, and true says to
 * call again. A long one, and any other trouble, is the caller's. */
bool throttle_wait(int waits, struct err *e);

#endif
