/*
 * upkeep.h -- what the events role does besides, now and then: make and drop weeks of the outbox, tell once a day what
 * waits, and keep the order of the queue.
 */
#ifndef CMD_UPKEEP_H
#define CMD_UPKEEP_H

#include <stdint.h>

#include "cmd/app.h"

struct upkeep {
	int64_t weeks_ms, digest_ms, places_ms, places_all_ms; /* when next, monotonic; 0: now */
};

/* Do what is due; costs nothing if nothing is. What fails is logged and tried again in time. */
void upkeep_do(struct upkeep *upkeep, const struct app *app, struct db *db);

#endif
