/*
 * event.h -- what happened, as it is written to the outbox in the transaction that caused it.
 * The data is thin: ids, category, references; no names, no numbers, no health facts.
 *
 * The types are a closed table, model/event_types.def. Each has an audience: broker-facing events
 * speak of the work and of documents that nobody has released, customer-facing ones are what a
 * push service may pass on. The sequencer gives positions, events/cloudevent.c draws the envelope.
 */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include <jansson.h>
#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"
#include "model/business_case.h"

#define EVENT_DOCUMENT_ATTACHED      "document.attached"
#define EVENT_DOCUMENT_DETACHED      "document.detached"
#define EVENT_DOCUMENT_UNMATCHED     "document.unmatched"
#define EVENT_SHIPMENT_QUARANTINED   "shipment.quarantined"
#define EVENT_CONNECTION_FAILED      "connection.failed"
#define EVENT_CONNECTION_RECOVERED   "connection.recovered"
#define EVENT_CONTRACT_RENUMBERED    "contract.renumbered"
#define EVENT_QUEUE_DIGEST           "queue.digest"
#define EVENT_ENDPOINT_GAP           "endpoint.gap"
#define EVENT_ENDPOINT_TEST          "endpoint.test"
#define EVENT_DOCUMENT_RELEASED      "document.released"
#define EVENT_POLICY_ISSUED          "policy.issued"
#define EVENT_INVOICE_ISSUED         "invoice.issued"
#define EVENT_ENDORSEMENT_ISSUED     "endorsement.issued"
#define EVENT_ARREARS_NOTIFIED       "arrears.notified"
#define EVENT_CANCELLATION_CONFIRMED "cancellation.confirmed"
#define EVENT_CLAIM_DOCUMENT_ADDED   "claim.document.added"
#define EVENT_DOCUMENT_WITHDRAWN     "document.withdrawn"
#define EVENT_DOCUMENT_REASSIGNED    "document.reassigned"

enum event_audience { AUDIENCE_BROKER, AUDIENCE_CUSTOMER };

struct event_type {
	const char *name;
	enum event_audience audience;
	bool in_outbox;            /* false: only on the wire to one endpoint */
	enum business_class class; /* what it announces; CLASSES: no single one */
	int version;               /* of the schema of its data */
};

/* All of them, in the order of the table. */
extern const struct event_type event_types[];
extern const int event_type_count;

/* NULL if there is none of that name; name may be NULL. */
const struct event_type *event_type_find(const char *name);

/* A type that the outbox may hold? Filters may name no other. */
bool event_type_known(const char *name);

/* The audience of a type; what is not known is for the broker. */
enum event_audience event_audience(const char *name);

/* The type that announces a document of this class to its customer, next to document.released;
 * NULL: none does. */
const char *event_type_of_class(enum business_class class);

/*
 * event_types_array -- a filter as SQL wants it.
 *   array   "{a,b}" for text[], each type of the outbox once, in the order of the table; child of
 *           mem
 *   filter  types and the groups customer, broker, all, parted by commas: "customer,
 *           document.unmatched"; also as PostgreSQL prints a text[]: "{customer}"
 *   fails   ERR_USAGE a word that is neither, or no word at all
 */
bool event_types_array(char **array, const char *filter, TALLOC_CTX *mem, struct err *e);

/*
 * One outbox row as JSON, a new reference:
 *   {"event_id": uuid7, "type": ..., "aggregatetype": "customer"|"broker", "aggregateid": ...,
 *    "payload": data}
 * aggregateid is the ordering key: the customer where there is one, else the connection. Steals
 * data. Members that may be added: "correlationid" (event_correlate), "recordedtime" (when the
 * insurer made the document, RFC 3339).
 */
json_t *event_row(const char *type, const char *aggregatetype, const char *aggregateid,
		  json_t *data);

/* Say which shipment it all began with: "correlationid": "CONNECTION/SHIPMENT". Both are UTF-8. */
void event_correlate(json_t *row, const char *connection, const char *shipment_id);

#endif
