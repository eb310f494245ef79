/*
 * listen.h -- hints from the database: a connection that hears NOTIFY on one channel. What it hears
 * may be lost when the connection is; whoever listens looks by himself now and then as well.
 */
#ifndef STORE_LISTEN_H
#define STORE_LISTEN_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"

struct listener;

/* Child of mem, closed with it. channel is a plain identifier of ours. Errors as db_open. */
struct listener *listener_open(const char *conninfo, const char *channel, TALLOC_CTX *mem,
			       struct err *e);

/* To wait on for reading. */
int listener_fd(const struct listener *listener);

/* Take what came, without waiting; *heard: was there anything? Fails ERR_RETRY: the connection is
 * lost, open another. */
bool listener_take(bool *heard, struct listener *listener, struct err *e);

#endif
