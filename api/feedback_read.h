/*
 * feedback_read.h -- from bytes to feedback: a closed list of types, each with what its data must
 * name. Only what is named here is kept; all else in an event is passed over, so that nothing
 * personal gets in by accident.
 *
 *	notification.accepted, .failed   event_id; channel, reason
 *	reachability.gained, .lost       customer_id; channel, reason
 *	document.opened                  document_id; channel
 *	letter.arrived                   document_id, arrived_on (YYYY-MM-DD)
 *
 * channel and reason are words of [a-z0-9_.-], at most 64.
 */
#ifndef API_FEEDBACK_READ_H
#define API_FEEDBACK_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define FEEDBACK_EVENTS_MOST 500

/*
 * feedback_read -- one CloudEvent, or an array of them if batch.
 *   rows    a new reference: [{no, source, id, type, event_id, document_id, customer_id, channel,
 *           reason, arrived_on, happened_at}] for feedback_add.sql, no counted from 1
 *   now_ms  when an event without a time happened
 *   fails   ERR_DELIVERY no JSON, or not what the list above wants: names the event by its number
 */
bool feedback_read(json_t **rows, const char *body, size_t len, bool batch, int64_t now_ms,
		   struct err *e);

#endif
