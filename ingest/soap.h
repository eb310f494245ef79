/*
 * soap.h -- writes the requests of norms 410 and 430 in the dialect of a profile. Reading is
 * reader.h's.
 *
 * SOAP 1.1, document/literal. Every value is escaped: ids are opaque and may hold anything. Texts
 * may carry a password or a session and are wiped when they are freed.
 */
#ifndef INGEST_SOAP_H
#define INGEST_SOAP_H

#include <stddef.h>
#include <talloc.h>

#include "model/profile.h"

enum soap_operation {
	SOAP_LOGIN,       /* RequestSecurityToken, Issue */
	SOAP_CANCEL,      /* RequestSecurityToken, Cancel */
	SOAP_LIST,        /* listShipments */
	SOAP_GET,         /* getShipment */
	SOAP_ACKNOWLEDGE, /* acknowledgeShipment: exactly one shipment */
	SOAP_OPERATIONS
};

/* What goes into a request; NULL where the operation has no use for it. */
struct soap_values {
	enum login_kind login;           /* 0 is by user and password */
	const char *username, *password; /* LOGIN_PASSWORD: login */
	const char *certificate;         /* LOGIN_CERTIFICATE: login; base64 */
	const char *created, *expires;   /* beside it: the wsu:Timestamp */
	const char *assertion;           /* LOGIN_SAML: goes in as it is */
	const char *token;               /* LOGIN_PASSWORD, LOGIN_CERTIFICATE: all but login */
	const char *consumer_id;         /* list, get, acknowledge; may be NULL there too */
	const char *shipment_id;         /* get, acknowledge */
};

struct soap_text {
	char *text; /* NUL-ended */
	size_t len, room;
};

/* The request's envelope; child of mem, wiped when freed. Cannot fail. A login by certificate is yet to be signed
 * (trust_sign.h). */
struct soap_text *soap_request(enum soap_operation operation, const struct profile *profile,
			       const struct soap_values *values, TALLOC_CTX *mem);

/* The SOAPAction for it, without quotation marks; child of mem. */
char *soap_action(enum soap_operation operation, const struct profile *profile, TALLOC_CTX *mem);

#endif
