/*
 * sink_nats_inside.h -- what the files of the bus share.
 *
 *	sink_nats.c        the caller's side: messages come, landings go, connections are made and ended
 *	sink_nats_line.c   one connection: its thread connects, publishes and closes
 *	sink_nats_reply.c  what the library calls back: acknowledgements, losses
 */
#ifndef EVENTS_SINK_NATS_INSIDE_H
#define EVENTS_SINK_NATS_INSIDE_H

#include <nats/nats.h>
#include <pthread.h>
#include <sys/queue.h>

#include "events/bus_url.h"
#include "events/sink_nats.h"

#define SECRET_MAX 512

/* One message under way. Threads other than the caller's use no talloc. */
struct voyage {
	TAILQ_ENTRY(voyage) link;
	uint64_t number; /* the last token of its reply subject */
	int64_t began_ms, until_ms;
	natsMsg *msg; /* until it is published */
	struct bus_landing landing;
};
TAILQ_HEAD(voyages, voyage);

/* One connection. What stands above `waiting` is set once, before its thread begins. */
struct line {
	TAILQ_ENTRY(line) link;
	struct bus *bus;
	pthread_t thread;
	char *key; /* of the settings it was made with */
	struct bus_url url;
	bool allow_private;
	char *ca_file;
	char secret[SECRET_MAX];
	char *user, *password, *token; /* within secret, or NULL */
	unsigned first;                /* host to begin with */
	char inbox[64];                /* beginning of the reply subjects */

	/* under the bus's lock: */
	struct voyages waiting, published;
	pthread_cond_t news;
	bool stop;               /* its thread is to end */
	bool lost;               /* takes nothing any more */
	bool over;               /* its thread has nothing left to do but to be joined */
	bool subscribed, closed; /* the library has yet to say so much before it is done with us */
	int64_t used_ms;
	struct err trouble;

	/* of its thread: */
	natsConnection *connection;
	natsSubscription *replies;
};
TAILQ_HEAD(lines, line);

struct bus {
	long connect_ms, ack_ms;
	int fd;
	pthread_mutex_t lock; /* of the lists */
	struct lines lines;
	struct voyages landed;
	uint64_t number;
	unsigned tries;
};

/* ---- sink_nats_line.c ---- */

/* The thread of a line; arg is the line. */
void *line_main(void *arg);

/* ---- sink_nats_reply.c; the first four under the lock ---- */

/* Wake the caller. */
void bus_tell(struct bus *bus);

/* It has landed. */
void voyage_end(struct line *line, struct voyages *from, struct voyage *voyage);

/* Everything in it has failed, for the first reason there was. */
void line_lose(struct line *line, const struct err *why);
bool line_live(const struct line *line);

/* Callbacks; arg is the line. */
void line_replied(natsConnection *connection, natsSubscription *replies, natsMsg *msg, void *arg);
void line_completed(void *arg); /* no more replies come */
void line_closed(natsConnection *connection, void *arg);
void line_errored(natsConnection *connection, natsSubscription *sub, natsStatus status, void *arg);

#endif
