/*
 * bus_url.h -- the URL of a bus: nats://HOST[:PORT][,HOST[:PORT]...]/PREFIX, or tls://.
 *
 * The hosts are the nodes of one cluster. PREFIX is the beginning of every subject: one or more
 * tokens of a-z A-Z 0-9 - _, parted by full stops. No user name, password, query.
 */
#ifndef EVENTS_BUS_URL_H
#define EVENTS_BUS_URL_H

#include <stdbool.h>

#include "base/err.h"

#define BUS_HOSTS_MOST  8
#define BUS_SUBJECT_MAX 255

struct bus_host {
	char name[256]; /* of IPv6 without brackets */
	char port[6];   /* "4222" unless given */
};

struct bus_url {
	bool tls;
	int count;
	struct bus_host host[BUS_HOSTS_MOST];
	char prefix[128];
};

/* Does it begin with nats:// or tls://? Everything else is a webhook's. */
bool bus_url_is(const char *url);

/* Fails ERR_USAGE; the text never holds the URL. */
bool bus_url_parse(struct bus_url *out, const char *url, struct err *e);

/* May events be sent to it? As reach_host_check for every host. Fails ERR_USAGE. */
bool bus_url_check(const char *url, bool allow_private, struct err *e);

/* PREFIX.BROKER.TYPE, in which the full stops of the type part tokens. Fails ERR_SETUP: broker or
 * type has a byte that no token may hold, or it is too long. */
bool bus_subject(char out[BUS_SUBJECT_MAX + 1], const struct bus_url *url, const char *broker,
		 const char *type, struct err *e);

#endif
