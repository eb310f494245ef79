/*
 * notice.h -- the events about a document: thin, ids and references only. Who hears: the lane of the customer
 * (of the contract, if it has none) where the document is or was filed, else the lane of the connection.
 */
#ifndef MATCHER_NOTICE_H
#define MATCHER_NOTICE_H

#include <jansson.h>

#include "model/delivery.h"
#include "model/event.h"

/* What an event about a document may say; members that do not apply are NULL. */
struct notice {
	const char *document_id;
	const char *connection, *shipment_id;
	const char *issuer;
	const char *category;      /* our class */
	const char *business_case; /* GeVo code as delivered */
	const char *media_type;
	const char *contract_id, *customer_id;
	bool collective;                 /* it lies at other contracts, too */
	const char *tier;                /* why it is there */
	const char *reason;              /* why it is nowhere */
	const struct document *document; /* with its transfer and shipment: */
	const struct transfer *transfer; /* when the insurer made it */
	const struct shipment *shipment;
};

/* The outbox row (model/event.h), a new reference. */
json_t *notice_row(const char *type, const struct notice *notice);

/* A JSON string of what came from outside: null for NULL, shown escaped if it is not UTF-8. */
json_t *json_outside(const char *text);

#endif
