/*
 * reach.h -- where events may be sent: the rule that webhooks and buses share.
 *
 * To the world encrypted only; to this machine and into private networks only if the endpoint
 * allows it, then without encryption to this machine, too. Link-local addresses, and so the
 * metadata services, never.
 */
#ifndef EVENTS_REACH_H
#define EVENTS_REACH_H

#include <stdbool.h>

#include "base/address.h"
#include "base/err.h"

/* May a URL name this host? Names are judged when they are looked up, but "localhost". encrypted:
 * the scheme that is ("https"). Fails ERR_USAGE. */
bool reach_host_check(const char *host, bool is_encrypted, const char *encrypted,
		      bool allow_private, struct err *e);

/* May a socket connect to such an address? */
bool reach_allowed(enum address_reach reach, bool allow_private);

#endif
