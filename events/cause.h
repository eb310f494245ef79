/*
 * cause.h -- who lost the lead? Exactly one cause for each document whose letter may have been earlier than the event.
 * Pure.
 *
 * The way from the insurer to the consumer is a row of stages, each ended by a time stamp; the lead is lost in the one
 * in which the earliest arrival of the letter passed. Two things come first: who provides a document only after the day
 * on which its letter was posted has lost the lead whatever we did; and a document that nobody fetched for a failed
 * connection was not lost to the gap between two polls.
 */
#ifndef EVENTS_CAUSE_H
#define EVENTS_CAUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "events/lead.h"

enum cause {
	CAUSE_NONE,     /* not lost, or there is nothing to lose */
	CAUSE_INSURER,  /* put out after the letter was posted */
	CAUSE_POLL,     /* between two polls */
	CAUSE_OUTAGE,   /* the connection failed, or the shipment could not be fetched or read */
	CAUSE_QUEUE,    /* waited for a person */
	CAUSE_RELEASE,  /* waited for its release */
	CAUSE_CONSUMER, /* the consumer took it too late */
	CAUSES
};
const char *cause_text(enum cause cause); /* "none", "insurer", "poll gap", ... */

/* Milliseconds since 1970; 0: not known, or not there yet. */
struct way {
	int64_t provided; /* by the insurer */
	int64_t listed;   /* first seen in a list of shipments */
	int64_t stored;   /* fetched, read and committed */
	int64_t filed;    /* at a contract */
	int64_t released;
	int64_t accepted; /* by the consumer's word, else an endpoint's 2xx; not known: the event's own time counts as accepted */
	int64_t now;      /* for what is still on its way */
	int64_t poll_s; /* the connection's interval: where `provided` is not known, one before `listed` */
	bool failed; /* the connection failed between provided and listed */
};

/* When the customer's side had it: the last stamp there is if it is through, 0 if it is on its way. */
int64_t way_end(const struct way *way);

/* lead: of any event time; only its bounds are read. */
enum cause cause_of(const struct way *way, const struct lead *lead);

#endif
