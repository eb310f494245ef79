/*
 * cloudevent.h -- an outbox row as a CloudEvents 1.0 event in the JSON format.
 *
 * The types are the plain names of model/event.h. The specification recommends a reverse-DNS prefix
 *to tell organisations apart; `source` does that here, and names the installation.
 *
 *	specversion "1.0"        id            uuid7 of the outbox row, for ever the same
 *	source      of the configuration       type          "document.attached"
 *	subject     document id, else aggregateid
 *	time        when it was written        partitionkey  aggregateid: what order is kept for
 *	sequence    position, 20 digits        datacontenttype "application/json"
 *	customersequence  number within the customer-facing events of its customer, 20 digits
 *	correlationid     CONNECTION/SHIPMENT  causationid   id of the event it follows from
 *	recordedtime      when the insurer made the document
 *	dataschema  "urn:vorpost:schema:TYPE:1", the schema of data; absent for an unknown type
 *	data        the payload
 */
#ifndef EVENTS_CLOUDEVENT_H
#define EVENTS_CLOUDEVENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "store/db.h"

#define CLOUDEVENT_MEDIA_TYPE "application/cloudevents+json"
#define CLOUDEVENT_BATCH_TYPE "application/cloudevents-batch+json"

/* One row of the outbox, text as PostgreSQL gives it. */
struct outbox_event {
	int64_t position; /* 0: none, the event has no sequence */
	const char *id;
	const char *type;
	const char *aggregatetype;
	const char *aggregateid;
	const char *occurred;      /* RFC 3339, UTC */
	const char *payload;       /* JSON */
	int64_t customersequence;  /* 0: none */
	const char *correlationid; /* this and the next two may be NULL */
	const char *causationid;
	const char *recorded; /* RFC 3339, UTC */
};

/* Of a result with the columns of event_after.sql; borrows from rows. */
struct outbox_event outbox_event(const struct rows *rows, int row);

/* A new reference, NULL on error. Fails ERR_BUG if the payload is no JSON object. */
json_t *cloudevent(const struct outbox_event *event, const char *source, struct err *e);

/* Structured mode: one event as a JSON object in one line; child of mem. Always the same bytes for
 * the same row. */
char *cloudevent_text(const struct outbox_event *event, const char *source, TALLOC_CTX *mem,
		      struct err *e);

/* Batched mode: all rows as one JSON array; child of mem. */
char *cloudevent_batch_text(const struct rows *rows, const char *source, TALLOC_CTX *mem,
			    struct err *e);

#endif
