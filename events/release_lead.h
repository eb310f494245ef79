/* release_lead.h -- inside the room: how much earlier than the letter the customer is told. */
#ifndef EVENTS_RELEASE_LEAD_H
#define EVENTS_RELEASE_LEAD_H

#include "events/attachment.h"
#include "store/db.h"

/* Give each announcement among the events its member `lead`; a correction has none. Two statements, none without
 * announcements. */
bool release_lead(struct releasing *r, struct db *db, struct err *e);

#endif
