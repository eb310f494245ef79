/*
 * announce.h -- the data of customer-facing events: ids, categories and hints for the push service; no names, no numbers,
 * nothing about health. docs/events.md has the members.
 */
#ifndef EVENTS_ANNOUNCE_H
#define EVENTS_ANNOUNCE_H

#include <jansson.h>

#include "events/attachment.h"
#include "model/event.h"

/* How this document is announced. */
struct announcement announcement_of(const struct attachment *attachment);

/* The key of its notice, of today; child of the attachment. */
const char *announce_key(const struct releasing *r, struct attachment *attachment,
			 const struct announcement *announcement);

/* New references. The attachment has its collapse key and its time of release. */
json_t *announce_release(const struct releasing *r, const struct attachment *attachment,
			 const struct announcement *announcement);
json_t *announce_withdrawal(const struct releasing *r, const struct attachment *attachment);
json_t *announce_move(const struct releasing *r, const struct attachment *attachment,
		      const char *from_contract);

#endif
