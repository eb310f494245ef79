/*
 * sink_nats.h -- events to a NATS server with JetStream, many unacknowledged at once. Only its
 * files know <nats/nats.h>.
 *
 * A message is acknowledged when its stream has stored it (with replicas: the majority has). It has
 * the header Nats-Msg-Id, by which the stream knows a repetition within its duplicate window.
 *
 * tls:// with a checked certificate. The address of every node is judged before it is connected to
 * (events/reach.h); what a cluster tells of further nodes is not used. A connection is kept until
 * it has nothing to do for BUS_IDLE_MS or fails; then all that is under way in it has failed, and
 * the next message begins with another node of the URL.
 *
 * One thread for each connection, besides those of the library; the caller's never waits.
 */
#ifndef EVENTS_SINK_NATS_H
#define EVENTS_SINK_NATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

#define BUS_CONNECT_MS 2000 /* each address */
#define BUS_ACK_MS     5000
#define BUS_IDLE_MS    60000

struct bus;

struct message { /* nothing of it needs to live on */
	const char *url;
	const char *secret_file; /* NULL: none; one line "user:password" or a token */
	const char *ca_file;     /* NULL: the system's certificates only */
	bool allow_private;
	const char *broker, *type; /* parts of the subject */
	const char *id;            /* Nats-Msg-Id */
	const char *partitionkey;  /* header ce-partitionkey; NULL, or no plain ASCII: none */
	const char *replay;        /* header vorpost-replay; NULL: none */
	const char *body;          /* a CloudEvent in JSON */
	size_t len;
};

/* What became of one message. */
struct bus_landing {
	void *tag;
	bool stored;
	bool repeated;   /* the stream had it already */
	char stream[64]; /* and where it stands there */
	uint64_t sequence;
	int64_t took_ms;
	/* if not stored: ERR_RETRY no node, login or TLS refused, no stream takes the subject, the
	 * stream is full or without a leader, no acknowledgement in time; ERR_REFUSED a name leads
	 * to an address that is not allowed. Never holds the credential. */
	struct err trouble;
};

/* Limits in milliseconds, 0 for the defaults above. Child of mem; nothing is under way any more
 * when it is freed. */
struct bus *bus_new(long connect_ms, long ack_ms, TALLOC_CTX *mem);

/* Put one message under way; the tag comes back with its landing. Fails ERR_SETUP: URL, names,
 * secret_file or ca_file cannot be used. */
bool bus_start(struct bus *bus, const struct message *message, void *tag, struct err *e);

/* The next message that is over, if there is one. */
bool bus_landed(struct bus_landing *landing, struct bus *bus);

/* Can be read from when something may have landed. */
int bus_fd(const struct bus *bus);

/* Forget every message with this tag; none of them lands. It may be stored all the same. */
void bus_drop(struct bus *bus, const void *tag);

/* Can the file log in? One line, user:password or a token. Fails ERR_SETUP. */
bool bus_secret_check(const char *path, struct err *e);

/* One message from start to end, with nothing else under way. True if it was stored; errors as in
 * the landing. */
bool bus_publish(struct bus_landing *landing, struct bus *bus, const struct message *message,
		 struct err *e);

#endif
