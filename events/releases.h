/*
 * releases.h -- inside the room: attachments between the database and the working set. Everything here runs under the lock of
 * the sequencer.
 */
#ifndef EVENTS_RELEASES_H
#define EVENTS_RELEASES_H

#include "events/attachment.h"
#include "store/db.h"

/* Take the sequencer's turn within an open transaction. */
bool releases_lock(struct db *db, const char *broker, TALLOC_CTX *mem, struct err *e);

/* The columns of release_load.sql into the working set, and its notices back to what they were. Fails ERR_BUG if what
 * is stored cannot be read. */
bool releases_read(struct releasing *r, const struct rows *rows, struct err *e);

/* What changed, and the events with their leads: three statements, one without announcements, none if nothing changed. wrote: events. */
bool releases_write(struct releasing *r, struct db *db, int *wrote, struct err *e);

#endif
