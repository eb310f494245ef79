/*
 * event.h -- what happened, as it is written to the outbox in the transaction that caused it.
 * The data is thin: ids, category, references; no names, no numbers, no health facts.
 */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include <jansson.h>

/* The type names; the sequencer gives positions, events/cloudevent.c draws the envelope. */
#define EVENT_DOCUMENT_ATTACHED  "document.attached"
#define EVENT_DOCUMENT_UNMATCHED "document.unmatched"
#define EVENT_DOCUMENT_WITHDRAWN "document.withdrawn"
#define EVENT_DOCUMENT_REASSIGNED                                                                  \
	"document.reassigned" /* reserved: withdrawn and attached say it today */
#define EVENT_SHIPMENT_QUARANTINED "shipment.quarantined"
#define EVENT_CONNECTION_FAILED    "connection.failed"
#define EVENT_CONNECTION_RECOVERED "connection.recovered"

/*
 * One outbox row as JSON, a new reference:
 *   {"event_id": uuid7, "type": ..., "aggregatetype": "customer"|"broker", "aggregateid": ...,
 * "payload": data} aggregateid is the ordering key: the customer where there is one, else the
 * connection. Steals data.
 */
json_t *event_row(const char *type, const char *aggregatetype, const char *aggregateid,
		  json_t *data);

#endif
