/*
 * collapse.h -- the key under which several documents become one notice on a customer's screen.
 *
 * It is shown to push services and their providers, so it is no plain hash: customers' ids are few and could be tried
 * one after the other. The installation's own secret goes in, which never leaves the database.
 */
#ifndef EVENTS_COLLAPSE_H
#define EVENTS_COLLAPSE_H

#define COLLAPSE_KEY_SIZE 33 /* of both keys */

/*
 * 24 of the 32 characters that Web Push allows a topic, all of them URL-safe; HMAC-SHA256 of the three others under the
 * secret. The same customer, category and day (ISO date) give the same key. Writes to out[COLLAPSE_KEY_SIZE], returns
 * out.
 */
char *collapse_key(char *out, const char *secret, const char *customer, const char *category,
		   const char *day);

/*
 * What customer-facing events of one shipment have in common, for they do not say which one it is: its id is the insurer's
 * free text. Shape and secret as above.
 */
char *correlation_key(char *out, const char *secret, const char *connection, const char *shipment);

#endif
