/*
 * gate.h -- what a session asks before it speaks to an insurer, and tells afterwards: the limits that all workers share
 * stand behind it (throttle.h). A session without a gate speaks as it likes.
 */
#ifndef INGEST_GATE_H
#define INGEST_GATE_H

#include <stdbool.h>

#include "base/err.h"

struct gate {
	void *self;
	/* Before each call, but the logout: may wait. False: not now. */
	bool (*call)(void *self, struct err *e);
	/* The insurer said 429 or 503; retry_after_s 0: no word about how long. */
	void (*busy)(void *self, int retry_after_s);
	/* Around a login, or the first call where a login is part of every call. False: refused before, or not now. */
	bool (*login_enter)(void *self, struct err *e);
	void (*login_leave)(void *self, const struct err *why); /* NULL: it went well */
};

#endif
